// Holds the directions in which imports may go. Prints each that goes another way, and ends with 1 if there is one.
// usage: node tools/imports.mjs [folder of the project]
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const project = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), ".."));
const roots = ["sdk", "provider", "cli", "examples", "templates", "tests", "tools"];

/** Folders of the simulator: each may import those before it. */
const layers = ["world", "engine", "storage", "network", "devices", "machine", "cluster"];

// Each area by how its paths begin; the first that fits.
const areas = [
  ["sdk", /^sdk(\/|$)/],
  ["resources", /^provider\/resources(\/|$)/],
  ["lifecycle", /^provider\/lifecycle(\/|$)/],
  ["host", /^provider\/host(\/|$)/],
  ...layers.map((layer) => [layer, new RegExp(`^provider/simulator/${layer}(/|$)`)]),
  ["simulator", /^provider\/simulator(\/|$)/],
  ["index", /^provider(\/(index|entry|connect|simulated-hosts))?$/], // puts the pieces together
  ["text", /^provider\/text(\/|$)/], // what may be shown
  ["calls", /^provider\/calls(\/|$)/], // calls as data, and the types of cmdlets that are generated
  ["schema", /^provider\/schema(\/|$)/], // how a field is marked
  ["settings", /^provider\/settings(\/|$)/],
  ["cli", /^cli(\/|$)/],
  ["examples", /^(examples|templates)(\/|$)/],
  ["tests", /^tests(\/|$)/],
  ["tools", /^tools(\/|$)/],
];

/** What everything in the provider may speak of. */
const vocabulary = ["calls", "schema", "settings", "text"];
const provider = ["resources", "lifecycle", "host", "simulator", ...layers, ...vocabulary];

/** What each area may import besides itself. `pulumi`: the Pulumi SDK; `ourselves`: this package by its name. */
const allowed = {
  sdk: { areas: ["resources", ...vocabulary], typesOnly: ["resources", ...vocabulary], pulumi: true },
  resources: { areas: vocabulary },
  lifecycle: { areas: ["resources", "host", ...vocabulary], pulumi: true },
  host: { areas: vocabulary },
  ...Object.fromEntries(layers.map((layer, index) => [layer, { areas: [...layers.slice(0, index), ...vocabulary] }])),
  simulator: { areas: [...layers, ...vocabulary] },
  text: { areas: ["calls"] },
  calls: { areas: [] },
  schema: { areas: ["calls", "text"] },
  settings: { areas: ["schema", "text"] },
  index: { areas: provider },
  cli: { areas: [...provider, "index"] },
  examples: { areas: [], pulumi: true, ourselves: true },
  tests: { areas: areas.map(([name]) => name), pulumi: true, ourselves: true },
  // a benchmark of what goes through SSH plays its hosts as the tests do
  tools: { areas: [...provider, "index", "cli", "tests"], pulumi: true, ourselves: true },
};

/** Of `host` the lifecycle sees the interface, never a transport. */
const interfaceOfHost = ["provider/host/host", "provider/host/errors"];

const files = sourceFiles();
const imports = new Map(files.map((file) => [file, importsOf(file)]));
const violations = files.flatMap((file) => imports.get(file).flatMap((one) => judge(file, one)));
for (const { file, specifier, why } of violations) console.error(`${file}: "${specifier}": ${why}`);
const circles = circlesOf();
for (const circle of circles) console.error(`These files need each other when they are loaded: ${circle.join(", ")}`);
if (violations.length + circles.length > 0) process.exitCode = 1;
else console.log("Every import goes an allowed way, and none in a circle.");

