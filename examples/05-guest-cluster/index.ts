// Two guests that become a failover cluster of their own: each has its system disk, both share a quorum disk and a data disk.
// Needs a cluster with a shared volume; set hyperv:nodes. Destroy takes the machines with all their disks, the shared data too.
import * as pulumi from "@pulumi/pulumi";
import * as hyperv from "pulumi-hyperv";
import { GiB } from "pulumi-hyperv";

const config = new pulumi.Config();
const nodes = config.getObject<string[]>("nodes") ?? ["HV01", "HV02", "HV03"];
const volume = config.get("volume") ?? "C:\\ClusterStorage\\Volume1";
const image = config.get("image");
const dataGiB = config.getNumber("dataGiB") ?? 100;

// guests on different nodes reach each other through a physical adapter, for example {"clients": "Ethernet 2", "heartbeat": "Ethernet 3"}
const netAdapters = config.getObject<Record<string, string>>("netAdapters") ?? {};
const networks = ["clients", "heartbeat"];
const switches = nodes.flatMap((node) =>
  networks.map((name) => {
    const adapter = netAdapters[name];
    return new hyperv.VirtualSwitch(`${name}-${node}`, {
      name,
      node,
      ...(adapter === undefined ? { switchType: "Private" } : { switchType: "External", netAdapterNames: [adapter] }),
    });
  }),
);

const quorum = new hyperv.VirtualHardDisk("quorum", { path: `${volume}\\quorum.vhds`, sizeBytes: 1 * GiB });
const data = new hyperv.VirtualHardDisk("data", { path: `${volume}\\data.vhds`, sizeBytes: dataGiB * GiB });

function member(name: string, node: string | undefined) {
  const system = new hyperv.VirtualHardDisk(name, {
    path: `${volume}\\${name}.vhdx`,
    sizeBytes: 60 * GiB,
    ...(image !== undefined && { sourcePath: image }),
  });
  const machine = new hyperv.VirtualMachine(
    name,
    {
      node,
      path: volume,
      processor: { count: 2 },
      memory: { startupBytes: 4 * GiB },
      networkAdapters: networks.map((network) => ({ name: network, switchName: network })),
      hardDiskDrives: [
        { path: system.path },
        { path: quorum.path, supportPersistentReservations: true },
        { path: data.path, supportPersistentReservations: true },
      ],
      state: "Running",
      allowRestart: true,
      shutdown: { timeoutSeconds: 120, onTimeout: "TurnOff" },
    },
    { dependsOn: switches },
  );
  // the class keeps the members on different nodes, also where the cluster restarts them
  const role = new hyperv.ClusterVirtualMachineRole(name, {
    vmId: machine.id,
    antiAffinityClassNames: ["sql"],
    ownerNode: config.get(`${name}Owner`),
  });
  return { id: machine.id, owner: role.currentOwner };
}

export const sql1 = member("sql1", nodes[0]);
export const sql2 = member("sql2", nodes[1]);
