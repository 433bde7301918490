import { join } from "node:path";
import { type Field, fields } from "../../provider/schema";
import { nodeSettings, settings } from "../../provider/settings";
import { variableOf } from "../../provider/settings/environment";
import { classText, fieldTexts } from "./comments";
import { described, nameOf, valuesOf } from "./properties";
import { note, project } from "./sources";

export function providerPage(): string {
  const file = join(project, "provider/settings/index.ts");
  const texts = fieldTexts(file, "settings");
  const { doc } = classText(join(project, "sdk/provider.ts"), "Provider");
  const ofNodes = fields(nodeSettings).map((field) => section(field, fieldTexts(file, "nodeSettings"), "nodes[]."));
  const parts = fields(settings).flatMap((field) =>
    nameOf(field.path) === "nodes" ? [section(field, texts), ...ofNodes] : [section(field, texts)],
  );
  const contents = fields(settings)
    .map(({ path }) => `[\`${nameOf(path)}\`](#${nameOf(path).toLowerCase()})`)
    .join(" · ");
  return `${["# Provider", note.trim(), doc, "## Arguments", giving, contents, ...parts, "## Environment variables", environment].join("\n\n")}\n`;
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

/** A heading for each argument; below `nodes` those of one node. */
function section({ path, schema, secret }: Field, texts: ReadonlyMap<string, string>, above = ""): string {
  const { text, usual } = described(nameOf(path), texts);
  const name = `${above}${nameOf(path)}`;
  const lines = [
    `- **Value**: ${valuesOf(schema)}${secret ? "; a secret, which no message and no log shows" : ""}`,
    ...(usual ? [`- **Default**: ${usual}`] : []),
    ...(above === "" ? [`- **Variable**: \`${variableOf(name)}\``] : []),
  ];
  return [`${above === "" ? "###" : "####"} \`${name}\``, text.replace(/\s+/g, " "), lines.join("\n")].join("\n\n");
}
