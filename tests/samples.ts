import type { WorldDescription } from "../provider/simulator/world/world";
import { checkpointSamples } from "./checkpoint-samples";
import { clusterSamples } from "./cluster-samples";
import { clusterVolumeSamples, monitoredItemSamples, sampleDisks } from "./cluster-volume-samples";
import { commonMachineSamples } from "./common-machine-samples";
import { machineSamples } from "./machine-samples";
import { type Args, file, inPlace, type Sample, volume } from "./sample";
import { settingsSamples } from "./settings-samples";

export type { Args, Sample } from "./sample";

const GiB = 2 ** 30;
const MiB = 2 ** 20;

const ethernet = (number: number) => ({
  name: `Ethernet ${number}`,
  interfaceDescription: `Intel(R) Ethernet Controller X710 for 10GbE SFP+ #${number}`,
  macAddress: `3CFDFE00010${number}`,
  linkSpeedBps: 10_000_000_000,
});

/** The world in which the samples live. */
export const sampleWorld: WorldDescription = {
  nodes: ["HV01", "HV02"].map((name) => ({
    name,
    memoryBytes: 256 * GiB,
    netAdapters: [1, 2, 3, 4].map(ethernet),
    offlineDisks: [1, 2],
  })),
  cluster: {
    name: "LAB",
    networks: [0, 1, 2].map((number) => ({
      name: `Cluster Network ${number + 1}`,
      address: `10.0.${number}.0`,
      addressMask: "255.255.255.0",
      role: number === 0 ? "ClusterAndClient" : "Cluster",
      metric: 70240 + number,
    })),
  },
  internet: true,
  fileShares: ["\\\\FS01\\one", "\\\\FS01\\two", "\\\\FS01\\three"],
  sharedDisks: [
    ...[11, 12].map((number) => ({ number, sizeBytes: GiB, partitionStyle: "GPT" as const, fileSystem: "NTFS" })),
    ...sampleDisks,
  ],
  guestsBoot: true,
};

export const setupWorld = [
  "New-VMSwitch -Name lan -SwitchType Private",
  "New-VMSwitch -Name wan -SwitchType Private",
  "New-VMSwitch -Name absolute -SwitchType Private -MinimumBandwidthMode Absolute",
  "New-Item -Path D:\\a.iso -ItemType File",
  "New-Item -Path D:\\b.iso -ItemType File",
];

const lan = (more: Args): Args => ({ node: "HV01", switchType: "Private", ...more });
const onLan = inPlace("VirtualSwitch", lan);
const onEthernet = inPlace("VirtualSwitch", (more) => lan({ ...external, ...more }));
const external = { switchType: "External", netAdapterNames: ["Ethernet 2"] };

const virtualSwitch: Sample[] = [
  onLan("name", {}, {}, (name) => [`Rename-VMSwitch -Name ${name}-other -NewName ${name}-third`], {
    set: (name) => lan({ name: `${name}-one` }),
    changed: (name) => lan({ name: `${name}-other` }),
  }),
  onLan("node", {}, { node: "HV02" }, undefined, {
    step: "replace",
    kept: "required",
    removed: () => lan({ node: "HV02" }),
    removal: "same",
  }),
  onLan("switchType", {}, { switchType: "Internal" }, (name) => [`Set-VMSwitch -Name ${name} -SwitchType Private`], {
    kept: "required",
  }),
  onLan("netAdapterNames", {}, { ...external, netAdapterNames: ["Ethernet 3"] }, (name) => [
    `Set-VMSwitch -Name ${name} -NetAdapterName "Ethernet 4"`,
  ]),
  onEthernet("allowManagementOS", {}, { allowManagementOS: false }, (name) => [
    `Set-VMSwitch -Name ${name} -AllowManagementOS $true`,
  ]),
  onLan("notes", { notes: "one" }, { notes: "two" }, (name) => [`Set-VMSwitch -Name ${name} -Notes three`]),
  onLan("adopt", { adopt: false }, { adopt: true }),
];

