import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Call, CallResult } from "../../provider/calls";
import { UnreachableError } from "../../provider/host/errors";
import type { Host } from "../../provider/host/host";
import { startArguments } from "../../provider/host/session/agent";
import { traced, traceWriter } from "../../provider/host/session/trace";
import { commandLine } from "../../provider/host/ssh/ssh";

const calls: Call[] = [
  { cmdlet: "Get-VM", parameters: { Name: "it's" }, as: "vm" },
  { cmdlet: "Set-VM", parameters: { VM: { $ref: "vm" }, Notes: { $secret: "hunter2" } } } as unknown as Call,
];

/** What is written of a batch that a host answers so. */
async function traceOf(answer: () => Promise<CallResult[]>): Promise<string> {
  let text = "";
  const host: Host = {
    address: "hv01",
    run: answer,
    reaches: async () => true,
    pause: async () => {},
    forget: () => {},
    close: async () => {},
  };
  await traced(host, (more) => {
    text += more;
  })
    .run(calls)
    .catch(() => {});
  return text.replace(/, \d+ ms/, ", 5 ms");
}

const done: CallResult = { values: [], warnings: [], milliseconds: 1 };
const pasted = [
  "$vm = Hyper-V\\Get-VM -Name 'it''s'",
  "Hyper-V\\Set-VM -VM $vm -Notes (Read-Host -AsSecureString -Prompt '********')",
];

describe("the trace of a host", () => {
  it("writes a batch as PowerShell with host, duration, outcome and warnings, and no secret", async () => {
    const text = await traceOf(async () => [done, { ...done, warnings: ["already so, hunter2"] }]);
    assert.equal(text, ["# hv01, 5 ms: done", "# warning: already so, ********", ...pasted, "", ""].join("\n"));
  });

  it("says which call failed and how", async () => {
    const error = {
      id: "InvalidState,SetVM",
      category: "InvalidOperation",
      exception: "",
      message: "not now\nhunter2",
    };
    const text = await traceOf(async () => [done, { ...done, error }]);
    const lines = [
      "# hv01, 5 ms: failed at Set-VM, call 2 of 2: InvalidState,SetVM (InvalidOperation)",
      "# not now",
      "# ********",
    ];
    assert.equal(text, [...lines, ...pasted, "", ""].join("\n"));
  });

  it("says when there was no answer", async () => {
    const text = await traceOf(async () => {
      throw new UnreachableError("the connection was lost", { address: "hv01", delivered: true });
    });
    assert.equal(text, ["# hv01, 5 ms: not answered: the connection was lost", ...pasted, "", ""].join("\n"));
  });
});

describe("the file of a trace", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-trace-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("grows", () => {
    const file = join(folder, "hyperv.ps1");
    for (const text of ["one\n", "two\n"]) traceWriter(file)?.(text);
    assert.equal(readFileSync(file, "utf8"), "one\ntwo\n");
  });

  it("is refused before anything is done where it cannot be written", () => {
    assert.throws(() => traceWriter(join(folder, "missing", "hyperv.ps1")), /hyperv:trace cannot be written.*ENOENT/);
    assert.throws(() => traceWriter(folder), /hyperv:trace cannot be written.*EISDIR/);
  });

  it("loses no answer of the host when it cannot be written any more", async () => {
    const inner = join(folder, "inner");
    mkdirSync(inner);
    const write = traceWriter(join(inner, "hyperv.ps1"));
    rmSync(inner, { recursive: true });
    const host = { address: "hv01", run: async () => [done] } as unknown as Host;
    assert.deepEqual(await traced(host, write ?? assert.fail()).run(calls), [done]);
  });
});

describe("the command that starts PowerShell", () => {
  it("is short enough for every server that cuts long ones off", () => {
    assert(["powershell.exe", ...startArguments].join(" ").length < 1300 / 2);
  });

  it("is quoted as the server's default shell wants it", () => {
    const path = "C:\\Program Files\\it's\\pwsh.exe";
    const first = (shell: Parameters<typeof commandLine>[1]) => commandLine(path, shell).split(" -NoLogo ")[0];
    assert.equal(first("cmd"), `"${path}"`);
    assert.equal(first("powershell"), "& 'C:\\Program Files\\it''s\\pwsh.exe'");
    assert.equal(first("posix"), "'C:\\Program Files\\it'\\''s\\pwsh.exe'");
  });
});
