import assert from "node:assert/strict";
import { type Call, type CallResult, type CmdletCall, result } from "../../provider/calls";
import { merge } from "../../provider/host/pool/merge";
import { checkpoint } from "../../provider/resources/checkpoint/definition";
import { birthOf, idOf } from "../../provider/resources/definition";
import { virtualHardDisk } from "../../provider/resources/virtual-hard-disk/definition";
import { virtualMachine } from "../../provider/resources/virtual-machine/definition";
import { Simulator } from "../../provider/simulator";
import { host, MiB } from "../simulator/worlds";

const memory = { Startup: null };
const read = (id: string, select = memory): Call[] => [
  { cmdlet: "Get-VM", parameters: { Id: id }, as: "vm", select: { Name: null }, byName: `m ${id}` },
  { cmdlet: "Get-VMMemory", parameters: { VM: result("vm") }, select },
  { cmdlet: "Get-VMSecurity", parameters: { VM: result("vm") }, select: { TpmEnabled: null } },
];
/** One whose name is not known. */
const nameless = (id: string, select = memory): Call[] => {
  const [{ byName, ...machine }, ...others] = read(id, select) as [CmdletCall, ...Call[]];
  return [machine as Call, ...others];
};
const answer = (...values: unknown[]): CallResult => ({ values, warnings: [], milliseconds: 1 });
const machines: Call = {
  cmdlet: "Get-VM",
  parameters: { Name: ["m A", "m B"] },
  as: "machines 0",
  select: { Name: null, Id: null },
};
const found = (...ids: string[]) => answer(...ids.map((Id) => ({ Name: `m ${Id}`, Id })));
const safe = { TpmEnabled: true };
const notFound = { id: "ObjectNotFound", category: "ObjectNotFound", exception: "X", message: "m" };

