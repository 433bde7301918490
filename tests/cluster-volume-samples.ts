import { inPlace, type Sample } from "./sample";

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
