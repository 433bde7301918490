// The documentation that stands in comments: on the fields of a schema, on a class, on what it computes.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

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
export function fieldTexts(file: string, root: string): Map<string, string> {
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

export interface ClassText {
  doc: string;
  /** What it computes, with what that is. */
  outputs: [name: string, text: string][];
  /** Its static method that reads an existing one. */
  get: { doc: string; byName: boolean };
}

export function classText(file: string, name: string): ClassText {
  const source = parse(file);
  const found: ClassText = { doc: "", outputs: [], get: { doc: "", byName: false } };
  source.forEachChild((node) => {
    if (ts.isClassDeclaration(node) && node.name?.text === name) {
      found.doc = docOf(node);
      const get = node.members.filter(ts.isMethodDeclaration).find((member) => member.name.getText() === "get");
      if (get) found.get = { doc: docOf(get), byName: /\bByName\b/.test(get.getText()) };
    }
    if (ts.isInterfaceDeclaration(node) && node.name.text === "Computed")
      for (const member of node.members) found.outputs.push([member.name?.getText(source) ?? "", docOf(member)]);
  });
  return found;
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
