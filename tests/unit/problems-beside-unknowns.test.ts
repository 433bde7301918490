import assert from "node:assert/strict";
import { definitions } from "../../provider";
import { Handlers } from "../../provider/lifecycle/handlers";
import { unknown } from "../../provider/lifecycle/values";
import { problems } from "./problems";

const GiB = 2 ** 30;

describe("a check", () => {
  it("lets pass what a preview does not know yet, at any depth", () => {
    for (const [kind, inputs] of [
      ["VirtualMachine", { name: unknown, memory: unknown }],
      [
        "VirtualMachine",
        { name: "a", memory: { startupBytes: unknown, minimumBytes: GiB, dynamicMemoryEnabled: true } },
      ],
      ["VirtualMachine", { name: "a", networkAdapters: [{ name: "a", switchName: unknown }, unknown] }],
      ["VirtualHardDisk", { path: unknown, sizeBytes: GiB }],
      ["VirtualMachine", unknownEverywhere],
    ] as [string, Record<string, unknown>][])
      assert.deepEqual(problems(kind, inputs), []);
  });

  it("still reports what is known to be wrong beside it", () => {
    const found = problems("VirtualMachine", { name: unknown, processor: { count: 0 } });
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /^processor\.count/);
  });

  for (const [what, kind, inputs, expected] of [
    ["a property of no such name", "VirtualMachine", { name: "a", memory: { startup: unknown } }, "memory.startup"],
    [
      "two adapters of one name",
      "VirtualMachine",
      { name: "a", networkAdapters: [{ name: unknown }, { name: "x" }, { name: "X" }] },
      "networkAdapters[2].name",
    ],
    [
      "a disk that is named twice",
      "VirtualMachine",
      { name: "a", hardDiskDrives: [{ path: unknown }, { path: "D:\\a.vhdx" }, unknown, { path: "D:\\a.vhdx" }] },
      "hardDiskDrives[3]",
    ],
    [
      "what a legacy adapter does not have",
      "VirtualMachine",
      { name: "a", generation: 1, networkAdapters: [{ name: "x", isLegacy: true, switchName: unknown, vmqWeight: 1 }] },
      "networkAdapters[0].vmqWeight",
    ],
    ["a child's missing node", "VirtualHardDisk", { path: "D:\\a.vhdx", parentPath: unknown }, "node"],
    ["a child's format", "VirtualHardDisk", { path: "D:\\a.vmdk", node: "HV01", parentPath: unknown }, "path"],
    ["a switch's missing node", "VirtualSwitch", { name: "a", switchType: unknown, netAdapterNames: unknown }, "node"],
  ] as [string, string, Record<string, unknown>, string][])
    it(`reports ${what} beside what is not known`, () => {
      const found = problems(kind, inputs, kind === "VirtualMachine" ? [] : ["HV01", "HV02"]);
      assert.equal(found.length, 1, found.join("\n"));
      assert.equal((found[0] ?? "").split(" ")[0], expected);
    });

  it("leaves the inputs as the program has them", () => {
    const definition = definitions.find(({ kind }) => kind === "VirtualMachine");
    assert.ok(definition);
    const inputs = { name: "a", processor: { count: 2 } };
    assert.deepEqual(new Handlers(definition).check(inputs, []), { inputs, problems: [] });
  });

  it("gives the same answer to its own answer", () => {
    const definition = definitions.find(({ kind }) => kind === "VirtualMachine");
    assert.ok(definition);
    const handlers = new Handlers(definition);
    const once = handlers.check({ name: "a", generation: 1, memory: { startupBytes: GiB } }, []).inputs;
    assert.deepEqual(handlers.check(once, []), { inputs: once, problems: [] });
  });
});

const unknownEverywhere = {
  name: unknown,
  generation: unknown,
  networkAdapters: unknown,
  hardDiskDrives: unknown,
  state: unknown,
};
