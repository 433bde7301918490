import assert from "node:assert/strict";
import { type Call, type CallResult, result } from "../../provider/calls";
import { merge } from "../../provider/host/merge";
import { checkpoint } from "../../provider/resources/checkpoint";
import { virtualHardDisk } from "../../provider/resources/virtual-hard-disk";
import { virtualMachine } from "../../provider/resources/virtual-machine";
import { Simulator } from "../../provider/simulator";
import { host, MiB } from "../simulator/worlds";

const memory = { Startup: null };
const read = (id: string, select = memory): Call[] => [
  { cmdlet: "Get-VM", parameters: { Id: id }, as: "vm", select: { Name: null } },
  { cmdlet: "Get-VMMemory", parameters: { VM: result("vm") }, select },
  { cmdlet: "Get-VMSecurity", parameters: { VM: result("vm") }, select: { TpmEnabled: null } },
];
const answer = (...values: unknown[]): CallResult => ({ values, warnings: [], milliseconds: 1 });
const vm = (id: string, at: number): Call => ({
  cmdlet: "Get-VM",
  parameters: { Id: id },
  as: `vm of ${at}`,
  select: { Name: null },
});
const security = (at: number): Call => ({
  cmdlet: "Get-VMSecurity",
  parameters: { VM: result(`vm of ${at}`) },
  select: { TpmEnabled: null },
});
const notFound = { id: "ObjectNotFound", category: "ObjectNotFound", exception: "X", message: "m" };

