// Two highly available machines on a two-node cluster, kept on different nodes where there is a choice.
// Needs a cluster with a shared volume; set hyperv:nodes. Destroy takes the machines with their disks.
import * as pulumi from "@pulumi/pulumi";
import * as hyperv from "pulumi-hyperv";
import { GiB, MiB } from "pulumi-hyperv";

const config = new pulumi.Config();
const nodes = config.getObject<string[]>("nodes") ?? ["HV01", "HV02"];
const volume = config.get("volume") ?? "C:\\ClusterStorage\\Volume1";
const dbMemoryMiB = config.getNumber("dbMemoryMiB") ?? 2048;
const dbProcessors = config.getNumber("dbProcessors") ?? 2;
const dbDiskGiB = config.getNumber("dbDiskGiB") ?? 40;
const dbVlan = config.getNumber("dbVlan") ?? 20;
const dbPriority = config.getNumber("dbPriority") ?? 2000;
const dbOwner = config.get("dbOwner");
const webName = config.get("webName") ?? "web";
const allowRestart = config.getBoolean("allowRestart") ?? true;

// live migration looks for a switch of the same name on the other node
const switches = nodes.map(
  (node) => new hyperv.VirtualSwitch(`lan-${node}`, { name: "lan", node, switchType: "Private" }),
);

const machine = (
  name: string,
  args: hyperv.VirtualMachineArgs,
  disk: hyperv.VirtualHardDisk,
  node: string | undefined,
) =>
  new hyperv.VirtualMachine(
    name,
    {
      ...args,
      node,
      path: volume,
      hardDiskDrives: [{ path: disk.path }],
      state: "Running",
      allowRestart,
      shutdown: { timeoutSeconds: 120, onTimeout: "TurnOff" },
    },
    { dependsOn: switches },
  );

const webDisk = new hyperv.VirtualHardDisk("web", { path: `${volume}\\web.vhdx`, sizeBytes: 20 * GiB });
const web = machine(
  "web",
  { name: webName, memory: { startupBytes: 1 * GiB }, networkAdapters: [{ name: "front", switchName: "lan" }] },
  webDisk,
  nodes[0],
);

const dbDisk = new hyperv.VirtualHardDisk("db", { path: `${volume}\\db.vhdx`, sizeBytes: dbDiskGiB * GiB });
const db = machine(
  "db",
  {
    processor: { count: dbProcessors },
    memory: { startupBytes: dbMemoryMiB * MiB },
    networkAdapters: [{ name: "front", switchName: "lan", vlan: dbVlan }],
  },
  dbDisk,
  nodes[1],
);

const apart = { antiAffinityClassNames: ["example"] };
new hyperv.ClusterVirtualMachineRole("web", { vmId: web.id, ...apart });
const role = new hyperv.ClusterVirtualMachineRole("db", {
  vmId: db.id,
  priority: dbPriority as 2000,
  ownerNode: dbOwner,
  ...apart,
});

export const ids = { web: web.id, db: db.id };
export const dbOwnerNode = role.currentOwner;
