import assert from "node:assert/strict";
import { single } from "../../provider/host/cluster";
import type { State } from "../../provider/lifecycle/handlers";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";
import { powershell, reason } from "../powershell";
import { host } from "../simulator/worlds";
import { Lab } from "./lab";

const GiB = 2 ** 30;
type Inputs = Record<string, unknown>;

/** What a program says, and then says instead. The engine cannot be given a boot order, so none is in here. */
const lives: readonly { kind: string; first: Inputs; later: Inputs }[] = [
  {
    kind: "VirtualSwitch",
    first: { name: "lan", switchType: "Internal" },
    later: { name: "it's [lan]", switchType: "Private", notes: "$(x) `\n日本" },
  },
  {
    kind: "VirtualHardDisk",
    first: { path: "D:\\data.vhdx", sizeBytes: GiB },
    later: { path: "D:\\data.vhdx", sizeBytes: 2 * GiB },
  },
  {
    kind: "VirtualMachine",
    first: {
      name: "web",
      memory: { startupBytes: GiB },
      networkAdapters: [{ name: "front", switchName: "wan", vlan: 5 }],
      hardDiskDrives: [{ path: "D:\\one.vhdx" }],
      dvdDrives: [{}],
      state: "Running",
    },
    later: {
      name: "web [2]",
      allowRestart: true,
      notes: "O'Brien",
      processor: { count: 4 },
      memory: { dynamicMemoryEnabled: true, startupBytes: GiB, minimumBytes: GiB / 2, maximumBytes: 4 * GiB },
      networkAdapters: [{ name: "front" }, { name: "back", switchName: "wan", macAddress: "00155D010203" }],
      hardDiskDrives: [{ path: "D:\\two.vhdx" }, { path: "D:\\one.vhdx" }],
      state: "Running",
    },
  },
];

describe(`a resource lives in PowerShell as on the simulator alone${reason}`, () => {
  before(function () {
    if (powershell === undefined) this.skip();
  });

  for (const { kind, first, later } of lives)
    it(kind, async () => {
      const world = { ...host, guestsBoot: true };
      const alone = new Lifecycle(kind, await prepared(Simulator.inMemory(world)));
      const lab = await Lab.open({ world });
      try {
        const played = new Lifecycle(kind, await prepared(lab.simulator));
        played.surroundings.hosts = single(lab.pool());
        assert.deepEqual(await life(played, first, later), await life(alone, first, later));
        const [ours, theirs] = [await lab.simulator.world(), await alone.simulator.world()];
        assert.deepEqual(ours.nodes[0]?.machines, theirs.nodes[0]?.machines);
      } finally {
        await lab.close();
      }
    });
});

/** Everything that the engine would keep in its state, step by step. */
async function life(lifecycle: Lifecycle, first: Inputs, later: Inputs): Promise<unknown[]> {
  const made = await lifecycle.create(first);
  const updated = await lifecycle.update(made, later);
  const read = await lifecycle.read(updated);
  const differs = lifecycle.diff(updated, later).changes;
  await lifecycle.delete(updated);
  const gone = await lifecycle.read(updated);
  return [made, updated, read, differs, gone].map((state) => withoutHost(lifecycle.kind, state as State | undefined));
}

/** The host's address differs, and a switch's id, which is ours and new each time, and the mark of its answers: PowerShell words some of what is nothing in its own way. */
function withoutHost(kind: string, state: State | undefined): unknown {
  const whole = JSON.stringify(state ?? null).replaceAll('"the simulated host"', '"HV01"');
  const text = state && kind === "VirtualSwitch" ? whole.replaceAll(state.id, "<id>") : whole;
  return JSON.parse(text.replace(/("__observed":"\S+ \S+ [^ "]+) [^"]+"/g, '$1"'));
}

async function prepared(simulator: Simulator): Promise<Simulator> {
  const results = await simulator.run("HV01", [
    { cmdlet: "New-VMSwitch", parameters: { Name: "wan", SwitchType: "Private" } },
    { cmdlet: "New-VHD", parameters: { Path: "D:\\one.vhdx", SizeBytes: GiB } },
    { cmdlet: "New-VHD", parameters: { Path: "D:\\two.vhdx", SizeBytes: GiB } },
  ]);
  for (const { error } of results) assert.equal(error, undefined);
  return simulator;
}
