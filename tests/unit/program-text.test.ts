import assert from "node:assert/strict";
import * as fc from "fast-check";
import { ModuleKind, transpileModule } from "typescript";
import { type Declaration, programText, Reference } from "../../cli/program-text";

/** What the program makes when it runs: each resource's arguments, an output of another as text. */
function ran(declarations: Declaration[]): { kind: string; name: string; args: unknown }[] {
  const made: { kind: string; name: string; args: unknown }[] = [];
  const hyperv = new Proxy<Record<string, unknown>>(
    { MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 },
    {
      get: (units, kind: string) =>
        units[kind] ??
        class {
          constructor(name: string, args: unknown, options: unknown) {
            assert.deepEqual(options, { protect: true });
            made.push({ kind, name, args });
            // biome-ignore lint/correctness/noConstructorReturn: its outputs are texts that say whose they are
            return new Proxy({}, { get: (_none, property) => `${name}/${String(property)}` });
          }
        },
    },
  );
  const source = programText(declarations);
  const { outputText, diagnostics } = transpileModule(source, {
    compilerOptions: { module: ModuleKind.CommonJS },
    reportDiagnostics: true,
  });
  assert.deepEqual(diagnostics, [], source);
  new Function("require", "exports", outputText)(() => hyperv, {});
  return made;
}

describe("a program as text", () => {
  it("says what it is given, whatever is in a name", () => {
    const text = fc.string({ unit: "binary" });
    const declared = fc.array(fc.record({ name: text, notes: text, sizeBytes: fc.nat() }), { maxLength: 5 });
    fc.assert(
      fc.property(declared, (things) => {
        const declarations = things.map(({ name, ...args }) => ({ kind: "VirtualMachine", name, args }));
        assert.deepEqual(ran(declarations), declarations);
      }),
    );
  });

  it("keeps quotes, backticks, placeholders, line ends and what looks like code as they are", () => {
    for (const notes of [
      '"',
      "'",
      "`",
      `$${"{process.exit(1)}"}`,
      "\\",
      "a\r\nb",
      "\u2028",
      "*/ //",
      "</script>",
      "日本 🦊",
      "\ud800",
    ])
      assert.deepEqual(ran([{ kind: "VirtualSwitch", name: notes, args: { notes } }])[0]?.args, { notes });
  });

  it("refers to others by variables, whose names are words and each one's own", () => {
    const names = ["web", "Web", "web ", "class", "1st", "日本", "hyperv"];
    const declarations = names.flatMap((name, index) => [
      { kind: "VirtualMachine", name, args: {} },
      { kind: "Checkpoint", name: `checkpoint ${index}`, args: { vmId: new Reference(name, "id") } },
    ]);
    const made = ran(declarations);
    assert.deepEqual(
      made.flatMap(({ kind, args }) => (kind === "Checkpoint" ? [(args as { vmId: string }).vmId] : [])),
      names.map((name) => `${name}/id`),
    );
  });

  it("writes sizes in units, and nothing where there is nothing to say", () => {
    const text = programText([
      { kind: "VirtualHardDisk", name: "disk", args: { sizeBytes: 40 * 2 ** 30, blockSizeBytes: 2 ** 20 } },
      { kind: "VirtualMachine", name: "web", args: {} },
    ]);
    assert.match(text, /\{ sizeBytes: 40 \* hyperv\.GiB, blockSizeBytes: hyperv\.MiB \}/);
    assert.match(text, /^new hyperv\.VirtualMachine\("web", \{\}, \{ protect: true \}\);$/m);
  });
});
