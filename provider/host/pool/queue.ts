import { EventEmitter } from "node:events";
import type { Call, CallResult } from "../../calls";
import type { RunOptions } from "../host";

export interface Waiting {
  calls: readonly Call[];
  options: RunOptions;
  reads: boolean;
  /** Was asked with others in one call, which did not tell its own answer. */
  apart?: boolean;
  done: (results: CallResult[]) => void;
  fail: (error: unknown) => void;
}

/** Batches in order of arrival. */
export class Queue {
  private readonly waiting: Waiting[] = [];
  /** Says when something waits, or nothing can any more. */
  private readonly arrivals = new EventEmitter();

  get length(): number {
    return this.waiting.length;
  }

  /** How many of them read. */
  get reads(): number {
    return this.waiting.filter((batch) => batch.reads).length;
  }

  /** How many read before the first that changes something. */
  get readsInFront(): number {
    const behind = this.waiting.findIndex(({ reads }) => !reads);
    return behind < 0 ? this.waiting.length : behind;
  }

  add(batch: Waiting): void {
    this.waiting.push(batch);
    this.arrivals.emit("batch");
  }

  take(count: number): Waiting[] {
    return this.waiting.splice(0, count);
  }

  takeAll(): Waiting[] {
    return this.waiting.splice(0);
  }

  /** In front, where they were. */
  putBack(batches: readonly Waiting[]): void {
    this.waiting.unshift(...batches);
  }

  /** Whether it waited still. */
  withdraw(batch: Waiting): boolean {
    const at = this.waiting.indexOf(batch);
    if (at >= 0) this.waiting.splice(at, 1);
    return at >= 0;
  }

  /** Without those that need wait no longer. */
  keep(waits: (batch: Waiting) => boolean): void {
    const left = this.waiting.filter(waits);
    this.waiting.splice(0, this.waiting.length, ...left);
  }

  /** Nothing more arrives. */
  end(): void {
    this.arrivals.emit("batch");
  }

  /** Calls at each arrival, and at the end, until what it returns is called. */
  onArrival(arrived: () => void): () => void {
    this.arrivals.on("batch", arrived);
    return () => this.arrivals.off("batch", arrived);
  }
}
