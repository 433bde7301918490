import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { z } from "zod";
import { type Call, type CallResult, isAssignment, type Select } from "../../calls";
import { moduleOf } from "../../calls/cmdlets.generated";
import { maskIn, secretsIn, Unsaid } from "../../text/secrets";
import { shown } from "../../text/shown";
import { ConnectError, ConnectionLostError, textOf, UnreachableError } from "../errors";
import type { RunOptions } from "../host";
import { checkRequest, countOf, most, sizeOf, type Taken, TooMuchError } from "./bounds";
import { fromLine, type Plain, readable, toLine } from "./clixml";

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

/** Lists are checked as a whole: each element that does not fit would be a problem of its own. */
const listOf = <T>(is: (item: unknown) => item is T) =>
  z.custom<T[]>((value) => Array.isArray(value) && value.length <= most.entries && value.every(is), "is no such list");

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number";

const recordedError = z.object({
  id: z.string(),
  category: z.string(),
  exception: z.string(),
  message: z.string(),
  hresult: z.number().optional(),
  hresults: listOf(isNumber).optional(),
  target: z.string().transform((text) => text || undefined),
});

const name = z.string().max(most.nameLength);

const helloBody = z.object({
  version: name,
  edition: name.nullable(),
  system: name,
  culture: name,
  computer: name,
  user: name,
  process: z.object({ id: z.number(), started: name }),
  /** Null where there is no Windows to ask. */
  rights: z.object({ administrator: z.boolean(), hyperVAdministrator: z.boolean() }).nullable(),
  modules: z
    .custom<object>((value) => Object.keys(Object(value)).length <= most.entries, "are too many")
    .pipe(z.record(z.string(), z.union([z.object({ version: name }), z.object({ error: recordedError })]))),
  cluster: z
    .union([z.object({ name: name, node: name }), z.object({ error: recordedError })])
    .nullable()
    .catch(null),
});

const callBody = z.object({
  batch: z.number(),
  call: z.number(),
  values: z.array(z.unknown()),
  warnings: listOf(isText),
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
  taken: Taken;
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
  /** Bytes, and lines that are none, since the last answer. */
  private readonly unanswered = { bytes: 0, lines: 0 };
  /** Whether nothing is heard any more, as what came was too much or no answer. */
  private deaf = false;
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
    channel.stdout.on("data", (chunk: Buffer) => this.take(frames, chunk));
    const complaints = new Lines((line) => this.hearNoise(readable(textIn(line))));
    channel.stderr.on("data", (chunk: Buffer) => this.take(complaints, chunk));
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
        taken: { bytes: 0, values: 0 },
        done: () => resolve(request.results),
        fail: reject,
      };
      this.open = request;
      this.goesOn();
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

  /** Only counts: what is too much is not kept. */
  private take(lines: Lines, chunk: Buffer): void {
    if (this.deaf) return;
    this.unanswered.bytes += chunk.length;
    const size = sizeOf(most.bytesPerAnswer);
    if (this.unanswered.bytes <= most.bytesPerAnswer) lines.push(chunk);
    else if (lines.waiting > most.bytesPerAnswer / 2) this.breakOff(`more than ${size} in a line without an end`);
    else this.breakOff(`more than ${size} that are no answer`);
  }

  private hear(line: Buffer): void {
    if (this.deaf) return;
    const [mark, token, id, kind = "", body] = line.indexOf("#hv ") === 0 ? line.toString().split(" ", 5) : [];
    if (mark === undefined || token !== this.token || body === undefined) this.hearNoise(textIn(line));
    // unread, as nobody asks for it: of a request that was given up
    else if (!this.isAwaited(Number(id), kind)) this.countNoise();
    else this.hearAnswer(kind, body);
  }

  private hearAnswer(kind: string, body: string): void {
    try {
      const taken = this.open?.taken ?? { bytes: 0, values: 0 };
      const said = fromLine(body, this.token, taken);
      checkRequest(taken);
      this.answer(kind, said);
      this.goesOn();
    } catch (error) {
      this.breakOff(error);
    }
  }

  private isAwaited(id: number, kind: string): boolean {
    if (kind === "hello") return this.greeted !== undefined;
    return (
      this.open !== undefined && (kind === "failed" || (this.open.id === id && (kind === "call" || kind === "end")))
    );
  }

  /** An answer came, or may come anew. */
  private goesOn(): void {
    this.unanswered.bytes = 0;
    this.unanswered.lines = 0;
  }

  private answer(kind: string, body: unknown): void {
    if (kind === "hello") {
      const hello = helloBody.parse(body);
      this.greeted?.resolve(hello);
      this.greeted = undefined;
      return;
    }
    const request = this.open;
    if (!request) return;
    if (kind === "call") {
      const { batch, call, error, ...result } = callBody.parse(body);
      const [results, asked] = [request.results[batch], request.batches[batch]?.[call]];
      if (results?.length !== call || !asked || results.at(-1)?.error)
        throw new Error(`call ${call} of batch ${batch} out of turn`);
      const select = isAssignment(asked) ? undefined : asked.select;
      const values = select ? this.rows(select, result.values) : result.values;
      results.push({ ...result, values, ...(error && { error }) });
      return;
    }
    // no longer open at once: what follows in the same bytes is of nobody's
    this.open = undefined;
    if (kind === "end") this.finish(request);
    else request.fail(this.unreachable(`its agent failed: ${this.failureIn(body)}`, true));
  }

  private failureIn(body: unknown): string {
    const record = recordedError.safeParse(body);
    return record.success ? this.unsaid.mask(record.data.message) : "it did not say why";
  }

  /** What came cannot be taken in: whoever waits is told, and the session is over. */
  private breakOff(why: unknown): void {
    this.deaf = true;
    const sent = typeof why === "string" ? why : why instanceof TooMuchError ? why.message : undefined;
    this.end(
      sent === undefined
        ? `was ended, as its answer cannot be read (${faultIn(why)})`
        : `was ended, as it sent ${sent}`,
    );
    this.kill();
    // what goes on sending in spite of it is not read
    for (const stream of [this.channel.stdout, this.channel.stderr]) stream.destroy();
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
    if (!Array.isArray(kinds)) throw new Error("values without kinds");
    const properties = Object.entries(select).map(([name, below], at): [string, unknown[]] => {
      const column = columns[at] ?? [];
      if (!Array.isArray(column)) throw new Error(`values of ${name} that are no list`);
      return [name, below ? this.rows(below, column) : column];
    });
    let [at, row] = [0, 0];
    const next = (depth: number): unknown => {
      if (at >= kinds.length) throw new Error("a list that lacks values");
      const kind: unknown = kinds[at++];
      if (kind === this.token) {
        const index = row++;
        return Object.fromEntries(properties.map(([name, column]) => [name, column[index]]));
      }
      if (typeof kind !== "string" || !kind.startsWith(`${this.token} `)) return kind;
      const count = Number(kind.slice(this.token.length));
      // before anything is made of it
      if (!Number.isInteger(count) || count < 0 || count > kinds.length - at)
        throw new Error(`a list of ${count} values where ${kinds.length - at} follow`);
      if (depth > most.levels) throw new TooMuchError(`values more than ${most.levels} deep`);
      return Array.from({ length: count }, () => next(depth + 1));
    };
    const values: unknown[] = [];
    while (at < kinds.length) values.push(next(1));
    for (const [name, column] of properties)
      if (column.length !== row) throw new Error(`${column.length} values of ${name} for ${row} objects`);
    return values;
  }

  private hearNoise(line: string): void {
    if (line.trim() === "" || this.deaf) return;
    this.noise.push(line.slice(0, 5000));
    if (this.noise.length > 3) this.noise.shift();
    this.options.onNoise?.(shown(this.unsaid.mask(line)));
    this.countNoise();
  }

  private countNoise(): void {
    this.unanswered.lines += 1;
    if (this.unanswered.lines > most.noiseLines)
      this.breakOff(`more than ${countOf(most.noiseLines)} lines that are no answer`);
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
    const said = this.noise.map((line) => shown(this.unsaid.mask(line), 500));
    return said.length === 0 ? "" : `; it said: ${said.join(" / ")}`;
  }
}

