import type { Value } from "../../provider/calls";
import type { WorldDescription } from "../../provider/simulator/world/world";
import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { cluster, GiB } from "./worlds";

const pair: WorldDescription = {
  nodes: [{ name: "HV01" }, { name: "HV02" }],
  session: "remote",
  guestsBoot: true,
  seed: "test",
};

const on = (node: string, step: Step): Step => ({ ...step, on: node });
const there = (step: Step): Step => on("HV02", step);
const server: Record<string, Value> = {
  ReplicationEnabled: true,
  AllowedAuthenticationType: "Kerberos",
  ReplicationAllowedFromAnyServer: true,
  DefaultStorageLocation: "D:\\Replica",
};
const takes = (node: string): Step[] => [
  { world: { folder: "D:\\Replica", on: node } },
  on(node, does("Set-VMReplicationServer", server)),
];
const connection: Record<string, Value> = {
  ReplicaServerName: "HV02.corp.example",
  ReplicaServerPort: 80,
  AuthenticationType: "Kerberos",
};
const web = does("New-VM", {
  Name: "web",
  Generation: 2,
  Path: "D:\\VMs",
  MemoryStartupBytes: GiB,
  NewVHDPath: "D:\\VMs\\web.vhdx",
  NewVHDSizeBytes: 10 * GiB,
});
const enable = does("Enable-VMReplication", { VMName: "web", ...connection });
const copied: Step[] = [...takes("HV02"), web, enable, does("Start-VMInitialReplication", { VMName: "web" })];
const shown = (node: string, mode: string, state: string): Step =>
  on(node, shows("Get-VMReplication", { VMName: "web" }, { ReplicationMode: mode, ReplicationState: state }));
const invalidState = { category: "InvalidOperation" };
const invalid = { category: "InvalidArgument" };

