import type { Call, CallResult } from "../../calls";
import type { RunOptions } from "../host";
import type { Session } from "../session/session";
import { Alike } from "./alike";
import { merge } from "./merge";
import type { Queue, Waiting } from "./queue";
import { ReadAhead } from "./read-ahead";

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

/** Batches that only read: how many go together, what they have in common, and what is read before somebody asks. */
export class Reads {
  /** Sessions that read, with how many batches. */
  private readonly reading = new Map<Session, number>();
  private readonly ahead = new ReadAhead();
  private readonly alike = new Alike();
  /** What machines differ in without its saying whose it is. */
  private readonly mixed = new Set<string>();
  /** Milliseconds that the last reads took in all, and each of a refresh at best. */
  private readonly took = { all: 0, each: Number.POSITIVE_INFINITY };

  constructor(private readonly queue: Queue) {}

  begin(session: Session, batches: readonly Waiting[]): void {
    this.reading.set(session, batches.length);
  }

  /** It was answered, and is this session's a moment longer. */
  answered(session: Session): void {
    this.reading.set(session, 0);
  }

  end(session: Session): void {
    this.reading.delete(session);
  }

  /** Something may have changed on the host. */
  forget(): void {
    this.ahead.forget();
    this.alike.forget();
  }

  /** How many sessions more the waiting reads are worth, where one takes so many milliseconds to start. */
  loads(starting: number): number {
    const { reads } = this.queue;
    if (reads === 0) return 0;
    const underWay = [...this.reading.values()].reduce((sum, batches) => sum + batches, 0);
    return Math.max(0, Math.ceil((reads + underWay) / this.share(starting)) - this.reading.size);
  }

  /** How many reads at once are one session's. */
  share(starting: number): number {
    return this.took.all > starting ? readsPerSession.slow : readsPerSession.quick;
  }

  /** What each is answered; undefined where it must be asked apart. */
  async ask(session: Session, batches: readonly Waiting[]): Promise<readonly (readonly CallResult[] | undefined)[]> {
    const all = batches.map(({ calls }) => calls);
    if (batches.some(({ apart }) => apart)) return session.run(all, together(batches));
    const recent = batches.flatMap(({ calls, options }) => (options.recent ? [calls] : []));
    const beside = this.ahead.beside(recent, this.took.each);
    const more = beside.batches.map((calls) => ({ calls, recent: true }));
    const cut = this.alike.cut([...batches.map(readingOf), ...more]);
    const merged = merge(cut.batches, this.mixed);
    const begun = performance.now();
    const results = await this.results(session, merged.batches, together(batches)).catch((error: unknown) => {
      cut.failed();
      throw error;
    });
    if (this.reading.has(session)) {
      this.took.all = performance.now() - begun;
      // a round of few says little: each pays for what all have in common
      if (recent.length > 0)
        this.took.each = Math.min(this.took.each, this.took.all / (all.length + beside.batches.length));
    }
    const answers = await cut.joined(merged.split(results));
    beside.hear(answers.slice(all.length));
    // some have begun to wait for just that
    this.queue.keep((waiting) => !this.isKnown(waiting));
    return answers.slice(0, all.length);
  }

  /** Of what others have asked already nothing is left. */
  private async results(session: Session, batches: readonly (readonly Call[])[], options: RunOptions) {
    return batches.length === 0 ? [] : session.run(batches, options);
  }

  /** While those that were answered make up their minds. Where it fails, nobody has lost anything. */
  async list(session: Session, batches: readonly Waiting[]): Promise<void> {
    const listing = this.ahead.list();
    if (listing.batches.length === 0) return;
    const { timeoutSeconds } = together(batches);
    listing.hear(await session.run(listing.batches, { timeoutSeconds }).catch(() => []));
  }

  /** Gives what was read ahead to who wants no more than that. */
  isKnown({ calls, options, done }: Waiting): boolean {
    const answer = options.recent ? (this.ahead.answer(calls) ?? this.alike.answer(calls)) : undefined;
    if (answer) done(answer);
    return answer !== undefined;
  }

  /** Who was answered together soon asks again, one after the other: worth a moment, as together they are asked once. */
  async gather(mayGrow: () => boolean): Promise<void> {
    if (!mayGrow()) return;
    await new Promise<void>((resolve) => {
      const wanted = this.took.all / breath.part / breath.step;
      const enough = Math.min(breath.most, Math.max(breath.least, wanted));
      let silent = 0;
      const ignore = this.queue.onArrival(() => {
        silent = 0;
        if (!mayGrow()) over();
      });
      const over = () => {
        clearInterval(pulse);
        ignore();
        resolve();
      };
      // a step is over when what has come meanwhile was heard: while this process is busy itself, nobody is silent
      const heard = () => {
        silent += 1;
        if (silent >= enough) over();
      };
      const pulse = setInterval(() => setImmediate(heard), breath.step);
    });
  }
}

const readingOf = ({ calls, options }: Waiting) => ({ calls, recent: options.recent === true });

/** The longest deadline of them all. The session ends for a signal only if it works for nobody else. */
function together(batches: readonly Waiting[]): RunOptions {
  const seconds = batches.map(({ options }) => options.timeoutSeconds);
  const [only] = batches;
  return {
    ...(seconds.every((each) => each !== undefined) && { timeoutSeconds: Math.max(...seconds.map(Number)) }),
    ...(batches.length === 1 && { signal: only?.options.signal }),
  };
}
