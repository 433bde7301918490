import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { lineOf } from "../../cli/doctor";
import { errorLine } from "../../cli/error-line";
import { programText } from "../../cli/program-text";
import { simulatorCommand } from "../../cli/simulator";
import { worldTables } from "../../cli/world-tables";
import type { Call } from "../../provider/calls";
import type { Host } from "../../provider/host/host";
import { traced } from "../../provider/host/session/trace";
import { createWorld, Simulator } from "../../provider/simulator";

const hostile = "\u001b]0;owned\u0007\u001b[2J\u009b1Aweb\rall is well\b\u202eexe";
const seen = "<U+001B>]0;owned<U+0007><U+001B>[2J<U+009B>1Aweb<U+000D>all is well<U+0008><U+202E>exe";

/** Whether a terminal shows the text as it is; colours are ours. */
function isPlain(text: string): boolean {
  return !/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u.test(stripVTControlCharacters(text).replaceAll("\r\n", "\n"));
}

/** A world whose machine has such a name and such notes. */
async function world(notes = hostile) {
  const simulator = Simulator.inMemory(createWorld({ nodes: [{ name: "HV01" }], seed: "shown" }));
  await simulator.run("HV01", [
    { cmdlet: "New-VM", parameters: { Name: "web", NoVHD: true, MemoryStartupBytes: 2 ** 30 } } as Call,
  ]);
  const made = await simulator.world();
  const [machine] = made.nodes[0]?.machines ?? [];
  assert(machine);
  Object.assign(machine, { name: hostile, notes, state: "Running" });
  return made;
}

describe("what a terminal is given of a host's text", () => {
  it("obeys nothing in the tables of a world, and keeps their frames and our colours", async () => {
    const tables = worldTables(await world());
    assert(tables.includes(seen));
    assert(isPlain(tables), JSON.stringify(tables));
    assert(isPlain(worldTables(await world("a\r\nb\tc"))));
    const widths = tables.split("\n").filter((line) => /^[│├┌└]/.test(stripVTControlCharacters(line)));
    assert(widths.length > 5);
  });

  it("is no more than a person reads, of ten megabytes of notes", async () => {
    const tables = worldTables(await world("n".repeat(10_000_000)));
    assert(tables.length < 1_000_000, String(tables.length));
    assert.match(tables.replace(/\s/g, ""), /\(10MBmore\)/);
  });

  it("obeys nothing in what the doctor finds", () => {
    const line = lineOf({ step: "port", outcome: "fails", says: `22 answers: SSH-2.0-${hostile}` });
    assert(line.includes(`22 answers: SSH-2.0-${seen}`));
    assert(isPlain(line));
  });

  it("is no other program than the one that an editor shows, in what is imported", () => {
    const program = programText([
      { kind: "VirtualMachine", name: "web", args: { notes: hostile, [`a${1}`]: ["\u2066"] } },
    ]);
    assert(isPlain(program), program);
    assert(program.includes("\\u202eexe"));
  });

  it("is a comment in a trace, whatever ends a line there", async () => {
    let text = "";
    const answer = (): ReturnType<Host["run"]> =>
      Promise.resolve([
        {
          values: [],
          warnings: ["careful\rRemove-VM *"],
          milliseconds: 1,
          error: {
            id: "X\u001b",
            category: "C",
            exception: "",
            message: `no\rRemove-VM *\nhunter2 ${"m".repeat(5000)}`,
          },
        },
      ]) as ReturnType<Host["run"]>;
    const host = { address: "hv01", run: answer } as unknown as Host;
    const call = { cmdlet: "Set-VM", parameters: { Name: "web", Notes: { $secret: "hunter2" } } } as unknown as Call;
    await traced(host, (more) => {
      text += more;
    }).run([call]);
    const lines = text.split(/[\r\n]+/);
    assert.match(lines[1] ?? "", /^# no<U\+000D>Remove-VM \*$/);
    assert.match(lines[2] ?? "", /^# \*{8} ?m*\.\.\. \(\d kB more\)$/);
    assert(
      lines.every((line) => line === "" || /^# |^Hyper-V\\/.test(line)),
      text.slice(0, 300),
    );
    assert(isPlain(text));
  });

  it("obeys nothing in a world that is shown as tables or JSON, nor in the error of a cmdlet", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-shown-"));
    try {
      const file = join(folder, "world.json");
      const made = await world();
      writeFileSync(file, JSON.stringify(made));
      const { log, error } = console;
      const run = async (...args: string[]) => {
        let [out, err] = ["", ""];
        console.log = (line: string) => (out += `${line}\n`);
        console.error = (line: string) => (err += `${line}\n`);
        try {
          await simulatorCommand().parseAsync([...args, "--file", file], { from: "user" });
        } catch (thrown) {
          err += errorLine(thrown);
        } finally {
          Object.assign(console, { log, error });
        }
        assert(isPlain(out) && isPlain(err), JSON.stringify([out, err]));
        return { out, err };
      };
      assert((await run("show")).out.includes(seen));
      assert.deepEqual(JSON.parse((await run("show", "--json")).out), JSON.parse(JSON.stringify(made)));
      assert((await run("run", "Get-VM")).out.includes(seen));
      const { err } = await run("run", "Get-VM -Name 'a\u001bc\u202e'");
      assert.match(err, /^error: [\s\S]*a<U\+001B>c<U\+202E>/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
