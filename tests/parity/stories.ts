import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import type { State } from "../../provider/lifecycle/handlers";
import { connectSimulated } from "../../provider/simulated-hosts";
import { Simulator, type World, type WorldDescription } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

export const GiB = 2 ** 30;
export const volume = "C:\\ClusterStorage\\Volume1";
export type Inputs = Record<string, unknown>;

/** A program that says one thing, and then another. Without the one it is created, without the other deleted. */
export interface Story {
  kind: string;
  does: "create" | "update" | "replace" | "delete" | "live-migrate";
  title: string;
  first?: Inputs;
  later?: Inputs;
  nodes?: readonly string[];
  /** Whether the nodes are in no cluster. */
  sharesNothing?: true;
  /** What an administrator types before, and between the one and the other. */
  setup?: readonly string[];
  between?: readonly string[];
  /** Whether the machine that it is about runs before, and must again. */
  runs?: boolean;
  /** Things of the kind in a world, by what nobody has two of. */
  things: (world: World) => readonly string[];
}

const standalone: WorldDescription = {
  nodes: [
    {
      name: "HV01",
      netAdapters: [1, 2].map((number) => ({
        name: `Ethernet ${number}`,
        interfaceDescription: `Intel(R) Ethernet Controller X710 for 10GbE SFP+ #${number}`,
        macAddress: `3CFDFE00010${number}`,
        linkSpeedBps: 10_000_000_000,
      })),
    },
  ],
  guestsBoot: true,
  seed: "faults",
};

const clustered = (nodes: readonly string[]): WorldDescription => ({
  nodes: nodes.map((name) => ({ name })),
  cluster: { name: "LAB" },
  guestsBoot: true,
  seed: "faults",
});

/** Hosts that send each other machines. */
const apart = (nodes: readonly string[]): WorldDescription => ({
  nodes: nodes.map((name) => ({ name })),
  session: "remote",
  guestsBoot: true,
  seed: "faults",
});

const nodes = ["HV01", "HV02"];

const migrating = nodes.flatMap((name) => [
  `${name}: Set-VMHost -VirtualMachineMigrationAuthenticationType Kerberos -UseAnyNetworkForMigration $true`,
  `${name}: Enable-VMMigration`,
]);

export const machinesOf = ({ nodes }: World) => nodes.flatMap(({ machines }) => machines);

const lan: Inputs = { name: "lan", switchType: "External", netAdapterNames: ["Ethernet 1"], notes: "one" };
const ofSwitch = {
  kind: "VirtualSwitch",
  things: ({ nodes: all }: World) => all.flatMap(({ switches }) => switches.map(({ name }) => name)),
};

const disk: Inputs = { path: "D:\\copy.vhdx", sourcePath: "D:\\image.vhdx", sizeBytes: 4 * GiB };
const ofDisk = {
  kind: "VirtualHardDisk",
  setup: ["New-VHD -Path D:\\image.vhdx -SizeBytes 1GB"],
  things: ({ nodes: all }: World) =>
    all.flatMap(({ files }) => Object.keys(files).filter((key) => key.startsWith("d:\\copy"))),
};

const set: Inputs = { path: `${volume}\\sql.vhds`, sizeBytes: 4 * GiB };
const ofSet = {
  kind: "VirtualHardDisk",
  nodes,
  things: ({ cluster }: World) => {
    const paths = Object.values(cluster?.files ?? {}).flatMap(({ path, vhd }) => (vhd ? [path] : []));
    const sets = paths.filter((path) => path.endsWith(".vhds"));
    // its data alone is something that nobody knows any more
    return sets.length > 0 ? sets : paths;
  },
};
const member = [
  `New-VM -Name one -Generation 2 -NoVHD -Path ${volume}`,
  `Add-VMHardDiskDrive -VMName one -Path ${set.path} -SupportPersistentReservations`,
  "Start-VM -Name one",
];

const web: Inputs = {
  name: "web",
  notes: "x",
  processor: { count: 2 },
  memory: { startupBytes: GiB },
  networkAdapters: [{ name: "front", switchName: "s", vlan: 5 }],
  hardDiskDrives: [{ path: "D:\\a.vhdx" }, { path: "D:\\b.vhdx" }],
  dvdDrives: [{}],
  allowRestart: true,
  state: "Running",
};
const ofMachine = {
  kind: "VirtualMachine",
  setup: ["New-VMSwitch -Name s -SwitchType Private", ...["a", "b", "c"].map(newDisk)],
  things: (world: World) => machinesOf(world).map(({ name }) => name),
};
const moving: Inputs = {
  name: "web",
  node: "HV01",
  path: volume,
  networkAdapters: [],
  memory: { startupBytes: GiB },
  state: "Running",
};

const ofCheckpoint = {
  kind: "Checkpoint",
  setup: ["New-VM -Name web -Generation 2", newDisk("a"), "Add-VMHardDiskDrive -VMName web -Path D:\\a.vhdx"],
  things: (world: World) => machinesOf(world).flatMap(({ checkpoints }) => checkpoints.map(({ name }) => name)),
};
const before: Inputs = { vmId: "$web", name: "before", checkpointType: "Standard" };

const ofRole = {
  kind: "ClusterVirtualMachineRole",
  nodes,
  setup: [
    `New-VM -Name web -Generation 2 -NoVHD -Path ${volume}`,
    `New-VM -Name other -Generation 2 -NoVHD -Path ${volume}`,
  ],
  things: ({ cluster }: World) => (cluster?.groups ?? []).map(({ name }) => name),
};
const role: Inputs = { vmId: "$web", priority: 3000, preferredOwners: ["HV02"], antiAffinityClassNames: ["a"] };

function newDisk(name: string): string {
  return `New-VHD -Path D:\\${name}.vhdx -SizeBytes 1GB`;
}

