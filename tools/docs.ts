// Writes docs/resources.md, docs/provider.md, the conditions in docs/errors.md, and the types of sdk/types.generated.ts from the documentation that stands on the schemas' fields and the sdk's classes.
// usage: npm run docs
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";
import { z } from "zod";
import { definitions } from "../provider";
import { conditions } from "../provider/host/conditions";
import { fileNameOf } from "../provider/resources";
import { type Change, type Field, fields, type Setter, sizeText, unwrap } from "../provider/schema";
import { settings } from "../provider/settings";
import { variableOf } from "../provider/settings/environment";

const project = resolve(__dirname, "..");

const resources = definitions.map(({ kind }) => ({
  kind,
  file: fileNameOf(kind),
  schema: `${fileNameOf(kind)}/schema`,
}));

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
    'Under "required": *yes* must be given; what stands within a list or an object only where one is given. *see there* means that it ' +
      "depends on other properties, as the text says.",
  ];
  return `${[...intro, ...sections].join("\n\n")}\n`;
}

/** The page as it is, with the table of known conditions as the code has it. */
export function errorsPage(): string {
  const page = readFileSync(join(project, "docs/errors.md"), "utf8").replaceAll("\r\n", "\n");
  const [begin, end] = ["<!-- written by tools/docs.ts from provider/host/conditions.ts -->", "<!-- end -->"];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error("docs/errors.md has lost its marks.");
  const cell = (text: string) =>
    text
      .replaceAll("{host}", "the host")
      .replaceAll("|", "\\|")
      .replace(/<[^>]+>/g, "`$&`");
  const rows = conditions.map(({ by, is, kind, means, advice = "" }) => {
    const code = typeof is === "string" ? is : `0x${is.toString(16).toUpperCase()}`;
    return `| ${by} \`${code}\` | ${kind} | ${cell(means)} | ${cell(advice)} |`;
  });
  const lines = [begin, "| told by | kind | what happened | what to do |", "| --- | --- | --- | --- |", ...rows, ""];
  return page.slice(0, from) + lines.join("\n") + page.slice(to);
}

export function providerPage(): string {
  const texts = fieldTexts(join(project, "provider/settings/index.ts"), "settings");
  const { doc } = classText(join(project, "sdk/provider.ts"), "Provider");
  return `${["# Provider", note.trim(), doc, "## Arguments", giving, argumentsTable(fields(settings), texts), "## Environment variables", environment].join("\n\n")}\n`;
}

const giving =
  "In stack config each has the prefix `hyperv:`, in the environment it is a variable; lists and objects are JSON in both.";

const environment = `What stack config leaves open is taken from the environment of the \`pulumi\` command, and what that leaves open has its default. An
empty variable counts as none. Where stack config says where to go, with \`address\`, \`nodes\`, \`simulator\` or the transport \`local\`, the
variables of these four do not count; where it has \`knownHosts\`, \`HYPERV_HOST_KEY\` does not.

The variables are of a shell and not of a stack: nothing of them is kept in its state, so every command needs them, also \`pulumi refresh\` and
\`pulumi destroy\`. Where a value is wrong the message names the variable; secrets are not shown. A name that looks like a misspelt one is
warned of. \`npx pulumi-hyperv doctor\` and \`import\` read them in the same way, after their options, and the doctor says which of them count.

A \`hyperv.Provider\` of the program reads no variable. Providers of some other packages do; ours does not, as a program has several of them
to reach several hosts, and a variable would say the same to each. Pass what is to come from there as an argument:

\`\`\`ts
new hyperv.Provider("office", { address: "hv01", user: "pulumi", password: process.env.HYPERV_PASSWORD });
\`\`\``;

/**
 * Types of what a program passes in and of what a resource then has, with the documentation on each property. Written out, as a
 * program's own compiler may be older than the schemas' types, and drops the comments of what it infers.
 */
