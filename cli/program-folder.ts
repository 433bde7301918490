import { readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { isAtHome, isKeyText } from "../provider/host/ssh/trust";

/**
 * The folder in which the engine runs the provider of the project that a folder belongs to: that of its Pulumi.yaml, or of the `main` in
 * it (GetPwdMain in the engine's pkg/engine/project.go). The folder itself where there is no project.
 */
export function programFolder(from = process.cwd()): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    for (const name of ["Pulumi.json", "Pulumi.yaml", "Pulumi.yml"]) {
      const file = join(folder, name);
      if (!statSync(file, { throwIfNoEntry: false })?.isFile()) continue;
      const main = resolve(folder, mainIn(file) ?? ".");
      // one that leads nowhere is the engine's to tell
      return statSync(main, { throwIfNoEntry: false })?.isFile() ? dirname(main) : main;
    }
    if (folder === dirname(folder)) return resolve(from);
  }
}

/** The one entry that matters here. */
function mainIn(file: string): string | undefined {
  const text = readFileSync(file, "utf8");
  if (file.endsWith(".json")) return /"main"\s*:\s*"([^"]+)"/.exec(text)?.[1];
  const [, quoted, bare] = /^main:[ \t]+(?:["']([^"'\n]+)["']|([^\s"'#][^\n#]*?))[ \t]*(?:#.*)?\r?$/m.exec(text) ?? [];
  return quoted ?? bare;
}

/** Settings whose relative paths are seen from the folder in which the provider runs, with these as they are seen from here. */
export function seenFrom(folder: string, given: Readonly<Record<string, unknown>>, transport: unknown) {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]): [string, unknown] => {
      if (typeof value !== "string" || !isFile(name, value, transport) || isAbsolute(value.trim()))
        return [name, value];
      return [name, relative(".", join(folder, value.trim()))];
    }),
  );
}

/** Whether a setting's text is the path of a file on this machine that does not begin at the user's home. */
function isFile(name: string, text: string, transport: unknown): boolean {
  switch (name) {
    case "simulator":
      return true;
    case "trace":
      return !["true", "false", ""].includes(text);
    case "privateKey":
      return !isKeyText(text) && !isAtHome(text.trim());
    case "knownHosts":
      return !isAtHome(text);
    case "powershell":
      // a bare name is looked for on the PATH
      return transport === "local" && /[\\/]/.test(text);
    default:
      return false;
  }
}