export const stories: readonly Story[] = [
  { ...ofSwitch, does: "create", title: "is created", later: lan },
  {
    ...ofSwitch,
    does: "update",
    title: "is changed",
    first: lan,
    later: { ...lan, name: "wan", netAdapterNames: ["Ethernet 2"], allowManagementOS: false, notes: "two" },
  },
  {
    ...ofSwitch,
    does: "replace",
    title: "is replaced",
    nodes,
    first: { name: "lan", node: "HV01", switchType: "Internal" },
    later: { name: "lan", node: "HV02", switchType: "Internal" },
  },
  { ...ofSwitch, does: "delete", title: "is deleted", first: lan },

  { ...ofDisk, does: "create", title: "is created", later: disk },
  { ...ofDisk, does: "update", title: "grows", first: disk, later: { ...disk, sizeBytes: 8 * GiB } },
  {
    ...ofDisk,
    does: "replace",
    title: "is replaced",
    first: { path: "D:\\copy.vhdx", sizeBytes: GiB },
    later: { path: "D:\\copy.vhdx", sizeBytes: GiB, vhdType: "Fixed" },
  },
  { ...ofDisk, does: "delete", title: "is deleted", first: disk },
  { ...ofSet, does: "create", title: "is created as a VHD Set", later: set },
  {
    ...ofSet,
    does: "update",
    title: "is a VHD Set, and grows under a machine that runs",
    runs: true,
    first: set,
    between: member,
    later: { ...set, sizeBytes: 8 * GiB },
  },

  { ...ofMachine, does: "create", title: "is created", later: web },
  {
    ...ofMachine,
    does: "update",
    title: "is changed with a restart",
    runs: true,
    first: web,
    later: {
      ...web,
      name: "web2",
      notes: "y",
      processor: { count: 4 },
      networkAdapters: [{ name: "front" }, { name: "back", switchName: "s" }],
      hardDiskDrives: [{ path: "D:\\a.vhdx" }, { path: "D:\\c.vhdx" }],
      automaticStopAction: "TurnOff",
    },
  },
  {
    ...ofMachine,
    does: "replace",
    title: "is replaced",
    runs: true,
    first: web,
    later: { ...web, generation: 1 },
  },
  { ...ofMachine, does: "delete", title: "is deleted", first: web },
  {
    ...ofMachine,
    does: "live-migrate",
    title: "is changed where it was live-migrated to",
    nodes,
    setup: [],
    runs: true,
    first: moving,
    between: [
      "Add-ClusterVirtualMachineRole -VirtualMachine web",
      "Move-ClusterVirtualMachineRole -Name web -Node HV02 -MigrationType Live",
    ],
    later: { ...moving, node: "HV02", notes: "moved" },
  },
  {
    ...ofMachine,
    does: "live-migrate",
    title: "moves with its disk to a host that shares nothing",
    nodes,
    sharesNothing: true,
    setup: [...migrating, newDisk("a")],
    runs: true,
    first: { ...moving, path: "D:\\machines", hardDiskDrives: [{ path: "D:\\a.vhdx" }] },
    later: { ...moving, path: "D:\\machines", hardDiskDrives: [{ path: "D:\\a.vhdx" }], node: "HV02", notes: "moved" },
  },

  { ...ofCheckpoint, does: "create", title: "is taken", later: before },
  { ...ofCheckpoint, does: "update", title: "gets another name", first: before, later: { ...before, name: "later" } },
  {
    ...ofCheckpoint,
    does: "replace",
    title: "is replaced",
    first: before,
    later: { ...before, checkpointType: "Production" },
  },
  { ...ofCheckpoint, does: "delete", title: "is deleted", first: before },

  { ...ofRole, does: "create", title: "is created", later: role },
  {
    ...ofRole,
    does: "update",
    title: "is changed",
    first: role,
    later: { ...role, priority: 1000, preferredOwners: ["HV01", "HV02"], autoFailback: true, failoverThreshold: 2 },
  },
  { ...ofRole, does: "replace", title: "is replaced", first: role, later: { ...role, vmId: "$other" } },
  { ...ofRole, does: "delete", title: "is deleted", first: role },
  {
    ...ofRole,
    does: "live-migrate",
    title: "is live-migrated",
    runs: true,
    setup: [...ofRole.setup, "Start-VM -Name web"],
    first: { ...role, ownerNode: "HV01" },
    later: { ...role, ownerNode: "HV02" },
  },
];

/** A story up to where its change begins. */
export interface Scene {
  story: Story;
  world: World;
  state: State | undefined;
  later: Inputs | undefined;
}

export async function sceneOf(story: Story): Promise<Scene> {
  const { nodes: names, sharesNothing } = story;
  const described = names ? (sharesNothing ? apart(names) : clustered(names)) : standalone;
  const simulator = Simulator.inMemory(described);
  const types = async (lines: readonly string[] = []) => {
    for (const line of lines) {
      const [, on = "HV01", typed = line] = /^(\w+): (.*)$/.exec(line) ?? [];
      for (const { error } of await simulator.run(on, parseLine(typed))) assert.equal(error, undefined, line);
    }
  };
  await types(story.setup);
  const ids = new Map(machinesOf(await simulator.world()).map(({ name, id }) => [name, id]));
  const known = (inputs: Inputs | undefined) =>
    inputs && { ...inputs, ...(typeof inputs.vmId === "string" && { vmId: ids.get(inputs.vmId.slice(1)) }) };
  const first = known(story.first);
  const hosts = connectSimulated(simulator, names, !sharesNothing);
  const state = first && (await new Lifecycle(story.kind, simulator, names, hosts).create(first));
  await types(story.between);
  return { story, world: await simulator.world(), state, later: known(story.later) };
}
