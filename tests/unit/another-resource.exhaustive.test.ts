import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const project = resolve(__dirname, "../..");
const fixture = join(project, "tests/another-resource");

describe("another resource, added in a copy as CONTRIBUTING says,", () => {
  let copy: string;
  before(() => {
    copy = mkdtempSync(join(tmpdir(), "pulumi-hyperv-copy-"));
    for (const name of [
      "provider",
      "sdk",
      "cli",
      "tools",
      "docs",
      "package.json",
      "tsconfig.json",
      "tsconfig.build.json",
    ])
      cpSync(join(project, name), join(copy, name), { recursive: true });
    mkdirSync(join(copy, "tests"));
    cpSync(join(project, "tests/lifecycle.ts"), join(copy, "tests/lifecycle.ts"));
    symlinkSync(join(project, "node_modules"), join(copy, "node_modules"), "junction");
    const folder = join(copy, "provider/resources/private-network");
    mkdirSync(folder);
    for (const name of ["schema.ts", "definition.ts"]) cpSync(join(fixture, name), join(folder, name));
    cpSync(join(fixture, "sdk.ts"), join(copy, "sdk/private-network.ts"));
    cpSync(join(fixture, "run.ts"), join(copy, "tests/run.ts"));
    added("provider/resources/index.ts", 'import { privateNetwork } from "./private-network/definition";\n', [
      "  virtualSwitch,\n",
      "  virtualSwitch,\n  privateNetwork,\n",
    ]);
    added("sdk/index.ts", 'export { PrivateNetwork } from "./private-network";\n');
  });
  after(() => {
    rmSync(join(copy, "node_modules"));
    rmSync(copy, { recursive: true, force: true });
  });

  /** A line at the beginning of a file, and another in its place. */
  function added(name: string, line: string, [before, after] = ["", ""]): void {
    const text = readFileSync(join(copy, name), "utf8");
    assert.ok(text.includes(before));
    writeFileSync(join(copy, name), line + text.replace(before, after));
  }

  /** What it prints, which is in the error too where it fails. */
  const node = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
    return stdout;
  };
  const script = (file: string) => node("-r", "ts-node/register/transpile-only", file);

  it("is documented, and has its arguments' types", () => {
    script("tools/docs.ts");
    const page = readFileSync(join(copy, "docs/resources/private-network.md"), "utf8");
    assert.match(page, /### `notes`/);
    assert.match(readFileSync(join(copy, "sdk/types.generated.ts"), "utf8"), /interface PrivateNetworkArgs/);
  });

  it("compiles, and imports only what it may", () => {
    node("node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--noEmit");
    assert.match(node("tools/imports.mjs"), /Every import goes an allowed way/);
  });

  it("is created, compared, renamed, read and removed", () => {
    assert.match(script("tests/run.ts"), /created, renamed, read and removed/);
  });
});