describe("reads of several machines as one", () => {
  it("asks by one cmdlet for what says whose it is, and by one each for what does not", () => {
    assert.deepEqual(merge([read("A"), read("B")]).batches, [
      [
        vm("A", 0),
        security(0),
        vm("B", 1),
        security(1),
        {
          cmdlet: "Get-VMMemory",
          parameters: { VM: [result("vm of 0"), result("vm of 1")] },
          select: { Startup: null, VMId: null },
        },
      ],
    ]);
  });

  it("gives each its own results, in the order in which it asked", () => {
    const { split } = merge([read("a"), read("b")]);
    const common = answer({ Startup: 2, VMId: "B" }, { Startup: 1, VMId: "A" }, { Startup: 3, VMId: "B" });
    assert.deepEqual(split([[answer("vm a"), answer("s a"), answer("vm b"), answer("s b"), common]]), [
      [answer("vm a"), answer({ Startup: 1 }), answer("s a")],
      [answer("vm b"), answer({ Startup: 2 }, { Startup: 3 }), answer("s b")],
    ]);
  });

  it("leaves the id with who asked for it", () => {
    const select = { Startup: null, VMId: null };
    const { split } = merge([read("a", select), read("b", select)]);
    const [first] = split([
      [answer(), answer(), answer(), answer(), answer({ Startup: 1, VMId: "a" }, { Startup: 2, VMId: "b" })],
    ]);
    assert.deepEqual(first?.[1]?.values, [{ Startup: 1, VMId: "a" }]);
  });

  it("names a machine once that two ask for", () => {
    const { batches, split } = merge([read("a"), read("A")]);
    assert.deepEqual(batches[0]?.at(-1), {
      cmdlet: "Get-VMMemory",
      parameters: { VM: [result("vm of 0")] },
      select: { Startup: null, VMId: null },
    });
    const answers = split([[answer(), answer(), answer(), answer(), answer({ Startup: 1, VMId: "a" })]]);
    assert.deepEqual(
      answers.map((each) => each?.[1]?.values),
      [[{ Startup: 1 }], [{ Startup: 1 }]],
    );
  });

  const unclear: readonly [what: string, common: CallResult | undefined][] = [
    ["did not run", undefined],
    ["failed", { ...answer(), error: notFound }],
    ["warned", { ...answer({ Startup: 1, VMId: "a" }, { Startup: 2, VMId: "b" }), warnings: ["w"] }],
    ["told of another machine", answer({ Startup: 1, VMId: "a" }, { Startup: 2, VMId: "c" })],
    ["did not say whose it is", answer({ Startup: 1, VMId: "a" }, { Startup: 2, VMId: null })],
    ["told of no object", answer(1)],
    ["told of nothing", answer(null)],
  ];
  for (const [what, common] of unclear)
    it(`has all asked alone where the common call ${what}`, () => {
      const { split } = merge([read("a"), read("b")]);
      const answers = [answer(), answer(), answer(), answer(), ...(common ? [common] : [])];
      assert.deepEqual(split([answers]), [undefined, undefined]);
    });

  it("says not found to the machine that is missing, and has the others asked alone", () => {
    const { split } = merge([read("a"), read("gone"), read("b")]);
    const failed = { ...answer(), error: notFound };
    assert.deepEqual(split([[answer("vm a"), answer("s a"), failed]]), [undefined, [failed], undefined]);
  });

  const others: readonly [what: string, batches: Call[][]][] = [
    [
      "a batch that has nothing in common with another",
      [read("a"), [{ cmdlet: "Get-VHD", parameters: { Path: "x" } }]],
    ],
    ["other properties", [read("a"), read("b", { Startup: null, Buffer: null } as typeof memory)]],
    [
      "one of a machine's objects",
      ["a", "b"].map((id) => [
        { cmdlet: "Get-VM", parameters: { Id: id }, as: "vm" },
        { cmdlet: "Get-VMMemory", parameters: { VM: result("vm", "Parent") }, select: memory },
      ]),
    ],
    [
      "a machine by its name, which others may have",
      ["a", "b"].map((name) => [
        { cmdlet: "Get-VM", parameters: { Name: name }, as: "vm" },
        { cmdlet: "Get-VMMemory", parameters: { VM: result("vm") }, select: memory },
      ]),
    ],
    [
      "further parameters",
      ["a", "b"].map((id) => [
        { cmdlet: "Get-VM", parameters: { Id: id }, as: "vm" },
        { cmdlet: "Get-VMNetworkAdapter", parameters: { VM: result("vm"), Name: "x" }, select: { Id: null } },
      ]),
    ],
    [
      "what later calls refer to",
      ["a", "b"].map((id) => [
        { cmdlet: "Get-VM", parameters: { Id: id }, as: "vm" },
        { cmdlet: "Get-VMMemory", parameters: { VM: result("vm") }, select: memory, as: "memory" },
      ]),
    ],
  ];
  for (const [what, batches] of others)
    it(`does not merge ${what}`, () => {
      const merged = merge(batches);
      assert.deepEqual(merged.batches, batches);
      const results = batches.map((_, index) => [answer(index)]);
      assert.deepEqual(merged.split(results), results);
    });

  it("answers on the simulator what each is answered alone", async () => {
    const simulator = Simulator.inMemory(host);
    const desired = (some: object) => some as never;
    const ids: string[] = [];
    for (const generation of [1, 2, 2, 1, 2] as const) {
      const made = await simulator.run("HV01", [
        {
          cmdlet: "New-VM",
          parameters: { Name: `m${ids.length}`, Generation: generation, NoVHD: true, MemoryStartupBytes: 64 * MiB },
          as: "vm",
          select: { Id: null },
        },
        { cmdlet: "Checkpoint-VM", parameters: { VM: result("vm"), SnapshotName: "before" } },
      ]);
      ids.push(virtualMachine.identity(made, desired({})));
    }
    const machines = ids.map((id, at) =>
      virtualMachine.observe(id, desired({ generation: [1, 2, 2, 1, 2][at], version: "9.0" })),
    );
    const gone = virtualMachine.observe("11111111-2222-3333-4444-555555555555", desired({ generation: 2 }));
    const wrong = virtualMachine.observe(ids[0] ?? "", desired({ generation: 2 }));
    const points = ids.map((vmId) => checkpoint.observe("any", desired({ vmId, name: "before" })));
    const disk = virtualHardDisk.observe("C:\\none.vhdx", desired({}));
    for (const batches of [
      machines,
      [...machines, ...points],
      [...machines, gone],
      [wrong, ...machines, disk],
      [gone, gone, disk, ...machines, ...points, ...machines],
    ]) {
      const run = async (calls: readonly Call[]) =>
        (await simulator.run("HV01", calls)).map((each) => ({ ...each, milliseconds: 0 }));
      const all = (each: readonly (readonly Call[])[]) => Promise.all(each.map(run));
      const merged = merge(batches);
      assert(merged.batches.flat().length < batches.flat().length);
      const answers = merged.split(await all(merged.batches));
      const alone = await all(batches);
      assert.deepEqual(
        answers.map((each, at) => each ?? alone[at]),
        alone,
      );
    }
    assert(
      !merge(machines)
        .split(await Promise.all(merge(machines).batches.map((calls) => simulator.run("HV01", calls))))
        .includes(undefined),
    );
  });
});
