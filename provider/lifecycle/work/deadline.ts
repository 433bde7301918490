import { HostError, UnreachableError } from "../../host/errors";
import { asBag, type Bag } from "../values";

/** An input that holds the option `customTimeouts`: the engine does not hand it to dynamic providers. */
export const timeoutsKey = "__timeouts";

/** What the option limits. */
type Operation = "create" | "update" | "delete";

/**
 * The time that a program gives one operation. Past it nothing more is begun and no answer is waited for, but what was stopped or
 * taken away for a change is put right again.
 */
export class Deadline {
  private readonly started = Date.now();
  /** A simulated host does not let a person wait. */
  private paused = 0;
  private isLifted = false;

  constructor(
    private readonly operation: Operation,
    private readonly text: string,
    private readonly seconds: number,
  ) {}

  /** Undefined where the program sets none, or one of no time. */
  static of(operation: string, inputs: Bag): Deadline | undefined {
    const text = asBag(inputs[timeoutsKey])[operation];
    const seconds = typeof text === "string" ? secondsIn(text) : undefined;
    // nothing is none, as for the engine
    return !seconds ? undefined : new Deadline(operation as Operation, String(text), seconds);
  }

  get remaining(): number {
    if (this.isLifted) return graceSeconds;
    return this.seconds - Math.max((Date.now() - this.started) / 1000, this.paused);
  }

  pass(seconds: number): void {
    this.paused += seconds;
  }

  /** Seconds that a batch may take that changes something. */
  forChange(address = ""): number {
    const { remaining } = this;
    if (remaining <= 0) throw this.passed(address);
    return Math.min(Math.ceil(remaining), mostSeconds);
  }

  /** Looking is allowed at any time, as what happened must be known; `usual` is what the provider gives a batch. */
  forLook(usual: number): number {
    return Math.min(usual, Math.ceil(Math.max(this.remaining, graceSeconds)));
  }

  /** What is said where the time has passed. */
  passed(address = ""): TimedOutError {
    const { operation, text } = this;
    const again = operation === "delete" ? "pulumi destroy" : "pulumi up";
    const advice = `Raise customTimeouts.${operation} or leave it out, then run ${again} again: it continues from here.`;
    return new TimedOutError(`it did not finish within ${text} (customTimeouts.${operation})`, {
      address,
      advice,
    });
  }

  /** The error of a batch that was still running when the time had passed. */
  explained(error: unknown): unknown {
    if (!(error instanceof UnreachableError) || !error.delivered || this.remaining > 0) return error;
    const message = `${error.message}: customTimeouts.${this.operation} is ${this.text}`;
    return new UnreachableError(message, { ...error, delivered: true });
  }

  /** For what puts things right after a failure. */
  async lifted<T>(work: () => Promise<T>): Promise<T> {
    this.isLifted = true;
    try {
      return await work();
    } finally {
      this.isLifted = false;
    }
  }
}

/** The program's own limit has passed. */
export class TimedOutError extends HostError {}

/** Seconds of a day, as much as a batch can be given. */
const mostSeconds = 86_400;

/** Seconds for a look after the deadline, and for what puts things right. */
const graceSeconds = 300;

const units: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Of a duration as the engine reads it: "90s", "1h30m", "1.5h". It refuses any other text itself. */
export function secondsIn(text: string): number | undefined {
  if (!/^(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))*$/.test(text))
    return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g);
  return [...parts].reduce((sum, [, number, unit]) => sum + Number(number) * (units[String(unit)] ?? 0), 0);
}
