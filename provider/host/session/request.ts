import { type Call, type CallResult, isAssignment } from "../../calls";
import type { RunOptions } from "../host";
import type { Taken } from "./bounds";
import { toLine } from "./clixml";
import { type CallBody, rows, toPlain } from "./frames";

interface Asked {
  id: number;
  batches: readonly (readonly Call[])[];
  /** Marks in answers what is no value. */
  token: string;
}

/** What a session was asked, from the line that asks it until all of it is answered or it fails. */
export class Request {
  readonly id: number;
  readonly taken: Taken = { bytes: 0, values: 0 };
  readonly answered: Promise<CallResult[][]>;
  private readonly batches: Asked["batches"];
  private readonly token: string;
  private readonly results: CallResult[][];
  private settle!: { resolve: (results: CallResult[][]) => void; reject: (error: Error) => void };
  private unlimited = () => {};

  constructor({ id, batches, token }: Asked) {
    this.id = id;
    this.batches = batches;
    this.token = token;
    this.results = batches.map(() => []);
    this.answered = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  }

  line(): string {
    return toLine({ id: this.id, batches: this.batches.map((calls) => calls.map(toPlain)) });
  }

  /** Says why, when its time is over or it is called off before it has ended. */
  limit({ timeoutSeconds, signal }: RunOptions, giveUp: (why: string) => void): void {
    const deadline =
      timeoutSeconds === undefined
        ? undefined
        : setTimeout(
            () => giveUp(`no answer within ${timeoutSeconds} seconds, so its session was ended`),
            Math.min(timeoutSeconds * 1000, mostMilliseconds),
          );
    const abort = () => giveUp("the work was called off, and its session ended");
    signal?.addEventListener("abort", abort, { once: true });
    this.unlimited = () => {
      clearTimeout(deadline);
      signal?.removeEventListener("abort", abort);
    };
  }

  /** The answer to its next call. */
  take({ batch, call, error, ...result }: CallBody): void {
    const [results, asked] = [this.results[batch], this.batches[batch]?.[call]];
    if (results?.length !== call || !asked || results.at(-1)?.error)
      throw new Error(`call ${call} of batch ${batch} out of turn`);
    const select = isAssignment(asked) ? undefined : asked.select;
    const values = select ? rows(this.token, select, result.values) : result.values;
    results.push({ ...result, values, ...(error && { error }) });
  }

  /** Whether each batch is answered to its end, or to an error. */
  get isWhole(): boolean {
    return this.batches.every((calls, batch) => {
      const answered = this.results[batch] ?? [];
      return answered.length === calls.length || answered.at(-1)?.error !== undefined;
    });
  }

  done(): void {
    this.unlimited();
    this.settle.resolve(this.results);
  }

  fail(error: Error): void {
    this.unlimited();
    this.settle.reject(error);
  }
}

/** A longer timer of Node's ends at once. */
const mostMilliseconds = 2 ** 31 - 1;
