import assert from "node:assert/strict";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { run, Workshop } from "./installed";
import { project } from "./readme";

describe("npx pulumi-hyperv", () => {
  const { version } = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as { version: string };
  let workshop: Workshop;
  before(() => {
    workshop = new Workshop();
  });
  after(() => workshop?.remove());

  for (const folder of [".", "examples", "examples/01-machine", "examples/03-cluster"])
    it(`in ${folder} of a clone is this clone's command, and no registry is asked`, async () => {
      // who asked one would fail: nobody answers there
      const alone = {
        ...workshop.environment(),
        npm_config_registry: "http://127.0.0.1:9",
        npm_config_fetch_retries: "0",
      };
      const ran = await run(alone, join(project, folder), "npx", ["--no-install", "pulumi-hyperv", "--version"]);
      assert.deepEqual(ran, { code: 0, output: `${version}\n` });
    });

  it("in a clone that is not built says that it builds, does so once, and then is the command", async () => {
    const clone = workshop.emptyFolder();
    const copied = /^[\\/](bin|cli|provider|sdk|tools|tsconfig.*|package.*)([\\/]|$)/;
    cpSync(project, clone, {
      recursive: true,
      filter: (file) => file === project || copied.test(file.slice(project.length)),
    });
    symlinkSync(join(project, "node_modules"), join(clone, "node_modules"), "junction");
    const command = () =>
      run(workshop.environment(), clone, process.execPath, [join("bin", "pulumi-hyperv.cjs"), "--version"]);
    assert.deepEqual(await command(), { code: 0, output: `${version}\nBuilding.\n` });
    assert.deepEqual(await command(), { code: 0, output: `${version}\n` });
  });
});
