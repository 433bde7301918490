import { type Args, inPlace, type Sample, volume } from "./sample";

/** Disks that all nodes see, a pair for each sample: a disk is one volume. */
export const sampleDisks = [0, 1, 2, 3, 4, 5].map((index) => ({
  number: 21 + index,
  id: `60003ff${index}-0000-4000-8000-00000000002${index}`,
  sizeBytes: 2 ** 30,
  partitionStyle: "GPT" as const,
  fileSystem: "NTFS",
}));

const disk = (index: number) => ({ diskUniqueId: sampleDisks[index]?.id });

const onDisk = (index: number) => inPlace("ClusterSharedVolume", (more) => ({ ...disk(index), ...more }));

/** Of the storage of a cluster. */
export const clusterVolumeSamples: readonly Sample[] = [
  onDisk(0)("diskUniqueId", {}, disk(1), undefined, {
    step: "replace",
    kept: "required",
    removed: () => disk(1),
    removal: "same",
  }),
  onDisk(2)("name", {}, {}, (name) => [`(Get-ClusterSharedVolume -Name ${name}-two).Name = ${name}-three`], {
    set: (name) => ({ ...disk(2), name: `${name}-one` }),
    changed: (name) => ({ ...disk(2), name: `${name}-two` }),
    removal: "left",
  }),
  onDisk(3)("adopt", { adopt: false }, { adopt: true }),
];

const event = { eventLog: "System", eventSource: "disk", eventId: 7 };
const watched = (more: Args): Args => ({ vmId: "$vm", ...more });

/** A guest answers in a machine that has a disk and runs. */
const inGuest = inPlace("ClusterVirtualMachineMonitoredItem", watched, {
  step: "replace",
  removal: "replace",
  setup: (name) =>
    [name, `${name}-other`].flatMap((vm) => [
      `New-VHD -Path ${volume}\\${vm}.vhdx -SizeBytes 1GB`,
      `New-VM -Name ${vm} -Generation 2 -VHDPath ${volume}\\${vm}.vhdx -Path ${volume}`,
      `Add-ClusterVirtualMachineRole -VMName ${vm}`,
      `Start-VM -Name ${vm}`,
    ]),
});

const ofEvent = (property: keyof typeof event, other: unknown): Sample =>
  inGuest(property, event, { ...event, [property]: other }, undefined, {
    removed: () => watched({ service: "spooler" }),
  });

/** Of what a cluster watches in guests. */
export const monitoredItemSamples: readonly Sample[] = [
  inGuest("vmId", { service: "spooler" }, { service: "spooler", vmId: "$other" }, undefined, {
    kept: "required",
    removed: () => ({ service: "spooler", vmId: "$other" }),
    removal: "same",
  }),
  inGuest("service", { service: "spooler" }, { service: "w32time" }, undefined, { removed: () => watched(event) }),
  ofEvent("eventLog", "Application"),
  ofEvent("eventSource", "storahci"),
  ofEvent("eventId", 11),
  inGuest("adopt", { service: "spooler", adopt: false }, { service: "spooler", adopt: true }, undefined, {
    step: "update",
    removed: () => watched({ service: "spooler" }),
    removal: "update",
  }),
];
