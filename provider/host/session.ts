import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { z } from "zod";
import { type Call, type CallResult, isAssignment, type Select } from "../calls";
import { moduleOf } from "../cmdlets.generated";
import { maskIn, secretsIn, Unsaid } from "../secrets";
import { fromLine, type Plain, readable, toLine } from "./clixml";
import { ConnectError, ConnectionLostError, UnreachableError } from "./errors";
import type { RunOptions } from "./host";

/** A PowerShell that was started somewhere, waiting for the agent's text. */
export interface Channel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when it is over, with the reason as a person would say it: "ended with exit code 1". */
  readonly ended: Promise<string>;
  /** Whether it is over because the way to the host was lost; where there is none it cannot be. */
  isCutOff?(): boolean;
  /** Ends it, whatever it is doing. */
  kill(): void;
}

/** Starts PowerShells on one host. */
export interface Transport {
  readonly address: string;
  open(): Promise<Channel>;
  close(): Promise<void>;
}

/** The smallest script that can load the agent: its text and its settings are the first line on standard input. */
const bootstrap =
  "$s=[Console]::In.ReadLine().Split(' ');" +
  ".([ScriptBlock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($s[0])))) $s[1]";

/** What PowerShell is started with: short, as about 1.3 kB of a command is what Windows OpenSSH kept whole (hyper-v.md 8.2). */
export const startArguments: readonly string[] = [
  ..."-NoLogo -NoProfile -NonInteractive -InputFormat None -ExecutionPolicy Bypass -EncodedCommand".split(" "),
  Buffer.from(bootstrap, "utf16le").toString("base64"),
];

const recordedError = z.object({
  id: z.string(),
  category: z.string(),
  exception: z.string(),
  message: z.string(),
  hresult: z.number().optional(),
  hresults: z.array(z.number()).optional(),
  target: z.string().transform((text) => text || undefined),
});

const helloBody = z.object({
  version: z.string(),
  edition: z.string().nullable(),
  system: z.string(),
  culture: z.string(),
  computer: z.string(),
  user: z.string(),
  process: z.object({ id: z.number(), started: z.string() }),
  /** Null where there is no Windows to ask. */
  rights: z.object({ administrator: z.boolean(), hyperVAdministrator: z.boolean() }).nullable(),
  modules: z.record(z.string(), z.union([z.object({ version: z.string() }), z.object({ error: recordedError })])),
  cluster: z
    .union([z.object({ name: z.string(), node: z.string() }), z.object({ error: recordedError })])
    .nullable()
    .catch(null),
});

const callBody = z.object({
  batch: z.number(),
  call: z.number(),
  values: z.array(z.unknown()),
  warnings: z.array(z.string()),
  error: recordedError.nullable(),
  milliseconds: z.number(),
});

/** What the host says of itself when a session begins. */
export type Hello = z.output<typeof helloBody>;

export interface SessionOptions {
  address: string;
  /** Seconds until PowerShell must be ready. A cold machine took 30 (hyper-v.md 8.1). */
  startSeconds: number;
  /** Lines that are no answers: a profile's greeting, Write-Host, what a dying process says. */
  onNoise?: (line: string) => void;
  /** Processes of sessions that were lost: this one begins when what they still do is over. */
  predecessors?: readonly Hello["process"][];
  /** Cmdlets that it may run, with their modules; those that the resources use if not given. */
  cmdlets?: Readonly<Record<string, string>>;
  /** Of all that was asked of the host so far: what is said beside the answers can come late. Its own if not given. */
  unsaid?: Unsaid;
  /** Later requests see the results of earlier ones. */
  keepsResults?: boolean;
}

interface Request {
  id: number;
  batches: readonly (readonly Call[])[];
  results: CallResult[][];
  done: () => void;
  fail: (error: Error) => void;
}

/** One PowerShell with the agent in it: takes one request at a time, until it ends or is ended. */
export class Session {
  hello!: Hello;
  /** The reason, once it is over. */
  over: string | undefined;
  /** Whether it is over by our wish, with nothing under way. */
  private closing = false;
  private readonly token = randomBytes(6).toString("hex");
  private readonly noise: string[] = [];
  private readonly unsaid: Unsaid;
  private requests = 0;
  private open: Request | undefined;
  private greeted: { resolve: (hello: Hello) => void; reject: (error: Error) => void } | undefined;

  private constructor(
    private readonly channel: Channel,
    private readonly options: SessionOptions,
  ) {
    this.unsaid = options.unsaid ?? new Unsaid();
    for (const stream of [channel.stdin, channel.stdout, channel.stderr]) stream.on("error", () => {}); // its end says more
    const frames = new Lines((line) => this.hear(line));
    channel.stdout.on("data", (chunk: Buffer) => frames.push(chunk));
    const complaints = new Lines((line) => this.hearNoise(readable(line)));
    channel.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
    void channel.ended.then((reason) => {
      complaints.flush();
      frames.flush();
      this.end(reason);
    });
  }

