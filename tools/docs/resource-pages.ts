// A page for each resource, and the list of them.
import { join } from "node:path";
import { type Change, type Field, fields } from "../../provider/schema";
import { type ClassText, classText, fieldTexts } from "./comments";
import { described, nameOf, requiredIn, valuesOf, writtenSetter } from "./properties";
import { note, project, type Resource, resources } from "./sources";

const changes: Readonly<Record<Change, string>> = {
  hot: "is made in place, without a restart",
  off: "needs the machine off: one restart of a running machine, if `allowRestart` is set",
  replaces: "replaces the resource",
  policy: "does nothing on the host",
};

/** Every page by its path in the repository. */
export function resourcePages(): Record<string, string> {
  const pages = resources.map(({ page, ...resource }) => [page, resourcePage(resource)] as const);
  return { "docs/resources/README.md": listPage(), ...Object.fromEntries(pages) };
}

function listPage(): string {
  const lines = resources.map(({ kind, file }) => {
    const { intro } = sectionsOf(classOf({ kind, file }).doc);
    return `- [${kind}](${file}.md): ${(intro[0] ?? "").replaceAll("\n", " ")}`;
  });
  return page("# Resources", note, lines.join("\n"), reading);
}

const reading = `How they reach a host is in [provider](../provider.md); adopting, importing, drift and options of Pulumi are in
[working with Pulumi](../working-with-pulumi.md). Sizes are plain numbers of bytes: \`4 * GiB\`.

## How a page is read

Nested properties have their path as the heading: \`processor.count\`; \`networkAdapters[].vlan\` is of each element of the list. Where the
text says more than the lines under it, the text holds.

| line | says |
| --- | --- |
| Value | the type, and its range or choices |
| Required | a property of a list's element or of an object is required only where that is given |
| A change | *in place*: at once, in any state of the machine. *Needs the machine off*: refused in preview while the machine runs, unless \`allowRestart\` is set. *Replaces*: deletes the existing one and creates another. *Does nothing on the host*: the property says how the provider works |
| Cmdlet | the cmdlet and parameter of Microsoft's that sets it, under whose name Microsoft documents it |`;

function resourcePage(resource: Omit<Resource, "page">): string {
  const { kind, definition } = resource;
  const { doc, outputs, get } = classOf(resource);
  const { intro, example, privileges, errors, destroy } = sectionsOf(doc);
  const rows = fields(definition.schema);
  const texts = fieldTexts(join(project, `provider/resources/${resource.schema}.ts`), "schema");
  const sections: [title: string, ...content: string[]][] = [
    ["Example", ...example],
    ["Properties", contents(rows, []), ...rows.map((row) => property(row, rows, texts))],
    ["Outputs", "All properties, and:", list([["id", "Identity on the host: see above."], ...outputs])],
    ["Reading an existing one", get.doc, code(getExample(kind, get.byName))],
    ["Privileges", privileges],
    ["Errors", errors, "What each kind means, and what to do: [errors](../errors.md)."],
    ["Destroy", destroy],
  ];
  return page(
    `# ${kind}`,
    note,
    ...intro,
    sections.map(([title]) => linkTo(title, title)).join(" · "),
    ...sections.flatMap(([title, ...content]) => [`## ${title}`, ...content]),
  );
}

function property(field: Field, all: readonly Field[], texts: ReadonlyMap<string, string>): string {
  const { path, schema, change, setter } = field;
  const name = nameOf(path);
  const { text, usual } = described(name, texts);
  const required = { yes: "yes", no: "no", "see there": "depends on other properties, as the text says" };
  const lines = [
    `- **Value**: ${valuesOf(schema)}`,
    `- **Required**: ${required[requiredIn(path, schema, text)]}${usual && `; the default is ${usual}`}`,
    ...(change ? [`- **A change** ${changes[change]}`] : []),
    ...(setter ? [`- **Cmdlet**: \`${writtenSetter(setter)}\``] : []),
  ];
  // a sentence that is only the cmdlet is said once
  const line = text.replace(/\s+/g, " ");
  const said = setter ? line.replace(`. \`${writtenSetter(setter)}\`.`, ".") : line;
  const depth = path.filter((part) => part !== "[]").length;
  const nested = contents(all, path);
  return [`${depth === 1 ? "###" : "####"} \`${name}\``, said, lines.join("\n"), ...(nested ? [nested] : [])].join(
    "\n\n",
  );
}

/** Links to the properties right below a path. */
function contents(all: readonly Field[], above: Field["path"]): string {
  const parts = (path: Field["path"]) => path.filter((part) => part !== "[]");
  const [begin, depth] = [parts(above).join("."), parts(above).length];
  return all
    .filter(({ path }) => parts(path).length === depth + 1 && parts(path).slice(0, depth).join(".") === begin)
    .map(({ path }) => linkTo(`\`${path.at(-1)}\``, nameOf(path)))
    .join(" · ");
}

interface Sections {
  intro: string[];
  example: string[];
  privileges: string;
  errors: string;
  destroy: string;
}

/** What stands on a class, by what its paragraphs begin with. */
function sectionsOf(doc: string): Sections {
  const found: Sections = { intro: [], example: [], privileges: "", errors: "", destroy: "" };
  for (const part of doc.split(/(^```ts\n[\s\S]*?\n```$)/m)) {
    if (part.startsWith("```")) {
      found.example.push(part);
      continue;
    }
    for (const paragraph of part.split("\n\n").map((text) => text.trim())) {
      if (paragraph.startsWith("Privileges: ")) found.privileges = paragraph.replace("Privileges: ", "");
      else if (paragraph.startsWith("Errors: "))
        found.errors = paragraph
          .replace("Errors: ", "")
          .split(/;\s+(?=\*)/)
          .map((text) => `- ${text.replaceAll("\n", " ")}`)
          .join("\n");
      else if (paragraph.startsWith("Destroy ")) found.destroy = paragraph;
      // says what the example after it is
      else if (paragraph.endsWith(":")) found.example.push(paragraph);
      else if (paragraph !== "") found.intro.push(paragraph);
    }
  }
  return found;
}

function classOf({ kind, file }: Pick<Resource, "kind" | "file">): ClassText {
  return classText(join(project, `sdk/${file}.ts`), kind);
}

function getExample(kind: string, byName: boolean): string {
  const lines = [`const existing = hyperv.${kind}.get("existing", id);`];
  return [...lines, ...(byName ? [`const named = hyperv.${kind}.get("named", { name: "web" });`] : [])].join("\n");
}

function linkTo(text: string, heading: string): string {
  return `[${text}](#${heading
    .toLowerCase()
    .replace(/[^\w -]/g, "")
    .replaceAll(" ", "-")})`;
}

function list(items: readonly (readonly [string, string])[]): string {
  return items.map(([name, text]) => `- \`${name}\`: ${text}`).join("\n");
}

const code = (text: string) => `\`\`\`ts\n${text}\n\`\`\``;

function page(...parts: string[]): string {
  return `${parts.map((part) => part.trim()).join("\n\n")}\n`;
}
