import { readFileSync } from "node:fs";
import { join } from "node:path";
import { conditions } from "../../provider/host/conditions";
import { project } from "./sources";

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
