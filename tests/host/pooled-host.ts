import { Writable } from "node:stream";
import type { Call } from "../../provider/calls";
import { LocalTransport } from "../../provider/host/local/local";
import { HostPool, type PoolOptions } from "../../provider/host/pool/pool";
import { fromLine } from "../../provider/host/session/clixml";
import type { Hello } from "../../provider/host/session/frames";
import type { Channel, Transport } from "../../provider/host/session/transport";
import { powershell } from "../powershell";
import { call } from "./call";
import { Lab } from "./lab";

/** Pools over sessions with a simulated host; opened and closed by the suite that is described. */
export class PooledHost {
  lab!: Lab;
  /** Stands in for the simulator in the test that sets it. */
  answer: ((call: { cmdlet: string; parameters: Record<string, unknown> }) => Promise<object> | undefined) | undefined;
  private pools: HostPool[] = [];

  constructor() {
    const host = this;
    before(async function () {
      if (powershell === undefined) return this.skip();
      host.lab = await Lab.open({
        intercept: (call) => (call.cmdlet === "Get-Cluster" ? undefined : host.answer?.(call)),
      });
    });
    afterEach(async () => {
      this.answer = undefined;
      await Promise.all(this.pools.map((pool) => pool.close()));
      this.pools = [];
    });
    after(() => this.lab?.close());
  }

  readonly open = (options: Partial<PoolOptions & { refuse: (before: number) => Error | undefined }> = {}) => {
    const watched = new Watched(new LocalTransport(this.lab.executable, "HV01"), options.refuse);
    const pool = new HostPool(watched, { maxSessions: 4, ...options });
    this.pools.push(pool);
    return { pool, watched };
  };
}

export function echo(text: string): Call[] {
  return [{ ...call("Set-VM", { Name: "x", Notes: text }), select: { Echo: null } } as Call];
}

export async function echoes({ parameters }: { parameters: Record<string, unknown> }): Promise<object> {
  return { objects: [{ Echo: parameters.Notes }] };
}

/** Counts what goes over a transport. */
class Watched implements Transport {
  readonly channels: Channel[] = [];
  readonly processes: number[] = [];
  private lines = 0;
  private attempts = 0;

  constructor(
    private readonly inner: Transport,
    private readonly refuse: (before: number) => Error | undefined = () => undefined,
  ) {}

  get address(): string {
    return this.inner.address;
  }

  /** The first line of each session is the agent. */
  get requests(): number {
    return this.lines - this.channels.length;
  }

  async open(): Promise<Channel> {
    const refusal = this.refuse(this.attempts++);
    if (refusal) throw refusal;
    const channel = await this.inner.open();
    this.channels.push(channel);
    let heard = "";
    const hear = (chunk: Buffer) => {
      heard += chunk.toString();
      const [, token, body] = /#hv (\w+) 0 hello (\S+)\n/.exec(heard) ?? [];
      if (!token || !body) return;
      this.processes.push((fromLine(body, token) as Hello).process.id);
      channel.stdout.off("data", hear);
    };
    channel.stdout.on("data", hear);
    const stdin = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.lines += 1;
        channel.stdin.write(chunk, done);
      },
      final: (done) => {
        channel.stdin.end(done);
      },
    });
    return { ...channel, stdin };
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
