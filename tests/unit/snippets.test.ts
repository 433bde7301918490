import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import ts from "typescript";

const project = resolve(__dirname, "../..");

/** What the text around a snippet has already, or leaves to the reader. What a snippet declares itself is its own. */
const preamble = `
import * as hyperv from "pulumi-hyperv";
import { GiB } from "pulumi-hyperv";
declare const id: string;
declare const privateKey: string;
declare const lab: hyperv.VirtualSwitch;
declare const disk: hyperv.VirtualHardDisk;
declare const web: hyperv.VirtualMachine;
declare const db: hyperv.VirtualMachine;
`;

describe("the programs that pages and comments show", () => {
  it("compile, as this release has it", () => {
    const all = snippets();
    for (const part of ["README.md", "docs/provider.md", "docs/resources/virtual-machine.md", "sdk/virtual-machine.ts"])
      assert(
        all.some(({ from }) => from.startsWith(`${part}:`)),
        part,
      );
    assert.deepEqual(problemsOf(all), []);
  });

  it("are found wanting where a property has another name", () => {
    const wrong = { from: "here:1", text: 'new hyperv.VirtualSwitch("lab", { type: "Private" });' };
    assert.match(problemsOf([wrong]).join(), /^here:1: .*'type' does not exist in type 'VirtualSwitchArgs'/);
  });
});

interface Snippet {
  /** File and line. */
  from: string;
  text: string;
}

function snippets(): Snippet[] {
  const pages = ["README.md", "CONTRIBUTING.md", ...filesIn("docs", /\.md$/), ...filesIn("examples", /\.md$/)];
  return [...pages, ...filesIn("templates", /\.md$/), ...filesIn("sdk", /^(?!.*generated).*\.ts$/)].flatMap((file) => {
    const text = readFileSync(join(project, file), "utf8").replaceAll("\r\n", "\n");
    return [...text.matchAll(/^([ *]*)```ts\n([\s\S]*?)\n\1```$/gm)].map(({ index, 1: margin = "", 2: body = "" }) => ({
      from: `${file}:${text.slice(0, index).split("\n").length}`,
      text: body
        .split("\n")
        .map((line) => line.slice(margin.length))
        .join("\n"),
    }));
  });
}

function filesIn(folder: string, name: RegExp): string[] {
  return readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => name.test(file) && !file.includes("node_modules"))
    .map((file) => `${folder}/${file.split(sep).join("/")}`);
}

/** Of each snippet, in a file of its own beside the sources, what the compiler says. */
function problemsOf(all: readonly Snippet[]): string[] {
  const config = ts.readConfigFile(join(project, "tsconfig.json"), ts.sys.readFile).config as unknown;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, project);
  const files = new Map(all.map((one, at) => [join(project, "sdk", `snippet-${at}.ts`), one]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  const find = (file: string) => files.get(resolve(file));
  host.fileExists = (file) => find(file) !== undefined || fileExists(file);
  host.readFile = (file) => {
    const snippet = find(file);
    return snippet ? programOf(snippet) : readFile(file);
  };
  const program = ts.createProgram([...files.keys()], { ...options, incremental: false, composite: false }, host);
  return [...files].flatMap(([file, { from }]) => {
    const source = program.getSourceFile(file) ?? assert.fail(relative(project, file));
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${from}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
  });
}

function programOf({ text }: Snippet): string {
  const isImport = (line: string) => line.startsWith("import ");
  const [imports, body] = [isImport, (line: string) => !isImport(line)].map((kept) =>
    text.split("\n").filter(kept).join("\n"),
  );
  const brought = imports?.includes("import * as hyperv") ? preamble.replace(/^import .*\n/gm, "") : preamble;
  return `${brought}${imports}\nexport async function snippet() {\n${body}\n}\n`;
}
