import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { urnOf } from "../../provider/lifecycle/dynamic-provider";
import { host, machine, succeeded } from "./machine-on-a-host";
import { engineSuite, Stack } from "./stack";

engineSuite("through the real engine", () => {
  let stack: Stack;
  const made = async (...args: Parameters<typeof Stack.make>) => {
    stack = await Stack.make(...args);
    return stack;
  };
  afterEach(() => stack?.remove());

  it("a step that takes its time shows on the resource's own row", async () => {
    await made(host);
    stack.declare([machine({ notes: "x" })]);
    await stack.simulator.order({ cmdlet: "Set-VM", effect: { kind: "late", milliseconds: 3000 } });
    const run = await stack.up();
    succeeded(run);
    assert.match(run.output, /VirtualMachine web creating \(\d+s\) set notes/);
  });

  it("a step of what belongs to a component and to another machine shows on its own row, in destroy too", async () => {
    await made(host);
    writeFileSync(
      join(stack.folder, "index.js"),
      `const { ComponentResource } = require("@pulumi/pulumi");
       const { Checkpoint, VirtualMachine } = require("pulumi-hyperv");
       const parent = new ComponentResource("shop:index:Tier", "tier");
       const web = new VirtualMachine("web", {}, { parent });
       const db = new VirtualMachine("db", {}, { parent: web });
       new Checkpoint("before", { vmId: db.id }, { parent: db });`,
    );
    await stack.simulator.order({ cmdlet: "Checkpoint-VM", effect: { kind: "late", milliseconds: 3000 } });
    const up = await stack.up();
    succeeded(up);
    assert.match(up.output, /Checkpoint before creating \(\d+s\) \S/);
    const ours = (await stack.resources()).filter(({ type }) => type.includes("hyperv:"));
    assert.equal(ours.length, 3);
    for (const { urn, type, inputs } of ours) assert.equal(urnOf(type.split(":").pop() ?? "", inputs.__urn), urn);
    await stack.simulator.order({ cmdlet: "Remove-VMSnapshot", effect: { kind: "late", milliseconds: 3000 } });
    const destroy = await stack.destroy();
    succeeded(destroy);
    assert.match(destroy.output, /Checkpoint before deleting \(\d+s\) \S/);
  });
});
