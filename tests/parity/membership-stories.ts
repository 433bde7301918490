import type { World } from "../../provider/simulator";
import { GiB, type Inputs, type Story, volume } from "./story";

const nodes = ["HV01", "HV02", "HV03"];

/** Hosts that are in no cluster yet, and a disk that all of them see. */
const ofHosts = {
  kind: "Cluster",
  nodes,
  setup: ["Remove-Cluster -Force"],
  more: { sharedDisks: [{ number: 2, sizeBytes: GiB, partitionStyle: "GPT", fileSystem: "NTFS" }] },
  things: ({ cluster }: World) => (cluster ? [cluster.name] : []),
};
const lab: Inputs = {
  name: "LAB",
  nodes: ["HV01", "HV02"],
  staticAddresses: ["10.0.0.50"],
  administrativeAccessPoint: "ActiveDirectoryAndDns",
  allowDestroy: true,
};

/** A machine that runs on the node that is to go. */
const running = [
  "Add-ClusterDisk -InputObject (Get-ClusterAvailableDisk)",
  'Add-ClusterSharedVolume -Name "Cluster Disk 1"',
  `HV02: New-VM -Name web -Generation 2 -NoVHD -Path ${volume}`,
  "HV02: Add-ClusterVirtualMachineRole -VMName web",
  "HV02: Start-VM -Name web",
];

export const membershipStories: readonly Story[] = [
  { ...ofHosts, does: "create", title: "is created", later: lab },
  {
    ...ofHosts,
    does: "update",
    title: "is joined by one node and left by another, which is drained",
    runs: true,
    first: lab,
    between: running,
    later: { ...lab, nodes: ["HV01", "HV03"] },
  },
  {
    ...ofHosts,
    does: "replace",
    title: "is replaced",
    first: lab,
    later: { ...lab, administrativeAccessPoint: "Dns" },
  },
  { ...ofHosts, does: "delete", title: "is deleted", first: lab },
];
