import { PassThrough } from "node:stream";
import { deflateRawSync } from "node:zlib";
import { fromClixml, type Plain, toClixml } from "../../provider/host/session/clixml";
import type { Channel, Transport } from "../../provider/host/session/transport";

/** What the agent would be asked. */
export interface Asked {
  id: number;
  batches: { cmdlet: string; parameters: Record<string, unknown>; select?: unknown }[][];
}

/** A PowerShell that is played in this process, without an engine: says whatever a host could send. */
export class PlayedSession {
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  killed = false;
  token = "";
  private over: (reason: string) => void = () => {};

  constructor(private readonly play: Required<Play>) {}

  /** What an answer's line has in front of its body. */
  heading(id: number, kind: string): string {
    return `#hv ${this.token} ${id} ${kind} `;
  }

  /** The line of an answer, with any CLIXML. */
  line(id: number, kind: string, clixml: string): string {
    return `${this.heading(id, kind)}${deflateRawSync(clixml, { level: 1 }).toString("base64")}\n`;
  }

  send(id: number, kind: string, body: Plain): void {
    this.stdout.write(this.line(id, kind, toClixml(body)));
  }

  /** Answers each call with the values, which must be as the agent gives them. */
  answer({ id, batches }: Asked, values: (token: string) => Plain = () => []): void {
    batches.forEach((calls, batch) => {
      calls.forEach((_call, call) => {
        this.send(id, "call", callBody({ batch, call, values: values(this.token) }));
      });
    });
    this.send(id, "end", {});
  }

  /** Its process is over. */
  ends(reason: string): void {
    this.over(reason);
  }

  get channel(): Channel {
    const stdin = new PassThrough();
    const ended = new Promise<string>((resolve) => {
      this.over = resolve;
    });
    let rest = "";
    stdin.on("data", (chunk: Buffer) => {
      rest += chunk.toString();
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.hear(line);
    });
    const kill = () => {
      this.killed = true;
      this.over("was ended by SIGKILL");
    };
    return { stdin, stdout: this.stdout, stderr: this.stderr, ended, kill };
  }

  private hear(line: string): void {
    const [, settings] = line.split(" ");
    if (line === "end" || line === "last") this.over("ended with exit code 0");
    else if (settings !== undefined) {
      this.token = (clixmlIn(settings) as { token: string }).token;
      this.play.greets(this);
    } else this.play.asked(this, clixmlIn(line) as Asked);
  }
}

export interface Play {
  greets?: (session: PlayedSession) => void;
  asked?: (session: PlayedSession, asked: Asked) => void;
}

/** A host of such sessions. */
export class PlayedHost implements Transport {
  readonly address = "HV01";
  readonly sessions: PlayedSession[] = [];
  play: Play = {};

  async open(): Promise<Channel> {
    const session = new PlayedSession({
      greets: (one) => (this.play.greets ?? greets)(one),
      asked: (one, asked) => (this.play.asked ?? answers)(one, asked),
    });
    this.sessions.push(session);
    return session.channel;
  }

  async close(): Promise<void> {}
}

export const hello = {
  ...{ version: "5.1", edition: "Desktop", system: "10", culture: "de-DE", computer: "HV01", user: "a" },
  process: { id: 1, started: "2024-05-06T07:08:09Z" },
  ...{ rights: null, modules: { "Hyper-V": { version: "2.0.0.0" } }, cluster: null },
};

export const greets = (session: PlayedSession) => session.send(0, "hello", hello);
const answers = (session: PlayedSession, asked: Asked) => session.answer(asked);

export function callBody(of: { [key: string]: Plain }): Plain {
  return { batch: 0, call: 0, values: [], warnings: [], error: null, milliseconds: 1, ...of };
}

function clixmlIn(line: string): unknown {
  return fromClixml(Buffer.from(line, "base64").toString());
}
