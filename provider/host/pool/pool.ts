import { setTimeout as sleep } from "node:timers/promises";
import { type Call, type CallResult, type Endpoint, isAssignment } from "../../calls";
import { Unsaid } from "../../text/secrets";
import { UnreachableError } from "../errors";
import type { Host, RunOptions } from "../host";
import type { Hello } from "../session/frames";
import type { Session } from "../session/session";
import type { Transport } from "../session/transport";
import { accepts } from "../ssh/tcp";
import { Queue, type Waiting } from "./queue";
import { Reads } from "./reads";
import { Supply, type SupplyOptions } from "./supply";

export type PoolOptions = SupplyOptions;

/**
 * A host with up to `maxSessions` PowerShells, started when there is work for them and kept until the end. Batches wait
 * in order of arrival; reads that wait one behind the other travel together, and ask what they have in common once.
 */
export class HostPool implements Host {
  private readonly queue = new Queue();
  private readonly reads = new Reads(this.queue);
  private readonly supply: Supply;
  private readonly unsaid = new Unsaid();
  private closed = false;
  private dispatching = false;

  constructor(
    private readonly transport: Transport,
    options: PoolOptions,
  ) {
    this.supply = new Supply(transport, options, {
      unsaid: this.unsaid,
      changed: () => this.dispatchSoon(),
      failed: (error) => {
        for (const { fail } of this.queue.takeAll()) fail(error);
      },
    });
  }

  get address(): string {
    return this.transport.address;
  }

  /** What the host said of itself at the last start of a session. */
  get hello(): Hello | undefined {
    return this.supply.hello;
  }

  run(calls: readonly Call[], options: RunOptions = {}): Promise<CallResult[]> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(this.unreachable("its connection was closed"));
      if (options.signal?.aborted) return reject(this.unreachable("the work was called off"));
      this.unsaid.add(calls, options.hidden);
      const waiting: Waiting = { calls, options, reads: calls.every(isRead), done: resolve, fail: reject };
      if (this.reads.isKnown(waiting)) return;
      options.signal?.addEventListener("abort", () => this.giveUp(waiting), { once: true });
      this.queue.add(waiting);
      this.dispatchSoon();
    });
  }

  reaches(endpoint: Endpoint): Promise<boolean> {
    return accepts(endpoint);
  }

  async pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
    await sleep(milliseconds, undefined, { signal });
  }

  forget(): void {
    this.reads.forget();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.queue.end();
    this.refuse(this.queue.takeAll());
    await this.supply.close();
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
    while (this.queue.length > 0) {
      const session = this.supply.take();
      if (!session) break;
      void this.work(session, this.next());
    }
    const changes = this.queue.length - this.queue.reads;
    this.supply.want(changes + this.reads.loads(this.supply.took));
  }

  /** The first that waits and, if it reads, its share of the reads behind it: the rest is for sessions that are busy or to come. */
  private next(): Waiting[] {
    const reads = this.queue.readsInFront;
    const hands = Math.min(this.supply.limit, Math.ceil(reads / this.reads.share(this.supply.took)));
    return this.queue.take(reads === 0 ? 1 : Math.ceil(reads / hands));
  }

  private async work(session: Session, batches: readonly Waiting[]): Promise<void> {
    const read = batches.every(({ reads }) => reads);
    if (read) this.reads.begin(session, batches);
    else this.reads.forget();
    let answered = batches.length;
    try {
      answered -= this.hear(batches, await this.reads.ask(session, batches));
    } catch (error) {
      this.failed(batches, error);
    }
    if (read) await this.wait(session, batches, answered);
    else this.reads.forget(); // what was read meanwhile may be from before
    this.supply.giveBack(session);
    this.dispatchSoon();
  }

  /** How many were told nothing, and wait again. */
  private hear(batches: readonly Waiting[], answers: readonly (readonly CallResult[] | undefined)[]): number {
    const left = batches.filter((batch, index) => {
      const answer = answers[index];
      if (answer) batch.done([...answer]);
      else batch.apart = true;
      return !answer;
    });
    if (this.closed) this.refuse(left);
    else this.queue.putBack(left);
    return left.length;
  }

  private failed(batches: readonly Waiting[], error: unknown): void {
    // a session that was dead before it was given anything: the batches have not gone anywhere yet
    if (error instanceof UnreachableError && !error.delivered && !this.closed) this.queue.putBack(batches);
    else for (const { fail } of batches) fail(error);
  }

  /** A session that has read waits a moment for those that ask again, and lists the host's machines meanwhile. */
  private async wait(session: Session, batches: readonly Waiting[], answered: number): Promise<void> {
    this.reads.answered(session);
    const all = this.queue.length + answered; // who came meanwhile is no one of those
    if (this.queue.length === 0 && !this.closed && session.over === undefined) await this.reads.list(session, batches);
    if (all > 1 && session.over === undefined)
      await this.reads.gather(() => !this.closed && this.queue.length < all && this.queue.reads === this.queue.length);
    this.reads.end(session);
  }

  private refuse(batches: readonly Waiting[]): void {
    for (const { fail } of batches) fail(this.unreachable("its connection was closed"));
  }

  private giveUp(batch: Waiting): void {
    if (this.queue.withdraw(batch)) batch.fail(this.unreachable("the work was called off"));
  }

  private unreachable(reason: string): UnreachableError {
    return new UnreachableError(reason, { address: this.address, delivered: false });
  }
}

/** Calls that change nothing may share a request with those of others, and a deadline that passes harms none of them. */
function isRead(call: Call): boolean {
  return !isAssignment(call) && /^(Get|Test)-/.test(call.cmdlet);
}