const claims: Case[] = [
  {
    title: "a planned failover of a machine that was shut down goes there and back",
    steps: [
      ...copied,
      ...takes("HV01"),
      does("Start-VM", { Name: "web" }),
      refuses("Start-VMFailover", { VMName: "web", Prepare: true }, invalidState),
      does("Stop-VM", { Name: "web", Force: true }),
      does("Start-VMFailover", { VMName: "web", Prepare: true }),
      refuses("Start-VM", { Name: "web" }),
      there(refuses("Set-VMReplication", { VMName: "web", Reverse: true }, invalidState)),
      there(does("Start-VMFailover", { VMName: "web" })),
      there(does("Set-VMReplication", { VMName: "web", Reverse: true })),
      there(does("Start-VM", { Name: "web" })),
      shown("HV02", "Primary", "Replicating"),
      shown("HV01", "Replica", "Replicating"),
      refuses("Start-VM", { Name: "web" }),
      does("Get-VM", {}, { values: [{ State: "Off", ReplicationMode: "Replica" }] }),
      there(does("Get-VM", {}, { values: [{ State: "Running", ReplicationMode: "Primary" }] })),
    ],
  },
  {
    title: "the copy has the machine's id, and what is asked of one side is not told of the other",
    steps: [
      ...copied,
      does("Get-VM", { Name: "web" }, {}, "vm"),
      there(does("Get-VM", { Id: { $ref: "vm", property: "Id" } }, {}, "copy")),
      does("Start-VM", { Name: "web" }),
      { world: { guest: "web", boots: true, ipAddresses: ["10.0.0.5"] } },
      shows("Get-VM", { Name: "web" }, { State: "Running", ComputerName: "HV01" }),
      there(shows("Get-VM", { Name: "web" }, { Heartbeat: null })),
      there(
        does(
          "Get-VM",
          { Name: "web" },
          { values: [{ State: "Off", ComputerName: "HV02", HardDrives: [{ Path: { $matches: "^D:.Replica" } }] }] },
        ),
      ),
      there(shows("Get-VMNetworkAdapter", { VMName: "web" }, { Connected: false, SwitchName: null })),
      does("Stop-VM", { Name: "web", TurnOff: true, Force: true }),
      does("Remove-VM", { Name: "web", Force: true }),
      // the primary's end leaves the replica
      shown("HV02", "Replica", "Replicating"),
      there(does("Remove-VMReplication", { VMName: "web" })),
      there(does("Start-VM", { Name: "web" })),
    ],
  },
  {
    title: "a replica neither starts, nor is it set, before it has failed over",
    steps: [
      ...takes("HV02"),
      web,
      enable,
      there(refuses("Start-VM", { Name: "web" })),
      there(refuses("Start-VMFailover", { VMName: "web" }, invalidState)),
      does("Start-VMInitialReplication", { VMName: "web" }),
      refuses("Start-VMInitialReplication", { VMName: "web" }, invalidState),
      there(refuses("Resume-VMReplication", { VMName: "web" }, invalid)),
      there(refuses("Set-VMReplication", { VMName: "web", RecoveryHistory: 2 }, invalid)),
      there(does("Start-VMFailover", { VMName: "web" })),
      there(does("Start-VM", { Name: "web" })),
      there(refuses("Stop-VMFailover", { VMName: "web" }, invalidState)),
      there(does("Stop-VM", { Name: "web", TurnOff: true, Force: true })),
      there(does("Stop-VMFailover", { VMName: "web" })),
      shown("HV02", "Replica", "Replicating"),
      there(refuses("Complete-VMFailover", { VMName: "web" }, invalidState)),
      there(refuses("Stop-VMFailover", { VMName: "web" }, invalidState)),
    ],
  },
  {
    title: "a test runs on disks of its own, and ends when it does not run",
    steps: [
      ...copied,
      there(does("Start-VMFailover", { VMName: "web", AsTest: true })),
      there(refuses("Start-VMFailover", { VMName: "web", AsTest: true }, invalidState)),
      there(shows("Get-VMReplication", {}, { TestVirtualMachine: { Name: "web - Test" } })),
      there(does("Start-VM", { Name: "web - Test" })),
      there(refuses("Stop-VMFailover", { VMName: "web" }, invalidState)),
      there(does("Stop-VM", { Name: "web - Test", TurnOff: true, Force: true })),
      there(does("Stop-VMFailover", { VMName: "web" })),
      there(does("Get-ChildItem", { Path: "D:\\Replica", Recurse: true, Filter: "*.avhdx" }, { count: 0 })),
      there(does("Get-VM", {}, { count: 1 })),
    ],
  },
  {
    title: "pace, points and port are checked before anything is enabled",
    steps: [
      ...takes("HV02"),
      web,
      refuses("Enable-VMReplication", { VMName: "web", ...connection, VSSSnapshotFrequencyHour: 2 }, invalid),
      refuses("Enable-VMReplication", { VMName: "web", ...connection, ReplicationFrequencySec: 60 }, invalid),
      refuses("Enable-VMReplication", { VMName: "web", ...connection, ReplicaServerPort: 81 }, { hresult: 0x2efd }),
      refuses("Enable-VMReplication", { VMName: "web", ...connection, ReplicaServerName: "none" }, { hresult: 0x2ee7 }),
      refuses("Enable-VMReplication", { VMName: "web", ...connection, AuthenticationType: "Certificate" }),
      refuses("Enable-VMReplication", { VMName: "web", ...connection, ExcludedVhdPath: "D:\\none.vhdx" }, invalid),
      there(does("Get-VM", {}, { count: 0 })),
      enable,
      refuses("Enable-VMReplication", { VMName: "web", ...connection }, invalidState),
    ],
  },
  {
    title: "a physical disk is left out or keeps the machine from being replicated",
    steps: [
      ...takes("HV02"),
      web,
      does("Add-VMHardDiskDrive", { VMName: "web", DiskNumber: 1 }),
      refuses("Enable-VMReplication", { VMName: "web", ...connection }, { hresult: -2147467259 }),
    ],
  },
  {
    title: "a disk that comes to those that are replicated is copied",
    steps: [
      ...takes("HV02"),
      web,
      does("New-VHD", { Path: "D:\\VMs\\swap.vhdx", SizeBytes: GiB }),
      does("Add-VMHardDiskDrive", { VMName: "web", Path: "D:\\VMs\\swap.vhdx" }),
      does("Enable-VMReplication", { VMName: "web", ...connection, ExcludedVhdPath: "D:\\VMs\\swap.vhdx" }),
      there(does("Get-VMHardDiskDrive", { VMName: "web" }, { count: 1 })),
      refuses("Set-VMReplication", { VMName: "web", ReplicatedDiskPaths: ["D:\\none.vhdx"] }, invalid),
      does("Set-VMReplication", { VMName: "web", ReplicatedDiskPaths: ["D:\\VMs\\web.vhdx", "D:\\VMs\\swap.vhdx"] }),
      shows("Get-VMReplication", {}, { ExcludedDisks: [], ReplicatedDisks: { $count: 2 } }),
      there(does("Get-VMHardDiskDrive", { VMName: "web" }, { count: 2 })),
    ],
  },
  {
    title: "the first copy may travel on a medium",
    steps: [
      ...takes("HV02"),
      web,
      enable,
      { world: { folder: "D:\\Out" } },
      does("Start-VMInitialReplication", { VMName: "web", DestinationPath: "D:\\Out" }),
      shown("HV02", "Replica", "InitialReplicationInProgress"),
      does("Stop-VMInitialReplication", { VMName: "web" }),
      shown("HV02", "Replica", "WaitingForInitialReplication"),
      does("Start-VMInitialReplication", { VMName: "web", DestinationPath: "D:\\Out" }),
      there(does("Import-VMInitialReplication", { VMName: "web", Path: "D:\\Replica" })),
      shown("HV01", "Primary", "Replicating"),
    ],
  },
  {
    title: "what nobody resynchronizes cannot be stopped, and what goes on is not resumed",
    steps: [
      ...copied,
      refuses("Stop-VMReplication", { VMName: "web" }, invalidState),
      refuses("Resume-VMReplication", { VMName: "web" }, invalidState),
      does("Suspend-VMReplication", { VMName: "web" }),
      shows("Get-VMReplication", { ReplicationHealth: "Warning" }, { VMName: "web" }),
      { world: { fail: "HV02" } },
      refuses("Resume-VMReplication", { VMName: "web" }, { hresult: 0x2efd }),
      { world: { return: "HV02" } },
      does("Resume-VMReplication", { VMName: "web" }),
      shows("Measure-VMReplication", { VMName: "web" }, { ReplicationHealth: "Normal", MissedReplicationCount: 0 }),
      refuses("Set-VMReplication", { VMName: "none", RecoveryHistory: 1 }, { category: "ObjectNotFound" }),
    ],
  },
  {
    title: "a replica has its primary's configuration, and adapters of its own",
    steps: [
      ...copied,
      does("Set-VM", { Name: "web", Notes: "sent", ProcessorCount: 4 }),
      does("Rename-VM", { Name: "web", NewName: "www" }),
      there(shows("Get-VM", {}, { Name: "www", Notes: "sent", ProcessorCount: 4 })),
      does("Suspend-VMReplication", { VMName: "www" }),
      does("Set-VM", { Name: "www", Notes: "kept" }),
      there(shows("Get-VM", {}, { Notes: "sent" })),
      there(
        does("Set-VMNetworkAdapterFailoverConfiguration", {
          VMName: "www",
          IPv4Address: "10.0.0.5",
          IPv4SubnetMask: "255.255.255.0",
          IPv6SubnetPrefixLength: 64,
        }),
      ),
      there(refuses("Set-VMNetworkAdapterFailoverConfiguration", { VMName: "www", IPv6Address: "10.0.0.5" }, invalid)),
      there(
        shows(
          "Get-VMNetworkAdapterFailoverConfiguration",
          { VMName: "www" },
          { IPv4Address: "10.0.0.5", IPv6SubnetPrefixLength: "64", IPv6Address: "" },
        ),
      ),
      shows("Get-VMNetworkAdapterFailoverConfiguration", { VMName: "www" }, { IPv4Address: "" }),
      there(does("Set-VMNetworkAdapterFailoverConfiguration", { VMName: "www", ClearFailoverIPv4Settings: true })),
      there(
        shows(
          "Get-VMNetworkAdapterFailoverConfiguration",
          { VMName: "www" },
          { IPv4Address: "", IPv6SubnetPrefixLength: "64" },
        ),
      ),
    ],
  },
  {
    title: "a server has entries only while it does not take replicas from anyone, and each once",
    steps: [
      { world: { folder: "D:\\Replica" } },
      does("Set-VMReplicationServer", server),
      refuses(
        "New-VMReplicationAuthorizationEntry",
        { AllowedPrimaryServer: "a.corp.example", ReplicaStorageLocation: "D:\\Replica", TrustGroup: "x" },
        invalidState,
      ),
      does("Set-VMReplicationServer", { ReplicationAllowedFromAnyServer: false }),
      does("New-VMReplicationAuthorizationEntry", {
        AllowedPrimaryServer: "a.corp.example",
        ReplicaStorageLocation: "D:\\Replica",
        TrustGroup: "x",
      }),
      refuses(
        "New-VMReplicationAuthorizationEntry",
        { AllowedPrimaryServer: "A.corp.example", ReplicaStorageLocation: "D:\\Replica", TrustGroup: "x" },
        invalid,
      ),
      refuses(
        "New-VMReplicationAuthorizationEntry",
        { AllowedPrimaryServer: "b.corp.example", ReplicaStorageLocation: "D:\\none", TrustGroup: "x" },
        invalid,
      ),
      shows("Get-VMReplicationServer", {}, { AuthorizationEntries: [{ AllowedPrimaryServer: "a.corp.example" }] }),
      does("Remove-VMReplicationAuthorizationEntry", { TrustGroup: "x" }),
      refuses("Remove-VMReplicationAuthorizationEntry", { TrustGroup: "x" }, { category: "ObjectNotFound" }),
      refuses("Set-VMReplicationServer", { AllowedAuthenticationType: "Certificate" }, invalid),
      refuses("Set-VMReplicationServer", { DefaultStorageLocation: "D:\\none" }, invalid),
      refuses("Set-VMReplicationServer", { MonitoringInterval: "8.00:00:00" }, invalid),
    ],
  },
];

const undelegated: Case = {
  title: "a caller whose credentials end at the host replicates nothing",
  steps: [
    ...takes("HV02"),
    web,
    refuses("Enable-VMReplication", { VMName: "web", ...connection }, { category: "PermissionDenied" }),
  ],
};

const brokerless: Case = {
  title: "a cluster without a broker replicates nothing",
  steps: [
    web,
    refuses("Enable-VMReplication", { VMName: "web", ...connection }, { category: "ObjectNotFound" }),
    refuses("Get-VMReplicationAuthorizationEntry", {}, { category: "ObjectNotFound" }),
  ],
};

describe("replication of the simulator", () => {
  for (const claim of claims)
    it(claim.title, () =>
      runCase(claim, { ...pair, nodes: pair.nodes.map((node) => ({ ...node, offlineDisks: [1] })) }),
    );
  it(undelegated.title, () => runCase(undelegated, { ...pair, delegation: "none" }));
  it(brokerless.title, () => runCase(brokerless, cluster));
});