/** Groups of files of which each leads to every other by imports of values (Tarjan). */
function circlesOf() {
  const known = new Set(files);
  const needs = (file) =>
    imports
      .get(file)
      .filter(({ specifier, typeOnly }) => !typeOnly && specifier.startsWith("."))
      .map(({ specifier }) => stem(posix.join(posix.dirname(file), specifier)))
      .flatMap((target) => [`${target}.ts`, `${target}/index.ts`].find((one) => known.has(one)) ?? []);
  const seen = new Map();
  const open = [];
  const circles = [];
  const visit = (file) => {
    const own = { order: seen.size, lowest: seen.size, isOpen: true };
    seen.set(file, own);
    open.push(file);
    for (const next of needs(file)) {
      const other = seen.get(next) ?? visit(next);
      if (other.isOpen) own.lowest = Math.min(own.lowest, other.lowest);
    }
    if (own.lowest < own.order) return own;
    const group = open.splice(open.indexOf(file));
    for (const one of group) seen.get(one).isOpen = false;
    if (group.length > 1) circles.push(group);
    return own;
  };
  for (const file of files) if (!seen.has(file)) visit(file);
  return circles;
}

function judge(file, { specifier, typeOnly }) {
  const from = areaOf(file);
  const may = allowed[from];
  const wrong = (why) => [{ file, specifier, why }];
  if (/^@pulumi\//.test(specifier)) return may.pulumi ? [] : wrong(`${from} knows nothing of Pulumi`);
  if (/^pulumi-hyperv(\/|$)/.test(specifier) && specifier !== "pulumi-hyperv/package.json")
    return may.ourselves ? [] : wrong("only examples, tests and tools use the package by its name");
  if (!/^\.\.?(\/|$)/.test(specifier)) return [];

  const target = stem(posix.join(posix.dirname(file), specifier));
  const to = areaOf(target);
  if (to === undefined) return from === "tests" || from === "tools" ? [] : wrong("lies outside the folders of source");
  if (from === "examples" && target.split("/")[1] !== file.split("/")[1]) return wrong("an example stands alone");
  if (to === from) return [];
  if (!may.areas.includes(to)) return wrong(`${from} may not import ${to}`);
  if (may.typesOnly?.includes(to) && !typeOnly)
    return wrong(`${from} may import only types of ${to}: write "import type"`);
  if (from === "lifecycle" && to === "host" && !interfaceOfHost.includes(target))
    return wrong(`of host, lifecycle may import only ${interfaceOfHost.join(" and ")}`);
  return [];
}

function areaOf(path) {
  return areas.find(([, begins]) => begins.test(stem(path)))?.[0];
}

function stem(path) {
  return path.replace(/\/$/, "").replace(/(\.d)?\.[cm]?[jt]s$/, "");
}

function importsOf(file) {
  const text = readFileSync(join(project, file), "utf8");
  const found = [];
  const add = (node, typeOnly) => {
    if (node && ts.isStringLiteralLike(node)) found.push({ specifier: node.text, typeOnly });
  };
  const visit = (node) => {
    if (ts.isImportDeclaration(node))
      add(node.moduleSpecifier, onlyTypes(node.importClause, node.importClause?.namedBindings));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, onlyTypes(node, node.exportClause));
    else if (ts.isImportEqualsDeclaration(node)) add(node.moduleReference.expression, node.isTypeOnly);
    else if (ts.isImportTypeNode(node)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && loads(node.expression)) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return found;
}

function onlyTypes(clause, bindings) {
  if (!clause) return false; // import "x": for its effects
  if (clause.isTypeOnly) return true;
  const elements = clause.name ? undefined : bindings?.elements;
  return elements !== undefined && elements.length > 0 && elements.every((element) => element.isTypeOnly);
}

function loads(callee) {
  if (callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require"))
    return true;
  return (
    ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.expression) && callee.expression.text === "require"
  );
}

function sourceFiles() {
  return roots
    .filter((root) => existsSync(join(project, root)))
    .flatMap((root) =>
      readdirSync(join(project, root), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
        .map((entry) =>
          relative(project, join(entry.parentPath ?? entry.path, entry.name))
            .split(sep)
            .join("/"),
        ),
    )
    .filter((file) => !file.includes("node_modules/"))
    .sort();
}
