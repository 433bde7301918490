import assert from "node:assert/strict";
import { configOf, settingsOf } from "../../cli/connection-options";

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
    [{ nodes: "hv01, hv02" }, { nodes: ["hv03"] }, { nodes: ["hv01", "hv02"] }],
  ];
  for (const [options, configured, expected] of where)
    it(`go where ${JSON.stringify(options)} says, whatever ${JSON.stringify(configured)} does`, () => {
      const { maxSessions, timeoutSeconds, ...settings } = settingsOf(options, configured) as Record<string, unknown>;
      assert.deepEqual(settings, expected);
    });

  it("are refused with what the configuration misspells", () =>
    assert.throws(() => settingsOf({}, { adress: "hv01", address: "hv02" }), /- hyperv:adress is not a property/));
});
