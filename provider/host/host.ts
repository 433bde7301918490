import type { Call, CallResult, Done, Endpoint, Question, Where } from "../calls";

export interface RunOptions {
  /** Past it the session is discarded and the batch has failed; what it did must be looked at. */
  timeoutSeconds?: number;
  signal?: AbortSignal;
  /** Whether what was read some seconds ago is as good, or by the same refresh, as long as one read of it follows the other. */
  recent?: boolean;
  /** The batch is for a resource of which something is a secret: none of its values is shown, and these are hidden in what is said. */
  hidden?: readonly string[];
}

/** One machine with Hyper-V that runs batches of calls. */
export interface Host {
  /** How messages call it. */
  readonly address: string;
  /** Runs a batch in order until the first error. Rejects with an UnreachableError if the host cannot be asked. */
  run(calls: readonly Question[], options?: RunOptions): Promise<CallResult[]>;
  run(calls: readonly Call[], options?: RunOptions): Promise<Done[]>;
  /** Whether something accepts TCP connections there, tried from here. */
  reaches(endpoint: Endpoint): Promise<boolean>;
  /** Lets time pass on the host: real hosts sleep, a simulated one need not. */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Something was changed on another host: what was read may no longer be so. */
  forget(): void;
  close(): Promise<void>;
}

/** Hands a batch on for somebody else, who reads of the answers only what they asked for. */
export function handOn(host: Pick<Host, "run">, calls: readonly Call[], options?: RunOptions): Promise<CallResult[]> {
  return host.run(calls, options) as Promise<CallResult[]>;
}

export interface Ran<Result extends Done = CallResult> {
  results: Result[];
  /** The host that ran it. */
  host: Host;
}

/** All hosts of a provider, as one. */
export interface Hosts {
  /** Names of the nodes, empty for a single host that needs none. */
  readonly nodes: readonly string[];
  /** Whether the nodes are one failover cluster. */
  readonly isClustered: boolean;
  /** Runs a batch where it belongs. A machine is followed to where it moved; a missing one answers as its host does. */
  run(where: Where, calls: readonly Question[], options?: RunOptions): Promise<Ran>;
  run(where: Where, calls: readonly Call[], options?: RunOptions): Promise<Ran<Done>>;
  /** Runs a batch on every node where the thing could be; rejects if one of them cannot be asked. */
  runEverywhere(where: Where, calls: readonly Question[], options?: RunOptions): Promise<Ran[]>;
  /** Says where a machine is, for who comes next. */
  seen(machine: string, host: Host): void;
  reaches(endpoint: Endpoint): Promise<boolean>;
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
