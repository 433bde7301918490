import type { Readable, Writable } from "node:stream";

/** A PowerShell that was started somewhere, waiting for the agent's text. */
export interface Channel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when it is over, with the reason as a person would say it: "ended with exit code 1". */
  readonly ended: Promise<string>;
  /** Whether it is over because the way to the host was lost; where there is none it cannot be. */
  isCutOff?(): boolean;
  /** Ends it, whatever it is doing. */
  kill(): void;
}

/** Starts PowerShells on one host. */
export interface Transport {
  readonly address: string;
  open(): Promise<Channel>;
  close(): Promise<void>;
}
