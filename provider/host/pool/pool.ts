import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type Call, type CallResult, type Endpoint, isAssignment } from "../../calls";
import { Unsaid } from "../../text/secrets";
import { ConnectError, ConnectionLostError, UnreachableError } from "../errors";
import type { Host, RunOptions } from "../host";
import type { Hello } from "../session/frames";
import { Session } from "../session/session";
import type { Channel, Transport } from "../session/transport";
import { accepts } from "../ssh/tcp";
import { merge } from "./merge";
import { ReadAhead } from "./read-ahead";

export interface PoolOptions {
  maxSessions: number;
  startSeconds?: number;
  onNoise?: (line: string) => void;
}

interface Waiting {
  calls: readonly Call[];
  options: RunOptions;
  reads: boolean;
  /** Was asked with others in one call, which did not tell its own answer. */
  apart?: boolean;
  done: (results: CallResult[]) => void;
  fail: (error: unknown) => void;
}

/**
 * So many batches of reads at once are work for one session; fewer where they take longer than another session would to start,
 * which costs a host seconds.
 */
const readsPerSession = { quick: 32, slow: 8 };

/**
 * Steps of so many milliseconds after which an engine that asks one thing after the other has nothing more to ask: a part of what
 * the next round would take, from what one cmdlet takes to what nobody notices.
 */
const breath = { step: 10, least: 4, most: 20, part: 6 };

/**
 * A host with up to `maxSessions` PowerShells, started when there is work for them and kept until the end. Batches wait
 * in order of arrival; reads that wait one behind the other travel together, and ask what they have in common once.
 */
