import { join } from "node:path";
import { type Field, fields } from "../../provider/schema";
import { settings } from "../../provider/settings";
import { variableOf } from "../../provider/settings/environment";
import { classText, fieldTexts } from "./comments";
import { described, nameOf, valuesOf } from "./properties";
import { note, project } from "./sources";

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
