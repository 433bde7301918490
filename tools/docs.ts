// Writes docs/resources.md and docs/provider.md from the documentation that stands on the schemas' fields and the sdk's classes.
// usage: npm run docs
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { definitions } from "../provider";
import { type Change, type Field, fields } from "../provider/schema";
import { settings } from "../provider/settings";

const project = resolve(__dirname, "..");

const resources = [
  { kind: "VirtualSwitch", file: "virtual-switch", schema: "virtual-switch" },
  { kind: "VirtualHardDisk", file: "virtual-hard-disk", schema: "virtual-hard-disk" },
  { kind: "VirtualMachine", file: "virtual-machine", schema: "virtual-machine/schema" },
  { kind: "ClusterVirtualMachineRole", file: "cluster-virtual-machine-role", schema: "cluster-virtual-machine-role" },
];

const changes: Readonly<Record<Change, string>> = {
  hot: "while running",
  off: "machine off",
  replaces: "replaces",
  policy: "nothing on the host",
};

const note = "<!-- written by tools/docs.ts from the documentation in the code: change it there -->\n";

export function resourcesPage(): string {
  const sections = resources.map(({ kind, file, schema }) => {
    const definition = definitions.find((candidate) => candidate.kind === kind);
    if (!definition) throw new Error(`There is no ${kind}.`);
    const texts = fieldTexts(join(project, `provider/resources/${schema}.ts`), "schema");
    const { doc, outputs } = classText(join(project, `sdk/${file}.ts`), kind);
    return [
      `## ${kind}`,
      doc,
      "### Properties",
      table(fields(definition.schema), texts),
      "### Outputs",
      "All properties, and:",
      list([["id", "Identity on the host: see above."], ...outputs]),
    ].join("\n\n");
  });
  const intro = [
    "# Resources",
    note.trim(),
    'Under "changes": *while running* is made at once in any state; *machine off* needs one restart of a running machine, and ' +
      "`allowRestart`; *replaces* makes a new thing and deletes the old one. Where the text is more exact, it holds. Sizes are " +
      "plain numbers of bytes: `4 * GiB`.",
  ];
  return `${[...intro, ...sections].join("\n\n")}\n`;
}

export function providerPage(): string {
  const texts = fieldTexts(join(project, "provider/settings.ts"), "settings");
  const { doc } = classText(join(project, "sdk/provider.ts"), "Provider");
  return `${["# Provider", note.trim(), doc, "## Arguments", "In stack config each has the prefix `hyperv:`; lists and objects are JSON there.", table(fields(settings), texts, false)].join("\n\n")}\n`;
}

function table(rows: readonly Field[], texts: ReadonlyMap<string, string>, withChanges = true): string {
  const head = withChanges ? "| property | | changes |\n| --- | --- | --- |" : "| argument | |\n| --- | --- |";
  const lines = rows.map(({ path, change }) => {
    const name = path.reduce(
      (text, part) => (part === "[]" ? `${text}[]` : text === "" ? part : `${text}.${part}`),
      "",
    );
    const text = texts.get(name);
    if (!text) throw new Error(`${name} has no documentation.`);
    const cell = text.replaceAll("|", "\\|").replaceAll("\n", " ");
    return withChanges ? `| \`${name}\` | ${cell} | ${change ? changes[change] : ""} |` : `| \`${name}\` | ${cell} |`;
  });
  return [head, ...lines].join("\n");
}

function list(items: readonly (readonly [string, string])[]): string {
  return items.map(([name, text]) => `- \`${name}\`: ${text}`).join("\n");
}

/** Documentation of every field of an object schema, nested ones under their path. */
function fieldTexts(file: string, root: string): Map<string, string> {
  const source = parse(file);
  const constants = new Map<string, ts.Expression>();
  source.forEachChild((node) => {
    if (!ts.isVariableStatement(node)) return;
    for (const { name, initializer } of node.declarationList.declarations)
      if (ts.isIdentifier(name) && initializer) constants.set(name.text, initializer);
  });
  const texts = new Map<string, string>();
  const walk = (expression: ts.Expression, prefix: string) => {
    for (const property of propertiesOf(expression, constants)) {
      if (!ts.isPropertyAssignment(property)) continue;
      const path = prefix + property.name.getText(source);
      texts.set(path, docOf(property));
      const inner = innerObject(property.initializer, constants);
      if (inner) walk(inner.object, `${path}${inner.list ? "[]" : ""}.`);
    }
  };
  const start = constants.get(root);
  if (!start) throw new Error(`${file} has no ${root}.`);
  walk(start, "");
  return texts;
}

/** The properties of `z.strictObject({...})`, with those that are spread in. */
function propertiesOf(
  expression: ts.Expression,
  constants: ReadonlyMap<string, ts.Expression>,
): ts.ObjectLiteralElementLike[] {
  const literal = ts.isObjectLiteralExpression(expression)
    ? expression
    : ts.isCallExpression(expression)
      ? expression.arguments.find(ts.isObjectLiteralExpression)
      : undefined;
  return (literal?.properties ?? []).flatMap((property) => {
    if (!ts.isSpreadAssignment(property)) return [property];
    const spread = ts.isIdentifier(property.expression) ? constants.get(property.expression.text) : undefined;
    return spread ? propertiesOf(spread, constants) : [];
  });
}

/** The constant behind `memory.prefault({})`, `z.array(networkAdapter)`, `firmware.optional()`. */
function innerObject(
  expression: ts.Expression,
  constants: ReadonlyMap<string, ts.Expression>,
): { object: ts.Expression; list: boolean } | undefined {
  let found: { object: ts.Expression; list: boolean } | undefined;
  const visit = (node: ts.Node, list: boolean) => {
    if (found) return;
    const inArray = list || (ts.isCallExpression(node) && /\barray$/.test(node.expression.getText()));
    if (ts.isIdentifier(node)) {
      const constant = constants.get(node.text);
      if (constant && /strictObject\(/.test(constant.getText())) found = { object: constant, list };
      return;
    }
    ts.forEachChild(node, (child) => visit(child, inArray));
  };
  visit(expression, false);
  return found;
}

function classText(file: string, name: string): { doc: string; outputs: [string, string][] } {
  const source = parse(file);
  let doc = "";
  const outputs: [string, string][] = [];
  source.forEachChild((node) => {
    if (ts.isClassDeclaration(node) && node.name?.text === name) doc = docOf(node);
    if (ts.isInterfaceDeclaration(node) && node.name.text === "Computed")
      for (const member of node.members) outputs.push([member.name?.getText(source) ?? "", docOf(member)]);
  });
  return { doc, outputs };
}

/** The comment before a node, `@default` as a sentence. */
function docOf(node: ts.Node): string {
  const text = node.getSourceFile().getFullText();
  const comment = (ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [])
    .filter(({ pos }) => text.startsWith("/**", pos))
    .pop();
  if (!comment) return "";
  return text
    .slice(comment.pos + 3, comment.end - 2)
    .replace(/^[ \t]*\* ?/gm, "")
    .replace(
      /@default\s+([^\n]*)/g,
      (_all, value: string) => `Default: ${/^["\d]|^(true|false)/.test(value) ? `\`${value.trim()}\`` : value.trim()}.`,
    )
    .trim();
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
}

if (require.main === module) {
  writeFileSync(join(project, "docs/resources.md"), resourcesPage());
  writeFileSync(join(project, "docs/provider.md"), providerPage());
}
