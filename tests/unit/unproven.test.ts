import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { UnreachableError } from "../../provider/host/errors";
import { PartialFailure, type State } from "../../provider/lifecycle/handlers";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

type Inputs = Record<string, unknown>;

const volume = "C:\\ClusterStorage\\Volume1";
const kinds: { kind: string; make: string; inputs: (id: string) => Inputs; proves: boolean }[] = [
  {
    kind: "VirtualSwitch",
    make: "New-VMSwitch",
    inputs: () => ({ name: "lan", node: "HV01", switchType: "Private" }),
    proves: true,
  },
  {
    kind: "VirtualHardDisk",
    make: "New-VHD",
    inputs: () => ({ path: `${volume}\\data.vhdx`, sizeBytes: 2 ** 30 }),
    proves: false,
  },
  {
    kind: "ClusterVirtualMachineRole",
    make: "Add-ClusterVirtualMachineRole",
    inputs: (vmId) => ({ vmId }),
    proves: false,
  },
];

async function prepared(kind: string) {
  const simulator = Simulator.inMemory({
    nodes: [{ name: "HV01" }, { name: "HV02" }],
    cluster: { name: "LAB" },
    seed: "unproven",
  });
  const line = `New-VM -Name one -Path ${volume} -NoVHD -Generation 2`;
  for (const { error } of await simulator.run("HV01", parseLine(line))) assert.equal(error, undefined);
  const [machine] = await simulator.look(({ nodes }) => nodes.flatMap(({ machines }) => machines));
  return { simulator, vmId: machine?.id ?? "", lifecycle: new Lifecycle(kind, simulator, ["HV01", "HV02"]) };
}

/** Both nodes drop the session as the thing is made, before it or after, and are away from then on. */
async function lost(simulator: Simulator, lifecycle: Lifecycle, inputs: Inputs, make: string, effectDone: boolean) {
  await simulator.order({ cmdlet: make, times: 1, effect: { kind: "drop", effectDone } });
  const { hosts } = lifecycle.surroundings;
  const run = hosts.run.bind(hosts);
  const everywhere = hosts.runEverywhere.bind(hosts);
  let isAway = false;
  const away = () => {
    if (isAway) throw new UnreachableError("HV01 does not answer", { address: "HV01", delivered: false });
  };
  hosts.run = (async (...args: Parameters<typeof run>) => {
    away();
    const makes = args[1].some((call) => "cmdlet" in call && call.cmdlet === make);
    try {
      return await run(...args);
    } finally {
      if (makes) isAway = true;
    }
  }) as typeof hosts.run;
  hosts.runEverywhere = async (...args) => {
    away();
    return everywhere(...args);
  };
  const failure = await lifecycle.create(inputs).then(
    () => assert.fail("it was made"),
    (error: unknown) => error,
  );
  hosts.run = run;
  hosts.runEverywhere = everywhere;
  await simulator.clearFaults();
  return failure;
}

describe("a thing that was made, or not, as the host went away", () => {
  for (const { kind, make, inputs, proves } of kinds)
    for (const effectDone of [true, false]) {
      const how = effectDone ? "after it was made" : "before it was made";
      it(`a ${kind}, ${how}: it is kept in the state and finished by the next up`, async () => {
        const { simulator, vmId, lifecycle } = await prepared(kind);
        const failure = await lost(simulator, lifecycle, inputs(vmId), make, effectDone);
        assert(failure instanceof PartialFailure, String(failure));
        assert.match(
          failure.message,
          /It may have been created\. Pulumi's state keeps it, and the next pulumi up finishes it/,
        );
        const half: State = { id: failure.id, outputs: failure.outputs };
        assert.equal(lifecycle.diff(half, inputs(vmId)).changes, true);
        const state = await lifecycle.update(half, inputs(vmId));
        assert.equal(lifecycle.diff(state, inputs(vmId)).changes, !proves && effectDone);
        assert(await lifecycle.read(state));
      });

      it(`a ${kind}, ${how}: destroy takes away only what is proven to be ours`, async () => {
        const { simulator, vmId, lifecycle } = await prepared(kind);
        const failure = await lost(simulator, lifecycle, inputs(vmId), make, effectDone);
        assert(failure instanceof PartialFailure);
        await lifecycle.delete({ id: failure.id, outputs: failure.outputs });
        const read = await new Lifecycle(kind, simulator, ["HV01", "HV02"])
          .read({
            id: failure.id,
            outputs: { ...failure.outputs, __unproven: undefined },
          })
          .catch(() => undefined);
        if (effectDone && !proves)
          assert.match(lifecycle.said.join(), /is left in place, if it exists: it was never confirmed that this/);
        else assert.equal(read, undefined);
      });
    }

  it("a machine, whose id nobody knows before: the message says what to look for, and not to run it again", async () => {
    const { simulator, lifecycle } = await prepared("VirtualMachine");
    const failure = await lost(simulator, lifecycle, { name: "it", node: "HV01", path: volume }, "New-VM", true);
    assert(failure instanceof Error && !(failure instanceof PartialFailure));
    assert.match(
      failure.message,
      /may have been created.* Look for a virtual machine "it" on the host: .* set adopt: true/,
    );
    assert.doesNotMatch(failure.message, /Run the command again/);
  });
});