describe("reads of several machines as one", () => {
  it("asks for the machines by their names, and by one cmdlet for each kind of part", () => {
    const VM = result("machines 0");
    assert.deepEqual(merge([read("A"), read("B")]).batches, [
      [
        machines,
        { cmdlet: "Get-VMMemory", parameters: { VM }, select: { Startup: null, VMId: null } },
        { cmdlet: "Get-VMSecurity", parameters: { VM }, select: { TpmEnabled: null } },
      ],
    ]);
  });

  it("asks for machines by their ids where a name is not known", () => {
    const { batches, split } = merge([nameless("A"), nameless("B")]);
    const VM = [result("vm of 0"), result("vm of 1")];
    assert.deepEqual(batches, [
      [
        { cmdlet: "Get-VM", parameters: { Id: "A" }, as: "vm of 0", select: { Name: null } },
        { cmdlet: "Get-VM", parameters: { Id: "B" }, as: "vm of 1", select: { Name: null } },
        { cmdlet: "Get-VMMemory", parameters: { VM }, select: { Startup: null, VMId: null } },
        { cmdlet: "Get-VMSecurity", parameters: { VM }, select: { TpmEnabled: null } },
      ],
    ]);
    const common = answer({ Startup: 1, VMId: "A" }, { Startup: 2, VMId: "B" });
    assert.deepEqual(split([[answer("vm a"), answer("vm b"), common, answer(safe, safe)]]), [
      [answer("vm a"), answer({ Startup: 1 }), answer(safe)],
      [answer("vm b"), answer({ Startup: 2 }), answer(safe)],
    ]);
    const failed = { ...answer(), error: notFound };
    assert.deepEqual(split([[answer("vm a"), failed]]), [undefined, [failed]], "not found is of the one alone");
  });

  it("asks for what only some have of these alone, and for what one has together with the others", () => {
    const protector: Call = { cmdlet: "Get-VMKeyProtector", parameters: { VM: result("vm") }, select: {} };
    const [machine, ofMemory] = read("B") as [Call, Call];
    const { batches, split } = merge([read("A"), [machine, ofMemory, protector]]);
    assert.deepEqual(batches[0]?.slice(1), [
      { ...protector, parameters: { VM: result("machines 0", undefined, { Id: "b" }) } },
      { cmdlet: "Get-VMMemory", parameters: { VM: result("machines 0") }, select: { Startup: null, VMId: null } },
      {
        cmdlet: "Get-VMSecurity",
        parameters: { VM: [result("machines 0", undefined, { Id: "a" })] },
        select: { TpmEnabled: null },
      },
    ]);
    const common = answer({ Startup: 1, VMId: "A" }, { Startup: 2, VMId: "B" });
    assert.deepEqual(split([[found("A", "B"), answer(7), common, answer(safe)]]), [
      [answer({ Name: "m A" }), answer({ Startup: 1 }), answer(safe)],
      [answer({ Name: "m B" }), answer({ Startup: 2 }), answer(7)],
    ]);
  });

  it("gives each its own results, in the order in which it asked", () => {
    const { split } = merge([read("a"), read("b")]);
    const common = answer({ Startup: 2, VMId: "B" }, { Startup: 1, VMId: "A" }, { Startup: 3, VMId: "B" });
    assert.deepEqual(split([[found("B", "A"), common, answer(safe, safe)]]), [
      [answer({ Name: "m A" }), answer({ Startup: 1 }), answer(safe)],
      [answer({ Name: "m B" }), answer({ Startup: 2 }, { Startup: 3 }), answer(safe)],
    ]);
  });

  it("leaves the id with who asked for it", () => {
    const select = { Startup: null, VMId: null };
    const { split } = merge([read("a", select), read("b", select)]);
    const common = answer({ Startup: 1, VMId: "a" }, { Startup: 2, VMId: "b" });
    const [first] = split([[found("a", "b"), common, answer(safe, safe)]]);
    assert.deepEqual(first?.[1]?.values, [{ Startup: 1, VMId: "a" }]);
  });

  it("names a machine once that two ask for", () => {
    const { batches, split } = merge([read("a"), read("A")]);
    const [first] = batches[0] ?? [];
    assert.deepEqual(first, { ...machines, parameters: { Name: ["m a"] } });
    const answers = split([[found("a"), answer({ Startup: 1, VMId: "a" }), answer(safe)]]);
    assert.deepEqual(
      answers.map((each) => each?.[1]?.values),
      [[{ Startup: 1 }], [{ Startup: 1 }]],
    );
  });

  it("knows its own machines among others of their names", () => {
    const { split } = merge([read("a"), read("b")]);
    const common = answer({ Startup: 1, VMId: "a" }, { Startup: 2, VMId: "b" }, { Startup: 3, VMId: "other" });
    const [first] = split([[found("other", "a", "b"), common, answer(safe, safe, safe)]]);
    assert.deepEqual(first, [answer({ Name: "m a" }), answer({ Startup: 1 }), answer(safe)]);
  });

  it("has all asked alone where one was renamed or is gone", () => {
    const { split } = merge([read("a"), read("gone"), read("b")]);
    assert.deepEqual(split([[{ ...answer(), error: notFound }]]), [undefined, undefined, undefined]);
    const rest = [answer({ Startup: 1, VMId: "a" }, { Startup: 1, VMId: "b" }), answer(safe, safe)];
    assert.equal(split([[found("a", "b"), ...rest]])[1], undefined);
  });

  it("has alone who asks what does not say whose it is, from the first time on that it differs", () => {
    const mixed = new Set<string>();
    const common = answer({ Startup: 1, VMId: "a" }, { Startup: 2, VMId: "b" });
    const { split } = merge([read("a"), read("b")], mixed);
    assert.deepEqual(split([[found("a", "b"), common, answer(safe, { TpmEnabled: false })]]), [undefined, undefined]);
    const next = merge([read("a"), read("b")], mixed);
    assert.deepEqual(
      next.batches[0]?.map((call) => (call as CmdletCall).cmdlet),
      ["Get-VM", "Get-VMSecurity", "Get-VMSecurity", "Get-VMMemory"],
    );
    const [, second] = next.split([[found("a", "b"), answer(safe), answer({ TpmEnabled: false }), common]]);
    assert.deepEqual(second, [answer({ Name: "m b" }), answer({ Startup: 2 }), answer({ TpmEnabled: false })]);
  });

  const unclear: readonly [what: string, common: CallResult | undefined][] = [
    ["did not run", undefined],
    ["failed", { ...answer(), error: notFound }],
    ["warned", { ...answer({ Startup: 1, VMId: "a" }, { Startup: 2, VMId: "b" }), warnings: ["w"] }],
    ["did not say whose it is", answer({ Startup: 1, VMId: "a" }, { Startup: 2, VMId: null })],
    ["told of no object", answer(1)],
    ["told of nothing", answer(null)],
  ];
  for (const [what, common] of unclear)
    it(`has all asked alone where the common call ${what}`, () => {
      const { split } = merge([read("a"), read("b")]);
      const answers = [found("a", "b"), ...(common ? [common] : [])];
      assert.deepEqual(split([answers]), [undefined, undefined]);
    });

  const others: readonly [what: string, batches: Call[][]][] = [
    [
      "a batch that has nothing in common with another",
      [read("a"), [{ cmdlet: "Get-VHD", parameters: { Path: "x" } }]],
    ],
    [
      "other properties",
      [nameless("a").slice(0, 2), nameless("b", { Startup: null, Buffer: null } as typeof memory).slice(0, 2)],
    ],
    [
      "one of a machine's objects",
      ["a", "b"].map((id) => [
        { cmdlet: "Get-VM", parameters: { Id: id }, as: "vm" },
        { cmdlet: "Get-VMMemory", parameters: { VM: result("vm", "Parent") }, select: memory },
      ]),
    ],
    [
      "a machine by its name alone, which others may have",
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
      ids.push(idOf(birthOf(virtualMachine).identity, made[0] ?? assert.fail(), desired({})));
    }
    const machines = ids.map((id, at) =>
      Object.values(virtualMachine.read.observe(id, desired({ generation: [1, 2, 2, 1, 2][at], version: "9.0" }))),
    );
    const gone = Object.values(
      virtualMachine.read.observe("11111111-2222-3333-4444-555555555555", desired({ generation: 2 })),
    );
    const wrong = Object.values(virtualMachine.read.observe(ids[0] ?? "", desired({ generation: 2 })));
    const points = ids.map((vmId) => Object.values(checkpoint.read.observe("any", desired({ vmId, name: "before" }))));
    const disk = Object.values(virtualHardDisk.read.observe("C:\\none.vhdx", desired({})));
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
