import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { engineSuite, type Run, Stack } from "./stack";

const head = `
const pulumi = require("@pulumi/pulumi");
const hyperv = require("pulumi-hyperv");
class Tier extends pulumi.ComponentResource {
  constructor(name, opts) {
    super("example:index:Tier", name, {}, opts);
    this.lan = new hyperv.VirtualSwitch(name + "-lan", { switchType: "Private" }, { parent: this });
    this.machine = new hyperv.VirtualMachine(name, { networkAdapters: [{ name: "front", switchName: this.lan.name }] }, { parent: this });
    this.registerOutputs({});
  }
}
class Site extends pulumi.ComponentResource {
  constructor(name, opts) {
    super("example:index:Site", name, {}, opts);
    this.tiers = ["web", "db"].map((tier) => new Tier(name + "-" + tier, { parent: this }));
    this.disk = new hyperv.VirtualHardDisk(name, { path: "D:\\\\" + name + ".vhdx", sizeBytes: 2 ** 30 }, { parent: this.tiers[0] });
    this.registerOutputs({ machines: this.tiers.map(({ machine }) => machine.id) });
  }
}
`;

/** Programs, with how many of our resources they create. */
const shapes: { name: string; body: string; creates: number }[] = [
  { name: "of two resources", body: 'new Tier("web");', creates: 2 },
  { name: "in a component, beside a resource without one", body: 'new Site("s"); new Tier("t");', creates: 7 },
  {
    name: "whose resources are children of a resource, and depend on a component",
    body: `const one = new Tier("one");
      const lan = new hyperv.VirtualSwitch("lan", { switchType: "Private" }, { parent: one.machine });
      new hyperv.VirtualMachine("late", {}, { parent: lan, dependsOn: [one] });`,
    creates: 4,
  },
  {
    name: "with a provider and another package's resources below it",
    body: `class Echo extends pulumi.dynamic.Resource {
        constructor(name, props, opts) {
          super({ create: async (inputs) => ({ id: "1", outs: inputs }) }, name, props, opts);
        }
      }
      const own = new hyperv.Provider("own", { transport: "simulator", simulator: new pulumi.Config("hyperv").require("simulator") });
      const tier = new Tier("t", { providers: [own] });
      new Echo("echo", { id_: tier.machine.id }, { parent: tier, provider: undefined });`,
    creates: 2,
  },
];

engineSuite("a component", () => {
  let stack: Stack;
  beforeEach(async () => {
    stack = await Stack.make({ nodes: [{ name: "HV01" }] });
  });
  afterEach(() => stack?.remove());
  const write = (body: string) => writeFileSync(join(stack.folder, "index.js"), `${head}\n${body}\n`);

  for (const { name, body, creates } of shapes)
    it(`${name} is previewed, made, left alone and destroyed`, async () => {
      write(body);
      const previewed = succeeded(await stack.preview());
      assert.equal(Object.values(previewed.ops).filter((op) => op === "create").length, creates);
      succeeded(await stack.up());
      succeeded(await stack.preview("--expect-no-changes"));
      succeeded(await stack.destroy());
      assert.deepEqual((await stack.world()).nodes[0]?.machines, []);
    });

  it("takes in what was outside of it by an alias: nothing is made or changed, and the state follows at the next update", async () => {
    const machine = (parent: string, notes: string) =>
      `new hyperv.VirtualMachine("vm", { notes: "${notes}" }, { ${parent} });`;
    write(machine("", "one"));
    succeeded(await stack.up());
    const [before] = (await stack.world()).nodes[0]?.machines ?? [];
    const inside = (notes: string) =>
      `const shell = new pulumi.ComponentResource("example:index:Shell", "shell");
       ${machine('parent: shell, aliases: [{ name: "vm", parent: pulumi.rootStackResource }]', notes)}`;
    write(inside("one"));
    succeeded(await stack.up());
    assert.deepEqual((await stack.world()).nodes[0]?.machines, [before]);
    write(inside("two"));
    succeeded(await stack.up());
    const [after] = (await stack.world()).nodes[0]?.machines ?? [];
    assert.deepEqual([after?.id, after?.notes], [before?.id, "two"]);
    const state = await stack.resources();
    const kept = state.find(({ type }) => type.endsWith("VirtualMachine"));
    assert.match(String(kept?.inputs.__urn), /example:index:Shell\$/);
    assert.match(readFileSync(join(stack.folder, "index.js"), "utf8"), /shell/);
  });
});

function succeeded(run: Run): Run {
  assert.equal(run.code, 0, run.output);
  return run;
}
