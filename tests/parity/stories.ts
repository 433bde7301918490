import type { World } from "../../provider/simulator";
import { clusterStories } from "./cluster-stories";
import { membershipStories } from "./membership-stories";
import { GiB, type Inputs, machinesOf, type Story, volume } from "./story";

const nodes = ["HV01", "HV02"];

const migrating = nodes.flatMap((name) => [
  `${name}: Set-VMHost -VirtualMachineMigrationAuthenticationType Kerberos -UseAnyNetworkForMigration $true`,
  `${name}: Enable-VMMigration`,
]);

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

const ofKinds: readonly Story[] = [
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

export const stories: readonly Story[] = [...ofKinds, ...clusterStories, ...membershipStories];