export function programTypes(): string {
  const sources = resources.map(({ kind, schema }) => ({
    kind,
    texts: fieldTexts(join(project, `provider/resources/${schema}.ts`), "schema"),
    schema: definitions.find((candidate) => candidate.kind === kind)?.schema,
  }));
  const header = [
    "// generated by tools/docs.ts from the schemas; do not edit",
    'import type * as pulumi from "@pulumi/pulumi";',
  ];
  const interfaces = [
    ...sources.flatMap(({ kind, texts, schema }) => {
      if (!schema) throw new Error(`There is no ${kind}.`);
      const named = { kind, texts, prefix: "" };
      return [
        ...interfacesOf(kind, schema, { ...named, side: "in" }),
        ...interfacesOf(kind, schema, { ...named, side: "out" }),
      ];
    }),
    ...interfacesOf("Provider", settings, {
      kind: "Provider",
      texts: fieldTexts(join(project, "provider/settings/index.ts"), "settings"),
      prefix: "",
      side: "in",
    }),
  ];
  return `${header.join("\n")}\n\n${interfaces.join("\n\n")}\n`;
}

/** What a program passes in may be an output of another resource, at every depth; what comes out is plain. */
type Side = "in" | "out";

interface Naming {
  kind: string;
  texts: ReadonlyMap<string, string>;
  prefix: string;
  side: Side;
}

function interfacesOf(name: string, schema: z.ZodObject, { kind, texts, prefix, side }: Naming): string[] {
  const nested: string[] = [];
  const lines = Object.entries(schema.shape).flatMap(([key, value]) => {
    const field = value as z.ZodType;
    const inner = unwrap(field);
    const element = inner instanceof z.ZodArray ? unwrap(inner.element as z.ZodType) : undefined;
    const object = inner instanceof z.ZodObject ? inner : element instanceof z.ZodObject ? element : undefined;
    const optional = side === "in" ? isOptional([`${prefix}${key}`], field) : field.safeParse(undefined).success;
    let own = typeOf(inner, side);
    if (object) {
      const part = `${name}${key.charAt(0).toUpperCase()}${element ? key.slice(1).replace(/s$/, "") : key.slice(1)}`;
      nested.push(
        ...interfacesOf(part, object, { kind, texts, prefix: `${prefix}${key}${element ? "[]" : ""}.`, side }),
      );
      own = element ? listOf(nameOn(part, side, false), side) : nameOn(part, side, false);
    }
    const text = (texts.get(prefix + key) ?? "").split("\n");
    return [
      "  /**",
      ...text.map((line) => `   * ${line}`.trimEnd()),
      "   */",
      `  ${key}${optional ? "?" : ""}: ${side === "in" ? given(own) : own}${optional ? " | undefined" : ""};`,
    ];
  });
  const of = prefix === "" ? `a \`${kind}\`` : `\`${prefix.replace(/\.$/, "")}\` of a \`${kind}\``;
  const what = side === "in" ? "Arguments" : "Properties";
  const own = nameOn(name, side, prefix === "");
  return [`/** ${what} of ${of}. */\nexport interface ${own} {\n${lines.join("\n")}\n}`, ...nested];
}

/** A resource's own class has the plain name. */
function nameOn(name: string, side: Side, isResource: boolean): string {
  if (side === "in") return `${name}Args`;
  return isResource ? `${name}Properties` : name;
}

const given = (type: string) => `pulumi.Input<${type}>`;
const listOf = (type: string, side: Side) =>
  side === "in" ? `${given(type)}[]` : /[ |]/.test(type) ? `(${type})[]` : `${type}[]`;

function typeOf(schema: z.ZodType, side: Side): string {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodString || inner instanceof z.ZodStringFormat) return "string";
  if (inner instanceof z.ZodNumber) return "number";
  if (inner instanceof z.ZodBoolean) return "boolean";
  if (inner instanceof z.ZodEnum) return inner.options.map((option) => JSON.stringify(option)).join(" | ");
  if (inner instanceof z.ZodLiteral) return [...inner.values].map((value) => JSON.stringify(value)).join(" | ");
  if (inner instanceof z.ZodArray) return listOf(typeOf(inner.element as z.ZodType, side), side);
  if (inner instanceof z.ZodUnion)
    return [...new Set(inner.options.map((option) => typeOf(option as z.ZodType, side)))].join(" | ");
  if (!(inner instanceof z.ZodObject)) throw new Error(`No type is known of ${inner.constructor.name}.`);
  const properties = Object.entries(inner.shape).map(([key, value]) => {
    const type = typeOf(value as z.ZodType, side);
    const optional = (value as z.ZodType).safeParse(undefined).success;
    return `${key}${optional ? "?" : ""}: ${side === "in" ? given(type) : type}${optional ? " | undefined" : ""}`;
  });
  return `{ ${properties.join("; ")} }`;
}

