import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The smallest script that can load the agent: its text and its settings are the first line on standard input. */
const bootstrap =
  "$s=[Console]::In.ReadLine().Split(' ');" +
  ".([ScriptBlock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($s[0])))) $s[1]";

/** What PowerShell is started with: short, as about 1.3 kB of a command is what Windows OpenSSH kept whole (hyper-v.md 8.2). */
export const startArguments: readonly string[] = [
  ..."-NoLogo -NoProfile -NonInteractive -InputFormat None -ExecutionPolicy Bypass -EncodedCommand".split(" "),
  Buffer.from(bootstrap, "utf16le").toString("base64"),
];

let text: Buffer | undefined;

export function agent(): Buffer {
  text ??= readFileSync(join(__dirname, "agent.ps1"));
  return text;
}