  /** Loads the agent into a PowerShell that was just started. */
  static async start(channel: Channel, options: SessionOptions): Promise<Session> {
    const session = new Session(channel, options);
    session.hello = await session.greet();
    return session;
  }

  /** Whether its process may be at something still. */
  get lost(): boolean {
    return this.over !== undefined && !this.closing;
  }

  /** Resolves when the session is over. */
  get ended(): Promise<string> {
    return this.channel.ended;
  }

  /**
   * Runs batches in order, each until its first error. A batch that may have reached the host is never sent again: what it
   * did must be looked at.
   */
  async run(batches: readonly (readonly Call[])[], options: RunOptions = {}): Promise<CallResult[][]> {
    if (this.over !== undefined) throw this.unreachable(`PowerShell on it ${this.over}`, false);
    const secrets = secretsIn(batches);
    this.unsaid.add(batches, options.hidden);
    const id = ++this.requests;
    const results = await new Promise<CallResult[][]>((resolve, reject) => {
      const request: Request = {
        id,
        batches,
        results: batches.map(() => []),
        done: () => resolve(request.results),
        fail: reject,
      };
      this.open = request;
      const { timeoutSeconds, signal } = options;
      const giveUp = (why: string) => {
        reject(this.unreachable(why, true));
        this.kill();
      };
      const deadline =
        timeoutSeconds === undefined
          ? undefined
          : setTimeout(
              () => giveUp(`no answer within ${timeoutSeconds} seconds, so its session was ended`),
              timeoutSeconds * 1000,
            );
      const abort = () => giveUp("the work was called off, and its session ended");
      signal?.addEventListener("abort", abort, { once: true });
      const settle =
        <Rest extends unknown[]>(then: (...rest: Rest) => void) =>
        (...rest: Rest) => {
          clearTimeout(deadline);
          signal?.removeEventListener("abort", abort);
          then(...rest);
        };
      request.done = settle(request.done);
      request.fail = settle(request.fail);
      this.channel.stdin.write(`${toLine({ id, batches: batches.map((calls) => calls.map(toPlain)) })}\n`);
    }).finally(() => {
      this.open = undefined;
    });
    return secrets.length === 0 ? results : maskIn(results, secrets);
  }

  /** Lets it end by itself, and ends it if it does not. */
  async close(): Promise<void> {
    if (this.over !== undefined) return;
    this.closing = true;
    this.channel.stdin.write("last\n"); // with its end nothing more could be said to it
    const patience = setTimeout(() => this.kill(), 1500);
    await this.channel.ended;
    clearTimeout(patience);
  }

  kill(): void {
    this.end("was ended");
    this.channel.stdin.write("end\n"); // where it is not ours to kill, it ends itself
    this.channel.kill();
  }

  private greet(): Promise<Hello> {
    const { startSeconds } = this.options;
    return new Promise<Hello>((resolve, reject) => {
      const deadline = setTimeout(() => {
        reject(this.notStarted(`was not ready within ${startSeconds} seconds`));
        this.kill();
      }, startSeconds * 1000);
      this.greeted = {
        resolve: (hello) => {
          clearTimeout(deadline);
          resolve(hello);
        },
        reject: (error) => {
          clearTimeout(deadline);
          reject(error);
        },
      };
      const settings = {
        token: this.token,
        cmdlets: this.options.cmdlets ?? moduleOf,
        keepsResults: this.options.keepsResults ?? false,
        predecessors: this.options.predecessors ?? [],
      };
      this.channel.stdin.write(`${agent().toString("base64")} ${toLine(settings)}\n`);
    });
  }

  private hear(line: string): void {
    const [mark, token, id, kind, body] = line.split(" ");
    if (mark !== "#hv" || token !== this.token || body === undefined) {
      this.hearNoise(line);
      return;
    }
    try {
      this.answer(Number(id), kind ?? "", fromLine(body, this.token));
    } catch (error) {
      this.end(`was ended, as its answer cannot be read (${String(error)})`);
      this.channel.kill();
    }
  }