function table(rows: readonly Field[], texts: ReadonlyMap<string, string>): string {
  const head =
    "| property | | set by | values | required | default | changes |\n| --- | --- | --- | --- | --- | --- | --- |";
  const lines = rows.map(({ path, schema, change, setter }) => {
    const { text, usual } = described(nameOf(path), texts);
    const by = setter ? `\`${writtenSetter(setter)}\`` : "";
    // a sentence that is the column's content is said once
    const rest = by === "" ? text : text.replace(/\s+/g, " ").replace(`. ${by}.`, ".");
    return row(
      `\`${nameOf(path)}\``,
      rest,
      by,
      valuesOf(schema),
      requiredIn(path, schema, text),
      usual,
      change ? changes[change] : "",
    );
  });
  return [head, ...lines].join("\n");
}

/** What depends on other properties its own text says. */
function requiredIn(path: Field["path"], schema: z.ZodType, text: string): string {
  if (!isOptional(path, schema)) return "yes";
  return /\bRequired\b/.test(text) ? "see there" : "no";
}

/** A resource's name defaults to the name that the program gives it. */
function isOptional(path: Field["path"], schema: z.ZodType): boolean {
  return schema.safeParse(undefined).success || path.join(".") === "name";
}

function writtenSetter({ cmdlet, parameter, assigns }: Setter): string {
  if (assigns !== undefined) return `(${cmdlet}).${assigns}`;
  return parameter === undefined ? cmdlet : `${cmdlet} -${parameter}`;
}

function argumentsTable(rows: readonly Field[], texts: ReadonlyMap<string, string>): string {
  const lines = rows.map(({ path, schema }) => {
    const { text, usual } = described(nameOf(path), texts);
    const name = nameOf(path);
    return row(`\`${name}\``, text, valuesOf(schema), usual, `\`${variableOf(name)}\``);
  });
  return ["| argument | | values | default | variable |\n| --- | --- | --- | --- | --- |", ...lines].join("\n");
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
}

function nameOf(path: Field["path"]): string {
  return path.reduce((text, part) => (part === "[]" ? `${text}[]` : text === "" ? part : `${text}.${part}`), "");
}

/** The text of a property, with its default apart. */
function described(name: string, texts: ReadonlyMap<string, string>): { text: string; usual: string } {
  const whole = texts.get(name);
  if (!whole) throw new Error(`${name} has no documentation.`);
  const [, text = whole, usual = ""] = /^([\s\S]*?)\s*Default: ([\s\S]*)\.$/.exec(whole) ?? [];
  return { text, usual };
}

/** What a property may be, as far as its schema says. */
function valuesOf(schema: z.ZodType): string {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodBoolean) return "boolean";
  if (inner instanceof z.ZodEnum || inner instanceof z.ZodLiteral)
    return [...("options" in inner ? inner.options : inner.values)].map((value) => `\`${value}\``).join(", ");
  if (inner instanceof z.ZodArray) {
    const element = unwrap(inner.element as z.ZodType);
    return element instanceof z.ZodObject ? "list" : `list of ${valuesOf(element)}`;
  }
  if (inner instanceof z.ZodUnion)
    return [...new Set(inner.options.map((option) => alternativeOf(option as z.ZodType)))].join(" or ");
  if (inner instanceof z.ZodNumber) return numbersOf(inner);
  return inner instanceof z.ZodObject ? "" : "text";
}

function alternativeOf(schema: z.ZodType): string {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodObject)) return valuesOf(schema);
  const names = Object.entries(inner.shape).map(
    ([name, field]) => `${name}${(field as z.ZodType).safeParse(undefined).success ? "?" : ""}`,
  );
  return `\`{ ${names.join(", ")} }\``;
}

/** The range, where it is narrower than what a whole number can be. */
function numbersOf({ minValue, maxValue }: z.ZodNumber): string {
  const most = maxValue !== null && maxValue < Number.MAX_SAFE_INTEGER ? sized(maxValue) : undefined;
  const least = minValue !== null && minValue > Number.MIN_SAFE_INTEGER ? sized(minValue) : undefined;
  if (least === undefined && most === undefined) return "number";
  return most === undefined ? `${least} or more` : `${least ?? ""} to ${most}`;
}

function sized(count: number): string {
  return count >= 2 ** 20 && count % 2 ** 20 === 0 ? sizeText(count) : String(count);
}

function list(items: readonly (readonly [string, string])[]): string {
  return items.map(([name, text]) => `- \`${name}\`: ${text}`).join("\n");
}

