import type { Call, Select } from "../provider/calls";
import { section } from "./world-tables";

/** What is asked for where nobody says what to show. */
export function usual(calls: readonly Call[]): Select {
  const last = calls[calls.length - 1];
  if (!last || !("cmdlet" in last)) return {};
  // with -Passthru it answers with what it made
  const noun = last.cmdlet === "Checkpoint-VM" ? "VMSnapshot" : last.cmdlet.slice(last.cmdlet.indexOf("-") + 1);
  return columns[noun] ?? otherwise;
}

/** What a cmdlet answered, for a person: rows of a table, or where they would be too wide each as a list. */
export function resultsText(values: readonly unknown[], { isAsked }: { isAsked: boolean }): string {
  const rows = values.map((value) => (isObject(value) ? value : { Value: value }));
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  // what nobody asked for need not be shown where it is blank
  const shown = names.filter((name) => isAsked || rows.some((row) => text(row[name]) !== ""));
  const title = `${rows.length} ${rows.length === 1 ? "result" : "results"}`;
  if (shown.length === 0) return title;
  const table = section(
    title,
    shown,
    rows.map((row) => shown.map((name) => text(row[name]))),
  );
  if (
    !rows.some(
      (row) => shown.reduce((sum, name) => sum + Math.max(name.length, text(row[name]).length) + 3, 1) > widest,
    )
  )
    return table;
  return rows
    .map((row, index) =>
      section(
        rows.length === 1 ? title : `${index + 1} of ${rows.length}`,
        [],
        shown.map((name) => [name, text(row[name])]),
      ),
    )
    .join("\n");
}

/** Columns of a terminal that a table may take before its lines break. */
const widest = 160;

const named: Select = { Name: null };

const drive: Select = {
  VMName: null,
  ControllerType: null,
  ControllerNumber: null,
  ControllerLocation: null,
  Path: null,
};
const controller: Select = { VMName: null, Name: null, ControllerNumber: null };
const file: Select = { FullName: null, Length: null, PSIsContainer: null };
const group: Select = { Name: null, State: null, OwnerNode: named, Priority: null, Id: null };

/** What a person wants to see of a noun. */
const columns: Readonly<Record<string, Select>> = {
  ChildItem: file,
  Cluster: { Name: null, Domain: null, Id: null },
  ClusterGroup: group,
  ClusterNode: { Name: null, State: null, DrainStatus: null, Id: null },
  ClusterOwnerNode: { ClusterObject: named, OwnerNodes: named },
  ClusterParameter: { ClusterObject: named, Name: null, Value: null, ParameterType: null },
  ClusterQuorum: { Cluster: named, QuorumType: null, QuorumResource: named },
  ClusterResource: { Name: null, State: null, OwnerGroup: named, ResourceType: named, Id: null },
  ClusterResourceType: { Name: null, DisplayName: null },
  ClusterSharedVolume: { Name: null, State: null, OwnerNode: named, SharedVolumeInfo: { FriendlyVolumeName: null } },
  ClusterSharedVolumeState: { Name: null, Node: null, StateInfo: null, VolumeFriendlyName: null },
  ClusterVirtualMachineRole: group,
  Item: file,
  NetAdapter: { Name: null, InterfaceDescription: null, Status: null, LinkSpeed: null, MacAddress: null },
  NetIPAddress: { InterfaceAlias: null, IPAddress: null, PrefixLength: null },
  NetNat: { Name: null, InternalIPInterfaceAddressPrefix: null, Active: null },
  NetNatStaticMapping: {
    NatName: null,
    Protocol: null,
    ExternalIPAddress: null,
    ExternalPort: null,
    InternalIPAddress: null,
    InternalPort: null,
  },
  VHD: { Path: null, VhdType: null, Size: null, FileSize: null, ParentPath: null },
  VM: { Name: null, State: null, ProcessorCount: null, MemoryStartup: null, Notes: null, Id: null },
  VMBios: { VMName: null, NumLockEnabled: null, StartupOrder: null },
  VMComPort: { VMName: null, Name: null, Path: null },
  VMDvdDrive: drive,
  VMFirmware: { VMName: null, SecureBoot: null, SecureBootTemplate: null, BootOrder: { BootType: null } },
  VMHardDiskDrive: drive,
  VMHost: {
    Name: null,
    LogicalProcessorCount: null,
    MemoryCapacity: null,
    VirtualMachinePath: null,
    VirtualHardDiskPath: null,
  },
  VMHostSupportedVersion: { Name: null, Version: null, IsDefault: null },
  VMIdeController: controller,
  VMIntegrationService: { VMName: null, Name: null, Enabled: null, PrimaryStatusDescription: null },
  VMMemory: {
    VMName: null,
    DynamicMemoryEnabled: null,
    Startup: null,
    Minimum: null,
    Maximum: null,
    Buffer: null,
    Priority: null,
  },
  VMNetworkAdapter: { Name: null, VMName: null, SwitchName: null, MacAddress: null, IPAddresses: null },
  VMNetworkAdapterIsolation: { IsolationMode: null, DefaultIsolationID: null, AllowUntaggedTraffic: null },
  VMNetworkAdapterVlan: {
    ParentAdapter: named,
    OperationMode: null,
    AccessVlanId: null,
    NativeVlanId: null,
    AllowedVlanIdListString: null,
  },
  VMProcessor: { VMName: null, Count: null, Reserve: null, Maximum: null, RelativeWeight: null },
  VMScsiController: controller,
  VMSecurity: { VMName: null, TpmEnabled: null, Shielded: null, EncryptStateAndVmMigrationTraffic: null },
  VMSnapshot: { Name: null, VMName: null, SnapshotType: null, ParentSnapshotName: null, Id: null },
  VMSwitch: { Name: null, SwitchType: null, NetAdapterInterfaceDescriptions: null, Notes: null, Id: null },
  VMSwitchTeam: { Name: null, NetAdapterInterfaceDescription: null, TeamingMode: null, LoadBalancingAlgorithm: null },
};

const otherwise: Select = { Name: null, VMName: null, State: null, Path: null, Id: null };

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Of an object what was asked of it, of a list its elements. */
function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(text).join(", ");
  return isObject(value) ? Object.values(value).map(text).join(" ") : String(value);
}