export class HostPool implements Host {
  private readonly idle: Session[] = [];
  private readonly sessions = new Set<Session>();
  private readonly waiting: Waiting[] = [];
  /** Says when something waits, or nothing can any more. */
  private readonly arrivals = new EventEmitter();
  /** Processes of sessions that were lost, until a later session has seen that they are over. */
  private readonly lost = new Set<Hello["process"]>();
  /** Sessions that read, with how many batches. */
  private readonly reading = new Map<Session, number>();
  private readonly ahead = new ReadAhead();
  /** What machines differ in without its saying whose it is. */
  private readonly mixed = new Set<string>();
  private readonly unsaid = new Unsaid();
  private starting = 0;
  /** Milliseconds: what the last session took to start, the last reads in all, and each of a refresh at best. */
  private readonly took = { starting: 0, reading: 0, each: Number.POSITIVE_INFINITY };
  /** How many the host allows; fewer than asked for once it refused one. */
  private limit: number;
  private closed = false;
  private dispatching = false;
  private greeting: Hello | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly options: PoolOptions,
  ) {
    this.limit = options.maxSessions;
  }

  get address(): string {
    return this.transport.address;
  }

  /** What the host said of itself at the last start of a session. */
  get hello(): Hello | undefined {
    return this.greeting;
  }

  run(calls: readonly Call[], options: RunOptions = {}): Promise<CallResult[]> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(this.unreachable("its connection was closed"));
      if (options.signal?.aborted) return reject(this.unreachable("the work was called off"));
      this.unsaid.add(calls, options.hidden);
      const waiting: Waiting = { calls, options, reads: calls.every(isRead), done: resolve, fail: reject };
      if (this.isKnown(waiting)) return;
      options.signal?.addEventListener("abort", () => this.giveUp(waiting), { once: true });
      this.waiting.push(waiting);
      this.arrivals.emit("batch");
      this.dispatchSoon();
    });
  }

  reaches(endpoint: Endpoint): Promise<boolean> {
    return accepts(endpoint);
  }

  async pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
    await sleep(milliseconds, undefined, { signal });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.arrivals.emit("batch");
    this.refuse(this.waiting.splice(0));
    await Promise.all([...this.sessions].map((session) => session.close()));
    await this.transport.close();
  }

  /** What arrives in one turn of the event loop counts as together. */
  private dispatchSoon(): void {
    if (this.dispatching) return;
    this.dispatching = true;
    setImmediate(() => {
      this.dispatching = false;
      this.dispatch();
    });
  }

  private dispatch(): void {
    while (this.waiting.length > 0) {
      const session = this.idle.shift();
      if (!session) break;
      if (session.over === undefined) void this.work(session, this.next());
    }
    const missing = Math.min(this.loads(), this.limit - this.sessions.size) - this.starting;
    for (let started = 0; started < missing; started += 1) void this.start();
  }

  /** How many sessions more the waiting batches are worth. */
  private loads(): number {
    const reads = this.waiting.filter((batch) => batch.reads).length;
    const underWay = [...this.reading.values()].reduce((sum, batches) => sum + batches, 0);
    const readers = reads === 0 ? 0 : Math.ceil((reads + underWay) / this.share) - this.reading.size;
    return this.waiting.length - reads + Math.max(0, readers);
  }

  /** How many reads at once are one session's. */
  private get share(): number {
    return this.took.reading > this.took.starting ? readsPerSession.slow : readsPerSession.quick;
  }

  /** The first that waits and, if it reads, its share of the reads behind it: the rest is for sessions that are busy or to come. */
  private next(): Waiting[] {
    const behind = this.waiting.findIndex(({ reads }) => !reads);
    const reads = behind < 0 ? this.waiting.length : behind;
    const hands = Math.min(this.limit, Math.ceil(reads / this.share));
    return this.waiting.splice(0, reads === 0 ? 1 : Math.ceil(reads / hands));
  }

  private async work(session: Session, batches: readonly Waiting[]): Promise<void> {
    const reads = batches.every((batch) => batch.reads);
    if (reads) this.reading.set(session, batches.length);
    else this.ahead.forget();
    let answered = batches.length;
    try {
      const answers = await this.ask(session, batches);
      const left = batches.filter((batch, index) => {
        const answer = answers[index];
        if (answer) batch.done([...answer]);
        else batch.apart = true;
        return !answer;
      });
      if (this.closed) this.refuse(left);
      else this.waiting.unshift(...left);
      answered -= left.length;
    } catch (error) {
      // a session that was dead before it was given anything: the batches have not gone anywhere yet
      if (error instanceof UnreachableError && !error.delivered && !this.closed) this.waiting.unshift(...batches);
      else for (const { fail } of batches) fail(error);
    }
    if (reads) {
      this.reading.set(session, 0);
      const all = this.waiting.length + answered; // who came meanwhile is no one of those
      await this.list(session, together(batches));
      await this.gather(session, all);
      this.reading.delete(session);
    } else this.ahead.forget(); // what was read meanwhile may be from before
    if (session.over === undefined) this.idle.push(session);
    this.dispatchSoon();
  }

  /** What each is answered; undefined where it must be asked apart. */
  private async ask(
    session: Session,
    batches: readonly Waiting[],
  ): Promise<readonly (readonly CallResult[] | undefined)[]> {
    const all = batches.map(({ calls }) => calls);
    if (batches.some(({ apart }) => apart)) return session.run(all, together(batches));
    const recent = batches.flatMap(({ calls, options }) => (options.recent ? [calls] : []));
    const beside = this.ahead.beside(recent, this.took.each);
    const merged = merge([...all, ...beside.batches], this.mixed);
    const begun = performance.now();
    const answers = merged.split(await session.run(merged.batches, together(batches)));
    if (this.reading.has(session)) {
      this.took.reading = performance.now() - begun;
      // a round of few says little: each pays for what all have in common
      if (recent.length > 0)
        this.took.each = Math.min(this.took.each, this.took.reading / (all.length + beside.batches.length));
    }
    beside.hear(answers.slice(all.length));
    // some have begun to wait for just that
    const missing = this.waiting.filter((waiting) => !this.isKnown(waiting));
    this.waiting.splice(0, this.waiting.length, ...missing);
    return answers.slice(0, all.length);
  }

  /** While those that were answered make up their minds. Where it fails, nobody has lost anything. */
  private async list(session: Session, { timeoutSeconds }: RunOptions): Promise<void> {
    if (this.waiting.length > 0 || this.closed || session.over !== undefined) return;
    const { batches, hear } = this.ahead.list();
    if (batches.length === 0) return;
    hear(await session.run(batches, { timeoutSeconds }).catch(() => []));
  }

  /** Gives what was read ahead to who wants no more than that. */
  private isKnown({ calls, options, done }: Waiting): boolean {
    const answer = options.recent ? this.ahead.answer(calls) : undefined;
    if (answer) done(answer);
    return answer !== undefined;
  }

  /** Who was answered together soon asks again, one after the other: worth a moment, as together they are asked once. */
  private async gather(session: Session, all: number): Promise<void> {
    const mayGrow = () => !this.closed && this.waiting.length < all && this.waiting.every(({ reads }) => reads);
    if (all === 1 || session.over !== undefined || !mayGrow()) return;
    await new Promise<void>((resolve) => {
      const wanted = this.took.reading / breath.part / breath.step;
      const enough = Math.min(breath.most, Math.max(breath.least, wanted));
      let silent = 0;
      const arrived = () => {
        silent = 0;
        if (!mayGrow()) over();
      };
      const over = () => {
        clearInterval(pulse);
        this.arrivals.off("batch", arrived);
        resolve();
      };
      // a step is over when what has come meanwhile was heard: while this process is busy itself, nobody is silent
      const heard = () => {
        silent += 1;
        if (silent >= enough) over();
      };
      const pulse = setInterval(() => setImmediate(heard), breath.step);
      this.arrivals.on("batch", arrived);
    });
  }

  private async start(): Promise<void> {
    this.starting += 1;
    const begun = performance.now();
    try {
      const session = await this.begin();
      this.took.starting = performance.now() - begun;
      this.greeting = session.hello;
      this.sessions.add(session);
      void session.ended.then(() => this.forget(session));
      if (this.closed) await session.close();
      else if (session.over === undefined) this.idle.push(session);
    } catch (error) {
      this.notStarted(error);
    } finally {
      this.starting -= 1;
    }
    this.dispatchSoon();
  }

  /** A connection that is lost meanwhile is made anew: nothing was done over it yet. */
  private async begin(): Promise<Session> {
    for (let lost = 0; ; lost += 1) {
      try {
        const { onNoise, startSeconds = 120 } = this.options;
        const channel = await this.opened(startSeconds);
        const predecessors = [...this.lost];
        const { address, unsaid } = this;
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
        address: this.address,
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
    if (others === 0) for (const { fail } of this.waiting.splice(0)) fail(error);
  }

  private forget(session: Session): void {
    this.sessions.delete(session);
    if (session.lost) this.lost.add(session.hello.process);
    const at = this.idle.indexOf(session);
    if (at >= 0) this.idle.splice(at, 1);
    if (this.sessions.size === 0) this.limit = this.options.maxSessions;
    this.dispatchSoon();
  }

  private refuse(batches: readonly Waiting[]): void {
    for (const { fail } of batches) fail(this.unreachable("its connection was closed"));
  }

  private giveUp(batch: Waiting): void {
    const at = this.waiting.indexOf(batch);
    if (at < 0) return;
    this.waiting.splice(at, 1);
    batch.fail(this.unreachable("the work was called off"));
  }

  private unreachable(reason: string): UnreachableError {
    return new UnreachableError(reason, { address: this.address, delivered: false });
  }
}

/** The longest deadline of them all. The session ends for a signal only if it works for nobody else. */
function together(batches: readonly Waiting[]): RunOptions {
  const seconds = batches.map(({ options }) => options.timeoutSeconds);
  const [only] = batches;
  return {
    ...(seconds.every((each) => each !== undefined) && { timeoutSeconds: Math.max(...seconds.map(Number)) }),
    ...(batches.length === 1 && { signal: only?.options.signal }),
  };
}

/** Calls that change nothing may share a request with those of others, and a deadline that passes harms none of them. */
function isRead(call: Call): boolean {
  return !isAssignment(call) && /^(Get|Test)-/.test(call.cmdlet);
}