/** A file's constants by name, its own and those that it imports, each with the scope that it is written in. */
type Scope = Map<string, { expression: ts.Expression; scope: Scope }>;

const scopes = new Map<string, Scope>();

function scopeOf(file: string): Scope {
  const known = scopes.get(file);
  if (known) return known;
  const scope: Scope = new Map();
  scopes.set(file, scope);
  for (const node of parse(file).statements) {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const { namedBindings } = node.importClause ?? {};
      const from = node.moduleSpecifier.text;
      if (!from.startsWith(".") || !namedBindings || !ts.isNamedImports(namedBindings)) continue;
      const base = join(dirname(file), from);
      const target = [`${base}.ts`, join(base, "index.ts")].find((candidate) => existsSync(candidate));
      if (target === undefined) continue;
      const imported = scopeOf(target);
      for (const { name, propertyName } of namedBindings.elements) {
        const constant = imported.get((propertyName ?? name).text);
        if (constant) scope.set(name.text, constant);
      }
    }
    if (!ts.isVariableStatement(node)) continue;
    for (const { name, initializer } of node.declarationList.declarations)
      if (ts.isIdentifier(name) && initializer) scope.set(name.text, { expression: initializer, scope });
  }
  return scope;
}

/** Documentation of every field of an object schema, nested ones under their path. */
function fieldTexts(file: string, root: string): Map<string, string> {
  const texts = new Map<string, string>();
  const walk = (expression: ts.Expression, scope: Scope, prefix: string) => {
    for (const { property, scope: own } of propertiesOf(expression, scope)) {
      const path = prefix + property.name.getText();
      texts.set(path, docOf(property));
      const inner = innerObject(property.initializer, own);
      if (inner) walk(inner.object, inner.scope, `${path}${inner.list ? "[]" : ""}.`);
    }
  };
  const start = scopeOf(file).get(root);
  if (!start) throw new Error(`${file} has no ${root}.`);
  walk(start.expression, start.scope, "");
  return texts;
}

/** The properties of `z.strictObject({...})`, with those that are spread in. */
function propertiesOf(expression: ts.Expression, scope: Scope): { property: ts.PropertyAssignment; scope: Scope }[] {
  const literal = ts.isObjectLiteralExpression(expression)
    ? expression
    : ts.isCallExpression(expression)
      ? expression.arguments.find(ts.isObjectLiteralExpression)
      : undefined;
  return (literal?.properties ?? []).flatMap((property) => {
    if (ts.isPropertyAssignment(property)) return [{ property, scope }];
    const spread =
      ts.isSpreadAssignment(property) && ts.isIdentifier(property.expression)
        ? scope.get(property.expression.text)
        : undefined;
    return spread ? propertiesOf(spread.expression, spread.scope) : [];
  });
}

/** The constant behind `memory.prefault({})`, `z.array(networkAdapter)`, `firmware.optional()`. */
function innerObject(
  expression: ts.Expression,
  scope: Scope,
): { object: ts.Expression; scope: Scope; list: boolean } | undefined {
  let found: { object: ts.Expression; scope: Scope; list: boolean } | undefined;
  const visit = (node: ts.Node, list: boolean) => {
    if (found) return;
    const inArray = list || (ts.isCallExpression(node) && /\barray$/.test(node.expression.getText()));
    if (ts.isIdentifier(node)) {
      const constant = scope.get(node.text);
      if (constant && /strictObject\(/.test(constant.expression.getText()))
        found = { object: constant.expression, scope: constant.scope, list };
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
    .replace(/@default\s+([^\n]*)/g, (_all, value: string) => `Default: ${asCode(value.trim())}.`)
    .trim();
}

/** A default that is a value stands as code; in one that is a sentence each value that is written out. */
function asCode(usual: string): string {
  const isValue = /^("[^"]*"|\[[^\]]*\]|[\d.]+( [KMGT]iB)?|true|false)$/.test(usual);
  return isValue ? `\`${usual}\`` : usual.replace(/"[^"]*"|[\d.]+ [KMGT]iB/g, "`$&`");
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
}

if (require.main === module) {
  writeFileSync(join(project, "docs/resources.md"), resourcesPage());
  writeFileSync(join(project, "docs/provider.md"), providerPage());
  writeFileSync(join(project, "docs/errors.md"), errorsPage());
  writeFileSync(join(project, "sdk/types.generated.ts"), programTypes());
}
