// Makes dist from sdk, provider and cli: compiles, copies what is not TypeScript, removes what has no source any more.
// Does nothing if dist was made from the same files. Imported by run.mjs, so it may need nothing that is not installed yet.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const project = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(project, "dist");
const stamp = join(dist, ".built");
const sources = ["sdk", "provider", "cli"];
const settings = ["tsconfig.build.json", "package.json", "package-lock.json", "tools/build.mjs"];

export function built() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint();
}

export async function build() {
  const made = fingerprint();
  rmSync(stamp, { force: true });
  removeOrphans();
  const compiler = join(project, "node_modules", "typescript", "bin", "tsc");
  const tsc = spawn(process.execPath, [compiler, "-p", "tsconfig.build.json"], { cwd: project, stdio: "inherit" });
  const [code] = await once(tsc, "close");
  if (code !== 0) throw new Error("The build failed.");
  copyAssets();
  for (const file of files(dist)) if (file.endsWith(".d.ts")) forOlderCompilers(file);
  const command = join(dist, "cli", "index.js");
  if (existsSync(command)) chmodSync(command, 0o755);
  writeFileSync(stamp, made);
}

function fingerprint() {
  const hash = createHash("sha256");
  for (const file of [...settings.map((name) => join(project, name)), ...sourceFiles()]) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(project, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

function copyAssets() {
  for (const file of sourceFiles()) {
    if (![".json", ".ps1"].includes(extname(file))) continue;
    const target = join(dist, relative(project, file));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
}

/** Pulumi compiles programs with TypeScript 3.8 (ran), which knows no `type` at a name. In declarations it says nothing. */
function forOlderCompilers(file) {
  const written = readFileSync(file, "utf8");
  const older = written.replace(/^(import|export) (type \*|\{[^}]*\}) from /gm, (line) =>
    line.replace("export type *", "export *").replace(/([{,]\s*)type (?=[\w$])/g, "$1"),
  );
  if (older !== written) writeFileSync(file, older);
}

function removeOrphans() {
  if (!existsSync(dist)) return;
  const made = new Set(
    sourceFiles().flatMap((file) => {
      const target = join(dist, relative(project, file));
      const stem = target.replace(/\.ts$/, "");
      return stem === target ? [target] : [`${stem}.js`, `${stem}.d.ts`];
    }),
  );
  for (const file of files(dist)) if (dirname(file) !== dist && !made.has(file)) rmSync(file);
}

function sourceFiles() {
  return sources.flatMap((folder) => files(join(project, folder))).sort();
}

function files(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
