import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const project = resolve(__dirname, "../..");

/** The program that the README shows. */
export function readmeProgram(): string {
  return fenced(readFileSync(join(project, "README.md"), "utf8"), "ts")[0] ?? "";
}

/** What stands between fences of a language; "" for those that name none. */
export function fenced(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, name = "", block = ""]) =>
    name === language ? [block] : [],
  );
}

/** Rows of the table whose first line begins so, as cells. */
export function tableOf(text: string, head: string): string[][] {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => line.startsWith(head));
  if (first < 0) throw new Error(`there is no table that begins with ${head}`);
  const end = lines.findIndex((line, at) => at > first && !line.startsWith("|"));
  return lines.slice(first + 2, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
