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

/** The smallest script that can load the agent: its text and its settings are the first line on standard input. */
const bootstrap =
  "$s=[Console]::In.ReadLine().Split(' ');" +
  ".([ScriptBlock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($s[0])))) $s[1]";

/** What PowerShell is started with: short, as about 1.3 kB of a command is what Windows OpenSSH kept whole (hyper-v.md 8.2). */
export const startArguments: readonly string[] = [
  ..."-NoLogo -NoProfile -NonInteractive -InputFormat None -ExecutionPolicy Bypass -EncodedCommand".split(" "),
  Buffer.from(bootstrap, "utf16le").toString("base64"),
];
