import { resolve } from "node:path";
import { definitions } from "../../provider";
import { fileNameOf } from "../../provider/resources";

export const project = resolve(__dirname, "../..");

export const resources = definitions.map(({ kind }) => ({
  kind,
  file: fileNameOf(kind),
  schema: `${fileNameOf(kind)}/schema`,
}));

export const note = "<!-- written by tools/docs.ts from the documentation in the code: change it there -->\n";