/** Why an answer cannot be read, as one sentence. */
function faultIn(error: unknown): string {
  if (!(error instanceof z.ZodError)) return textOf(error);
  const [issue] = error.issues;
  return issue ? `${issue.path.join(".") || "it"}: ${issue.message}` : "it does not fit";
}

/** As much of a line as anybody looks at; in a copy, so that the rest can go. */
function textIn(line: Buffer): string {
  return line.subarray(0, most.noiseBytes).toString();
}

/** Bytes to lines. A line may come in thousands of pieces, which are joined once. */
class Lines {
  private readonly pieces: Buffer[] = [];
  /** Bytes of the line that has not ended. */
  waiting = 0;
  /** From which on pieces are small ones. */
  private joined = 0;

  constructor(private readonly hear: (line: Buffer) => void) {}

  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      if (end > from || this.waiting > 0) {
        this.keep(chunk.subarray(from, end));
        this.flush();
      }
      from = end + 1;
    }
    if (from < chunk.length) this.keep(chunk.subarray(from));
  }

  /** What came without a line's end. */
  flush(): void {
    const [only] = this.pieces;
    const line = only && this.pieces.length === 1 ? only : Buffer.concat(this.pieces);
    this.pieces.length = 0;
    this.waiting = 0;
    this.joined = 0;
    const end = lengthOf(line);
    if (end > 0) this.hear(line.subarray(0, end));
  }

  private keep(piece: Buffer): void {
    this.pieces.push(piece);
    this.waiting += piece.length;
    // a piece of one byte costs a hundred: a thousand of them become one
    if (this.pieces.length - this.joined < 1024) return;
    this.pieces.push(Buffer.concat(this.pieces.splice(this.joined)));
    this.joined += 1;
  }
}

/** Without the white space at its end: a carriage return, in front of what a line is ended with on Windows. */
function lengthOf(line: Buffer): number {
  let end = line.length;
  while (end > 0 && (line[end - 1] ?? 0) <= 32) end -= 1;
  return end;
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
