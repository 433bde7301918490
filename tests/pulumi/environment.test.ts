import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Declared, engineSuite, type Run, Stack } from "./stack";

const cli = resolve(__dirname, "../../dist/cli/index.js");
const lan: Declared = { kind: "VirtualSwitch", name: "lan", args: { switchType: "Private" } };
const own = (args: Record<string, unknown>): Declared[] => [
  { kind: "Provider", name: "own", args },
  { ...lan, provider: "own" },
];

engineSuite("the environment of a stack whose configuration says nothing", () => {
  let stack: Stack;
  beforeEach(async () => {
    stack = await Stack.make({ nodes: [{ name: "HV01" }] }, { hosts: async () => ({}) });
  });
  afterEach(() => stack?.remove());
  const set = (variables: Record<string, string>) => Object.assign(stack.environment, variables);
  const switches = async () => (await stack.world()).nodes[0]?.switches.map(({ name }) => name);

  it("says how the hosts are reached, to every command, and none of it is kept", async () => {
    stack.declare([lan]);
    const without = await stack.up();
    assert.notEqual(without.code, 0);
    assert.match(without.output, /hyperv:address is required/);
    // as the program's folder sees it
    set({ HYPERV_SIMULATOR: "world.json", HYPERV_PASSWORD: "hunter2", HYPERV_ADRESS: "hv01" });
    const up = succeeded(await stack.up());
    assert.match(
      up.output,
      /warning: The environment variable HYPERV_ADRESS sets nothing\. Did you mean HYPERV_ADDRESS\?/,
    );
    assert.deepEqual(await switches(), ["lan"]);
    succeeded(await stack.refresh("--expect-no-changes"));
    const { output } = await stack.pulumi(["stack", "export"]);
    assert.doesNotMatch(output, /hunter2|world\.json/);
    succeeded(await stack.destroy());
    assert.deepEqual(await switches(), []);
  });

  it("is named where a value is wrong, without a secret", async () => {
    set({ HYPERV_SIMULATOR: "world.json", HYPERV_MAX_SESSIONS: "many", HYPERV_PASSWORD: "hunter2" });
    const { code, output } = await stack.declare([lan]).preview();
    assert.notEqual(code, 0);
    assert.match(output, /- HYPERV_MAX_SESSIONS must be a whole number from 1 to 32; it is "many"\./);
    assert.doesNotMatch(output, /hunter2/);
  });

  it("says nothing to a provider of the program, which is what its arguments say", async () => {
    set({ HYPERV_TRANSPORT: "ssh", HYPERV_ADDRESS: "no-such-host.invalid", HYPERV_MAX_SESSIONS: "many" });
    succeeded(await stack.declare(own({ simulator: "world.json" })).up());
    assert.deepEqual(await switches(), ["lan"]);
    set({ HYPERV_TRANSPORT: "", HYPERV_ADDRESS: "", HYPERV_MAX_SESSIONS: "", HYPERV_SIMULATOR: "world.json" });
    const incomplete = await stack.declare(own({ transport: "simulator" })).preview();
    assert.match(incomplete.output, /hyperv:simulator is required for the transport "simulator"/);
    succeeded(await stack.declare(own({ simulator: "world.json" })).destroy());
  });

  it("is seen by the doctor as by the provider, also from a folder below the program's", async () => {
    const below = join(stack.folder, "deep", "er");
    mkdirSync(below, { recursive: true });
    const doctor = async (variables: Record<string, string> = {}) => {
      const env = { ...stack.environment, ...variables, NO_COLOR: "1" };
      const running = promisify(execFile)(process.execPath, [cli, "doctor"], { cwd: below, env });
      return (await running.catch((error: { stdout: string }) => error)).stdout;
    };
    assert.match(await doctor({ HYPERV_SIMULATOR: "world.json" }), /configuration +HYPERV_SIMULATOR\n.*answers/);
    const set = await stack.pulumi(["config", "set", "hyperv:simulator", "world.json"]);
    assert.equal(set.code, 0, set.output);
    const configured = await doctor({ HYPERV_ADDRESS: "no-such-host.invalid" });
    assert.match(configured, /configuration +hyperv:simulator\n.*answers/);
    stack.declare([lan]);
    succeeded(await stack.up());
    // a program in a folder of its own, which sees another file
    mkdirSync(join(stack.folder, "src"));
    writeFileSync(join(stack.folder, "Pulumi.yaml"), "name: tests\nruntime: nodejs\nmain: src\n");
    assert.match(await doctor(), /FAILS simulator +There is no simulator at .*src.world\.json/);
    assert.match((await stack.refresh()).output, /There is no simulator at .*src.world\.json/);
  });
});

function succeeded(run: Run): Run {
  assert.equal(run.code, 0, run.output);
  return run;
}