  private answer(id: number, kind: string, body: unknown): void {
    if (kind === "hello") {
      this.greeted?.resolve(helloBody.parse(body));
      return;
    }
    const request = this.open;
    if (!request || (request.id !== id && kind !== "failed")) return; // of a request that was given up
    if (kind === "call") {
      const { batch, call, error, ...result } = callBody.parse(body);
      const [results, asked] = [request.results[batch], request.batches[batch]?.[call]];
      if (results?.length !== call || !asked) throw new Error(`call ${call} of batch ${batch} out of turn`);
      const select = isAssignment(asked) ? undefined : asked.select;
      const values = select ? this.rows(select, result.values) : result.values;
      results.push({ ...result, values, ...(error && { error }) });
    } else if (kind === "end") this.finish(request);
    else if (kind === "failed")
      request.fail(this.unreachable(`its agent failed: ${this.unsaid.mask(recordedError.parse(body).message)}`, true));
  }

  /** A close lets the call under way end, and none begin: of the others nobody is told that they were made. */
  private finish({ batches, results, done, fail }: Request): void {
    const isWhole = batches.every((calls, batch) => {
      const answered = results[batch] ?? [];
      return answered.length === calls.length || answered.at(-1)?.error !== undefined;
    });
    if (isWhole) done();
    else fail(this.unreachable("PowerShell on it was closed before it had answered", true));
  }

  /** The values of columns: what each of them is, then what is selected of all objects among them. */
  private rows(select: Select, [kinds = [], ...columns]: readonly unknown[]): unknown[] {
    const properties = Object.entries(select).map(([name, below], at): [string, unknown[]] => {
      const column = (columns[at] ?? []) as unknown[];
      return [name, below ? this.rows(below, column) : column];
    });
    const left = (kinds as unknown[])[Symbol.iterator]();
    let row = 0;
    const next = (kind: unknown): unknown => {
      if (kind === this.token) {
        const at = row++;
        return Object.fromEntries(properties.map(([name, column]) => [name, column[at]]));
      }
      if (typeof kind !== "string" || !kind.startsWith(`${this.token} `)) return kind;
      return Array.from({ length: Number(kind.slice(this.token.length)) }, () => next(left.next().value));
    };
    const values: unknown[] = [];
    for (const kind of left) values.push(next(kind));
    for (const [name, column] of properties)
      if (column.length !== row) throw new Error(`${column.length} values of ${name} for ${row} objects`);
    return values;
  }

  private hearNoise(line: string): void {
    if (line.trim() === "") return;
    this.noise.push(line.slice(0, 5000));
    if (this.noise.length > 3) this.noise.shift();
    this.options.onNoise?.(this.unsaid.mask(line));
  }

  private end(reason: string): void {
    if (this.over !== undefined) return;
    this.over = reason;
    this.open?.fail(this.unreachable(`PowerShell on it ${reason} before it had answered`, true));
    this.greeted?.reject(this.notStarted(reason));
  }

  private unreachable(reason: string, delivered: boolean): UnreachableError {
    return new UnreachableError(`${reason}${this.lastWords()}`, { address: this.options.address, delivered });
  }

  private notStarted(reason: string): ConnectError {
    const { address } = this.options;
    const message = `PowerShell ${reason}${this.lastWords()}`;
    return this.channel.isCutOff?.()
      ? new ConnectionLostError(message, { address, step: "port" })
      : new ConnectError(message, { address, step: "PowerShell" });
  }

  /** What a process said before it ended is often why; shown, and never looked into. */
  private lastWords(): string {
    const said = this.noise.map((line) => this.unsaid.mask(line).slice(0, 500));
    return said.length === 0 ? "" : `; it said: ${said.join(" / ")}`;
  }
}

/** Bytes to lines. A line may come in thousands of pieces, which are joined once. */
class Lines {
  private readonly pieces: Buffer[] = [];

  constructor(private readonly hear: (line: string) => void) {}

  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.pieces.push(chunk.subarray(from, end));
      this.flush();
      from = end + 1;
    }
    if (from < chunk.length) this.pieces.push(chunk.subarray(from));
  }

  /** What came without a line's end. */
  flush(): void {
    const line = Buffer.concat(this.pieces.splice(0)).toString().trimEnd();
    if (line !== "") this.hear(line);
  }
}

/** A call without what is not given; the agent goes by whether `select` is there. */
function toPlain(call: Call): Plain {
  if (isAssignment(call)) return { assign: call.assign, target: { ...call.target }, value: call.value as Plain };
  const { cmdlet, parameters = {}, select, as } = call;
  return { cmdlet, parameters: parameters as Plain, select: select && inOrder(select), as };
}

/** PowerShell's tables have an order of their own, in each process another one. */
function inOrder(select: Select): Plain {
  return Object.entries(select).map(([name, below]) => [name, below && inOrder(below)]);
}

let text: Buffer | undefined;

function agent(): Buffer {
  text ??= readFileSync(join(__dirname, "agent.ps1"));
  return text;
}
