import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { configOf, connectionFrom, connectionOf } from "../../cli/connection-options";
import { withoutDefaults } from "../without-defaults";

const settingsOf = (
  options: Record<string, string | boolean>,
  configured: Record<string, unknown>,
  environment: Record<string, string> = {},
) => connectionOf(options, configured, environment).settings;

const printed = {
  "hyperv:address": { value: "hv01", secret: false },
  "hyperv:port": { value: "2222", secret: false },
  "hyperv:nodes": { value: '["hv01","hv02"]', objectValue: ["hv01", "hv02"], secret: false },
  "other:address": { value: "no", secret: false },
};

describe("options of a connection and the stack's configuration", () => {
  const { address, nodes, port } = settingsOf({ config: true }, configOf(JSON.stringify(printed)));

  it("are read as Pulumi prints them", () =>
    assert.deepEqual({ address, nodes, port }, { address: "hv01", nodes: ["hv01", "hv02"], port: 2222 }));

  const where: [options: Record<string, string>, configured: Record<string, unknown>, expected: object][] = [
    [{ address: "hv09" }, { nodes: ["hv01", "hv02"], user: "pulumi" }, { address: "hv09", user: "pulumi" }],
    [{ address: "hv09" }, { transport: "simulator", simulator: "w.json" }, { address: "hv09" }],
    [{ transport: "local" }, { address: "hv01", nodes: ["hv01"] }, { transport: "local" }],
    [{ transport: "ssh" }, { transport: "local", address: "hv01" }, { transport: "ssh", address: "hv01" }],
    [{ simulator: "w.json" }, { transport: "ssh", nodes: ["hv01"] }, { simulator: "w.json", nodes: ["hv01"] }],
    [{ address: "hv01", knownHosts: "hosts" }, { hostKey: "SHA256:x" }, { address: "hv01", knownHosts: "hosts" }],
    [{ nodes: "hv01, hv02" }, { nodes: ["hv03"] }, { nodes: ["hv01", "hv02"] }],
  ];
  for (const [options, configured, expected] of where)
    it(`go where ${JSON.stringify(options)} says, whatever ${JSON.stringify(configured)} does`, () =>
      assert.deepEqual(withoutDefaults(settingsOf(options, configured)), expected));

  it("are refused with what the configuration misspells", () =>
    assert.throws(() => settingsOf({}, { adress: "hv01", address: "hv02" }), /- hyperv:adress is not a property/));
});

describe("a stack's configuration", () => {
  let folder: string;
  const path = process.env.PATH;

  before(function () {
    if (process.platform === "win32") return this.skip(); // there a script is no program
    folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-config-"));
    process.env.PATH = [folder, path].join(delimiter);
  });
  after(() => {
    process.env.PATH = path;
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** A Pulumi that cannot read the configuration of the stack that is selected, if one is. */
  const pulumi = (selected: boolean) => {
    const script = `#!/bin/sh\n[ "$1" = config ] || exit ${selected ? 0 : 255}\necho 'error: incorrect passphrase' >&2\nexit 255\n`;
    writeFileSync(join(folder, "pulumi"), script, { mode: 0o755 });
  };

  it("that cannot be read is no configuration that is empty", async () => {
    pulumi(true);
    await assert.rejects(
      connectionFrom({}),
      /configuration of the stack cannot be read.*incorrect passphrase.*--no-config/s,
    );
    await assert.rejects(connectionFrom({ stack: "dev" }), /configuration of the stack "dev".*incorrect passphrase/s);
    assert.equal((await connectionFrom({ config: false, address: "hv01" })).settings.address, "hv01");
  });

  it("is not needed where no stack is selected", async () => {
    pulumi(false);
    assert.equal((await connectionFrom({ address: "hv01" })).settings.address, "hv01");
  });
});
