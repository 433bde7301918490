import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

export const disks = {
  gpt: "60003ff4-0000-4000-8000-000000000011",
  mbr: "60003ff5-0000-4000-8000-000000000012",
  other: "60003ff6-0000-4000-8000-000000000013",
  last: "60003ff7-0000-4000-8000-000000000014",
  raw: "60003ff8-0000-4000-8000-000000000015",
};

const members = ["HV01", "HV02", "HV03"];
const shared = (number: number, id: string, partitionStyle: "GPT" | "MBR") => ({
  number,
  id,
  sizeBytes: 2 ** 40,
  partitionStyle,
  fileSystem: "NTFS",
});

/** A cluster of three nodes with one volume, and disks that it could use; a provider that names these nodes. */
export function lab(nodes: readonly string[] = members) {
  const simulator = Simulator.inMemory({
    nodes: members.map((name) => ({ name })),
    cluster: { name: "LAB" },
    sharedDisks: [
      shared(11, disks.gpt, "GPT"),
      shared(12, disks.mbr, "MBR"),
      shared(13, disks.other, "GPT"),
      shared(14, disks.last, "GPT"),
      { number: 15, id: disks.raw, sizeBytes: 2 ** 40, partitionStyle: "RAW" },
    ],
    seed: "shared volumes",
  });
  const does = async (line: string, on = "HV01") => {
    for (const { error } of await simulator.run(on, parseLine(line))) assert.equal(error, undefined, line);
  };
  /** Names of the volumes, those of disks among the available storage, and how many disks the cluster could take. */
  const seen = async () => {
    const [volumes, resources, available] = await simulator.run("HV01", [
      { cmdlet: "Get-ClusterSharedVolume", select: { Name: null } },
      { cmdlet: "Get-ClusterResource", select: { Name: null, OwnerGroup: { GroupType: null } } },
      { cmdlet: "Get-ClusterAvailableDisk", select: { Name: null } },
    ]);
    const all = (resources?.values ?? []) as { Name: string; OwnerGroup: { GroupType: string } }[];
    return {
      volumes: ((volumes?.values ?? []) as { Name: string }[]).map(({ Name }) => Name).sort(),
      loose: all.filter(({ OwnerGroup }) => OwnerGroup.GroupType === "AvailableStorage").map(({ Name }) => Name),
      available: available?.values.length,
    };
  };
  return { simulator, does, seen, lifecycle: new Lifecycle("ClusterSharedVolume", simulator, nodes) };
}

export type Lab = ReturnType<typeof lab>;
