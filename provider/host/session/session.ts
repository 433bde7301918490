import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Call, CallResult } from "../../calls";
import { moduleOf } from "../../calls/cmdlets.generated";
import { maskIn, secretsIn, Unsaid } from "../../text/secrets";
import { shown } from "../../text/shown";
import { ConnectError, ConnectionLostError, textOf, UnreachableError } from "../errors";
import type { RunOptions } from "../host";
import { agent } from "./agent";
import { checkRequest, countOf, most, sizeOf, TooMuchError } from "./bounds";
import { fromLine, readable, toLine } from "./clixml";
import { callBody, type Hello, helloBody, recordedError } from "./frames";
import { Lines, textIn } from "./lines";
import { Request } from "./request";
import type { Channel } from "./transport";

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
    const request = new Request({ id: ++this.requests, batches, token: this.token });
    // what cannot be written is never sent
    const line = `${request.line()}\n`;
    this.open = request;
    this.goesOn();
    request.limit(options, (why) => {
      request.fail(this.unreachable(why, true));
      this.kill();
    });
    const results = await this.ask(request, line);
    return secrets.length === 0 ? results : maskIn(results, secrets);
  }

  private async ask(request: Request, line: string): Promise<CallResult[][]> {
    try {
      this.channel.stdin.write(line);
      return await request.answered;
    } finally {
      this.open = undefined;
    }
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
      request.take(callBody.parse(body));
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
  private finish(request: Request): void {
    if (request.isWhole) request.done();
    else request.fail(this.unreachable("PowerShell on it was closed before it had answered", true));
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
