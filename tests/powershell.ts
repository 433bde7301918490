import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { findPowershell } from "../tools/powershell-lab.cjs";

/** A real PowerShell engine that plays a Hyper-V host without a backend; undefined where there is none. */
export const powershell: string | undefined = findPowershell();

/** For the name of a suite that needs the engine. */
export const reason =
  powershell === undefined
    ? " (skipped: no PowerShell engine; npm run powershell builds it where .NET is, HYPERV_TEST_POWERSHELL names one)"
    : "";

/** One engine process that answers many questions: `answer` is a script block's text, with `$question` to look at. */
export class Engine {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly waiting: { resolve: (answer: unknown) => void; reject: (error: Error) => void }[] = [];
  private noise = "";

  constructor(executable: string, answer: string) {
    const flags = ["-NoLogo", "-NoProfile", "-NonInteractive", "-InputFormat", "None"];
    const encoded = Buffer.from(loop(answer), "utf16le").toString("base64");
    this.process = spawn(executable, [...flags, "-EncodedCommand", encoded]);
    this.process.stderr.on("data", (data: Buffer) => (this.noise += data.toString()));
    this.process.stdin.on("error", () => undefined); // its exit says more
    this.process.on("error", (error) => this.end(error));
    this.process.on("exit", (code) => this.end(new Error(`the engine ended with ${code}: ${this.noise}`)));
    createInterface({ input: this.process.stdout }).on("line", (line) => {
      if (!line.startsWith("#")) return;
      this.waiting.shift()?.resolve(JSON.parse(Buffer.from(line.slice(1), "base64").toString()));
    });
  }

  ask(question: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.process.stdin.write(`${Buffer.from(clixml(question)).toString("base64")}\n`);
    });
  }

  close(): void {
    this.process.stdin.end();
  }

  private end(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

function loop(answer: string): string {
  return `
    $ErrorActionPreference = 'Stop'
    $ProgressPreference = 'SilentlyContinue'
    $answer = { ${answer} }
    while ($null -ne ($line = [Console]::In.ReadLine())) {
      $text = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($line))
      $question = [Management.Automation.PSSerializer]::Deserialize($text)
      $json = ConvertTo-Json -InputObject (& $answer) -Depth 9 -Compress
      [Console]::Out.WriteLine('#' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json)))
    }`;
}

function clixml(value: unknown): string {
  let id = 0;
  const node = (item: unknown, name = ""): string => {
    if (item === null || item === undefined) return `<Nil${name}/>`;
    if (typeof item === "boolean") return `<B${name}>${item}</B>`;
    if (typeof item === "string") return `<S${name}>${escapeText(item)}</S>`;
    if (typeof item === "number") return isLong(item) ? `<I64${name}>${BigInt(item)}</I64>` : `<Db${name}>${item}</Db>`;
    if (Array.isArray(item))
      return `<Obj${name} RefId="${id++}"><LST>${item.map((each) => node(each)).join("")}</LST></Obj>`;
    const entries = Object.entries(item).map(
      ([key, each]) => `<En>${node(key, ' N="Key"')}${node(each, ' N="Value"')}</En>`,
    );
    return `<Obj${name} RefId="${id++}"><DCT>${entries.join("")}</DCT></Obj>`;
  };
  return `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">${node(value)}</Objs>`;
}

const isLong = (value: number): boolean => Number.isInteger(value) && Math.abs(value) < 2 ** 63;

function escapeText(text: string): string {
  return text.replace(/[&<>]|_x[0-9A-Fa-f]{4}_|[^\t\n -\ud7ff\ue000-\ufffd]/g, (found) => {
    if (found.length > 1) return `_x005F_${found.slice(1)}`;
    return `_x${found.charCodeAt(0).toString(16).padStart(4, "0").toUpperCase()}_`;
  });
}
