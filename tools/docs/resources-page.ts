import { join } from "node:path";
import { definitions } from "../../provider";
import { type Change, type Field, fields } from "../../provider/schema";
import { classText, fieldTexts } from "./comments";
import { described, nameOf, requiredIn, valuesOf, writtenSetter } from "./properties";
import { row } from "./provider-page";
import { note, project, resources } from "./sources";

const changes: Readonly<Record<Change, string>> = {
  hot: "while running",
  off: "machine off",
  replaces: "replaces",
  policy: "nothing on the host",
};

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

function list(items: readonly (readonly [string, string])[]): string {
  return items.map(([name, text]) => `- \`${name}\`: ${text}`).join("\n");
}
