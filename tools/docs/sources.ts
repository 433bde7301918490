import { resolve } from "node:path";
import { definitions } from "../../provider";
import { fileNameOf } from "../../provider/resources";

export const project = resolve(__dirname, "../..");

export const resources = definitions.map((definition) => {
  const file = fileNameOf(definition.kind);
  return { kind: definition.kind, definition, file, schema: `${file}/schema`, page: `docs/resources/${file}.md` };
});

export type Resource = (typeof resources)[number];

export const note = "<!-- written by tools/docs.ts from the documentation in the code: change it there -->\n";
