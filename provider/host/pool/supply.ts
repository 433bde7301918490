import { setTimeout as sleep } from "node:timers/promises";
import type { Unsaid } from "../../text/secrets";
import { ConnectError, ConnectionLostError } from "../errors";
import type { Hello } from "../session/frames";
import { Session } from "../session/session";
import type { Channel, Transport } from "../session/transport";

export interface SupplyOptions {
  maxSessions: number;
  startSeconds?: number;
  onNoise?: (line: string) => void;
}

export interface Needs {
  unsaid: Unsaid;
  /** Work may go on: there is a session more, or one less. */
  changed(): void;
  /** No session can be started, and none is there. */
  failed(error: unknown): void;
}

/** The sessions of one host: started when they are wanted, and kept until the end. */
export class Supply {
  /** What the host said of itself at the last start of a session. */
  hello: Hello | undefined;
  /** Milliseconds that the last session took to start. */
  took = 0;
  /** How many the host allows; fewer than asked for once it refused one. */
  limit: number;
  private readonly idle: Session[] = [];
  private readonly sessions = new Set<Session>();
  /** Processes of sessions that were lost, until a later session has seen that they are over. */
  private readonly lost = new Set<Hello["process"]>();
  private starting = 0;
  private closed = false;

  constructor(
    private readonly transport: Transport,
    private readonly options: SupplyOptions,
    private readonly needs: Needs,
  ) {
    this.limit = options.maxSessions;
  }

  /** One that has nothing to do. */
  take(): Session | undefined {
    let session = this.idle.shift();
    while (session && session.over !== undefined) session = this.idle.shift();
    return session;
  }

  giveBack(session: Session): void {
    if (session.over === undefined) this.idle.push(session);
  }

  /** Starts so many more than there are idle ones, as far as the host allows them. */
  want(more: number): void {
    const missing = Math.min(more, this.limit - this.sessions.size) - this.starting;
    for (let started = 0; started < missing; started += 1) void this.start();
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.sessions].map((session) => session.close()));
    await this.transport.close();
  }

  private async start(): Promise<void> {
    this.starting += 1;
    const begun = performance.now();
    try {
      const session = await this.begin();
      this.took = performance.now() - begun;
      this.hello = session.hello;
      this.sessions.add(session);
      void session.ended.then(() => this.forget(session));
      if (this.closed) await session.close();
      else if (session.over === undefined) this.idle.push(session);
    } catch (error) {
      this.notStarted(error);
    } finally {
      this.starting -= 1;
    }
    this.needs.changed();
  }

  /** A connection that is lost meanwhile is made anew: nothing was done over it yet. */
  private async begin(): Promise<Session> {
    for (let lost = 0; ; lost += 1) {
      try {
        const { onNoise, startSeconds = 120 } = this.options;
        const channel = await this.opened(startSeconds);
        const predecessors = [...this.lost];
        const { address } = this.transport;
        const { unsaid } = this.needs;
        const session = await Session.start(channel, { address, startSeconds, onNoise, predecessors, unsaid });
        for (const over of predecessors) this.lost.delete(over);
        return session;
      } catch (error) {
        if (!(error instanceof ConnectionLostError) || lost >= 2 || this.closed) throw error;
      }
    }
  }

  /** A server may take a command and never say a word about it. */
  private async opened(seconds: number): Promise<Channel> {
    const opening = this.transport.open();
    const over = new AbortController();
    const limit = sleep(seconds * 1000, undefined, { signal: over.signal }).then(() => {
      opening.then((late) => late.kill()).catch(() => {});
      throw new ConnectError(`no PowerShell was started within ${seconds} seconds`, {
        address: this.transport.address,
        step: "session",
      });
    });
    try {
      return await Promise.race([opening, limit]);
    } finally {
      over.abort();
    }
  }

  /** With other sessions at work there are just fewer, as long as these last; without any, nothing that waits can go on. */
  private notStarted(error: unknown): void {
    const others = this.sessions.size + this.starting - 1;
    this.limit = others > 0 ? others : this.options.maxSessions;
    if (others === 0) this.needs.failed(error);
  }

  private forget(session: Session): void {
    this.sessions.delete(session);
    if (session.lost) this.lost.add(session.hello.process);
    const at = this.idle.indexOf(session);
    if (at >= 0) this.idle.splice(at, 1);
    if (this.sessions.size === 0) this.limit = this.options.maxSessions;
    this.needs.changed();
  }
}
