import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionOf } from "../../cli/connection-options";
import { programFolder } from "../../cli/program-folder";
import { withoutDefaults } from "../without-defaults";

describe("the folder in which a project's provider runs", () => {
  const home = process.cwd();
  let folder: string;
  const at = (...parts: string[]) => join(folder, ...parts);
  beforeEach(() => {
    folder = realpathSync.native(mkdtempSync(join(tmpdir(), "pulumi-hyperv-project-")));
    for (const below of ["src", "deep/er"]) mkdirSync(at(below), { recursive: true });
    writeFileSync(at("src", "index.js"), "");
  });
  afterEach(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });

  const projects: [name: string, text: string, program: string][] = [
    ["Pulumi.yaml", "name: a\nruntime: nodejs\n", "."],
    ["Pulumi.yml", "name: a\nmain: src\n", "src"],
    ["Pulumi.yaml", "name: a\nmain: 'src/index.js' # built\r\nruntime: nodejs\n", "src"],
    ["Pulumi.yaml", 'runtime:\n  name: nodejs\n  main: no\nmain: "src/"\n', "src"],
    ["Pulumi.json", '{\n  "name": "a",\n  "main": "src"\n}', "src"],
  ];
  for (const [name, text, program] of projects)
    it(`is ${program} for ${JSON.stringify(text)}, from everywhere below it`, () => {
      writeFileSync(at(name), text);
      for (const from of [".", "src", "deep/er"]) assert.equal(programFolder(at(from)), join(folder, program));
    });

  it("is the own folder where there is no project", () => assert.equal(programFolder(at("deep")), at("deep")));

  it("is where paths are seen from that are configured, and those of options from where somebody stands", () => {
    writeFileSync(at("Pulumi.yaml"), "name: a\nmain: src\n");
    process.chdir(at("deep"));
    const configured = {
      address: "hv01",
      privateKey: "keys/id",
      knownHosts: "hosts",
      trace: "trace.ps1",
      powershell: "bin/pwsh",
    };
    assert.deepEqual(withoutDefaults(connectionOf({}, configured, {}).settings), {
      ...configured,
      privateKey: join("..", "src", "keys", "id"),
      knownHosts: join("..", "src", "hosts"),
      trace: join("..", "src", "trace.ps1"),
    });
    const { simulator } = connectionOf({}, { simulator: "world.json" }, {}).settings;
    assert.equal(simulator, join("..", "src", "world.json"));
    assert.equal(connectionOf({}, {}, { HYPERV_SIMULATOR: "world.json" }).settings.simulator, simulator);
    assert.equal(connectionOf({ simulator: "world.json" }, {}, {}).settings.simulator, "world.json");
    const own = connectionOf({ transport: "local" }, { powershell: "bin/pwsh" }, {}).settings;
    assert.equal(own.powershell, join("..", "src", "bin", "pwsh"));
  });

  it("changes nothing of a path that is whole, of the user's home, of a key itself and of what is no path", () => {
    writeFileSync(at("Pulumi.yaml"), "name: a\nmain: src\n");
    process.chdir(at("deep"));
    const configured = {
      address: "hv01",
      privateKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n",
      knownHosts: "~/.ssh/other_hosts",
      trace: "true",
      powershell: "pwsh",
    };
    const { settings } = connectionOf({}, configured, {});
    assert.deepEqual(
      [settings.privateKey, settings.knownHosts, settings.trace, settings.powershell],
      [configured.privateKey, configured.knownHosts, true, "pwsh"],
    );
    const whole = at("deep", "key");
    assert.equal(connectionOf({}, { address: "hv01", privateKey: whole }, {}).settings.privateKey, whole);
  });
});