const vhd = (name: string, more: Args): Args => ({ node: "HV01", path: file(name), sizeBytes: GiB, ...more });
const vhdSet = (name: string, more: Args): Args => ({ path: `${volume}\\${name}.vhds`, sizeBytes: GiB, ...more });
/** One whose size comes from another file. */
const sized = (name: string, more: Args): Args => ({ node: "HV01", path: file(name), ...more });
const parent = (name: string, number: number) => `D:\\${name}-parent${number}.vhdx`;
const parents = (name: string) => [1, 2].map((number) => `New-VHD -Path ${parent(name, number)} -SizeBytes 1GB`);

const ofDisk = (property: string, own: Pick<Sample, "set" | "changed" | "removed"> & Partial<Sample>): Sample => ({
  kind: "VirtualHardDisk",
  property,
  step: "replace",
  removal: "same",
  ...own,
});

const fixedAtCreation = (property: string, one: unknown, other: unknown): Sample =>
  ofDisk(property, {
    set: (name) => vhd(name, { [property]: one }),
    changed: (name) => vhd(name, { [property]: other }),
    removed: (name) => vhd(name, {}),
  });

const virtualHardDisk: Sample[] = [
  ofDisk("path", {
    set: (name) => vhd(name, {}),
    changed: (name) => vhd(name, { path: file(name, 2) }),
    step: "update",
    kept: "required",
    removed: (name) => vhd(name, { path: file(name, 2) }),
  }),
  ofDisk("node", {
    set: (name) => vhd(name, {}),
    changed: (name) => vhd(name, { node: "HV02" }),
    kept: "required",
    removed: (name) => vhd(name, { node: "HV02" }),
  }),
  ofDisk("sizeBytes", {
    setup: parents,
    set: (name) => sized(name, { sourcePath: parent(name, 1), sizeBytes: 1.5 * GiB }),
    changed: (name) => sized(name, { sourcePath: parent(name, 1), sizeBytes: 2 * GiB }),
    step: "update",
    removal: "left",
    removed: (name) => sized(name, { sourcePath: parent(name, 1) }),
    // somebody put a smaller one in its place; one that was grown by hand is refused, as disks do not shrink
    drift: (name) => [`Remove-Item -LiteralPath ${file(name)}`, `New-VHD -Path ${file(name)} -SizeBytes 1GB`],
  }),
  fixedAtCreation("vhdType", "Dynamic", "Fixed"),
  ofDisk("parentPath", {
    setup: parents,
    set: (name) => sized(name, { parentPath: parent(name, 1) }),
    changed: (name) => sized(name, { parentPath: parent(name, 2) }),
    removed: (name) => vhd(name, {}),
    removal: "replace",
  }),
  ofDisk("sourcePath", {
    setup: parents,
    set: (name) => sized(name, { sourcePath: parent(name, 1) }),
    changed: (name) => sized(name, { sourcePath: parent(name, 2) }),
    removed: (name) => vhd(name, {}),
  }),
  fixedAtCreation("blockSizeBytes", MiB, 2 * MiB),
  fixedAtCreation("logicalSectorSizeBytes", 512, 4096),
  fixedAtCreation("physicalSectorSizeBytes", 512, 4096),
  // what guests share is a disk like others
  ofDisk("adopt", {
    set: (name) => vhdSet(name, { adopt: false }),
    changed: (name) => vhdSet(name, { adopt: true }),
    step: "update",
    removed: (name) => vhdSet(name, {}),
    removal: "update",
  }),
];

export const samples: readonly Sample[] = [
  ...virtualSwitch,
  ...virtualHardDisk,
  ...commonMachineSamples,
  ...machineSamples,
  ...checkpointSamples,
  ...clusterSamples,
  ...clusterVolumeSamples,
  ...monitoredItemSamples,
  ...settingsSamples,
];
