import assert from "node:assert/strict";
import { join } from "node:path";
import ts from "typescript";
import { Simulator } from "../../provider/simulator";

const folder = join(__dirname, "..", "..");

/** What the compiler says of a program about hosts. */
function complaints(text: string): string[] {
  const file = join(__dirname, "asked.ts");
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...more) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile.call(host, name, ...more);
  host.fileExists = (name) => name === file || ts.sys.fileExists(name);
  host.getCurrentDirectory = () => folder;
  const program = ts.createProgram([file], options, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

const program = (call: string) => `
  import type { Host } from "../../provider/host/host";
  export const read = async (host: Host) => (await host.run([${call}]))[0]?.values;
`;

describe("a call that is read and one that only acts", () => {
  it("are two types: values of a call that selects nothing cannot be read", () => {
    const asks = '{ cmdlet: "Test-Path", parameters: { LiteralPath: "D:\\\\" }, select: {} }';
    assert.deepEqual(complaints(program(asks)), []);
    assert.match(
      complaints(program(asks.replace(", select: {}", ""))).join(),
      /'values' does not exist on type 'Done'/,
    );
  });

  it("what a definition looks for is asked with what comes back", () => {
    const find = (call: string) => `
      import type { Birth, Proof, Reading } from "../../provider/resources/definition";
      export const find: Birth<unknown>["find"] = () => ({ it: ${call} });
      export const inventory: Proof<unknown>["inventory"] = () => [${call}];
      export const observe: Reading<unknown, unknown>["observe"] = () => ({ it: ${call} });
    `;
    assert.deepEqual(complaints(find('{ cmdlet: "Get-VM", select: { Id: null } }')), []);
    assert.equal(complaints(find('{ cmdlet: "Get-VM" }')).length, 3);
  });

  it("the simulator gives nothing where nothing is selected, as a host does", async () => {
    const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }] });
    const parameters = { LiteralPath: "C:\\" };
    const [silent] = await simulator.run(undefined, [{ cmdlet: "Test-Path", parameters }]);
    const [asked] = await simulator.run(undefined, [{ cmdlet: "Test-Path", parameters, select: {} }]);
    assert.deepEqual([silent?.values, asked?.values], [[], [true]]);
  });
});
