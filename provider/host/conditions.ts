/** What somebody decides on an error, as docs/errors.md names it. */
export type ErrorKind =
  | "not found"
  | "unreachable"
  | "refused"
  | "busy"
  | "wrong state"
  | "exhausted"
  | "invalid"
  | "host set-up";

/** A condition that hosts report, by what is the same in every language (hyper-v.md 1.1, 2.9 and 7.7). */
export interface Condition {
  /** What tells it: the part of FullyQualifiedErrorId before the comma, an HRESULT without its sign, the record's category. */
  by: "error id" | "HRESULT" | "category";
  is: string | number;
  kind: ErrorKind;
  means: string;
  /** What to do; `{host}` is the host that said it. */
  advice?: string;
}

type Row = readonly [is: string | number, kind: ErrorKind, means: string, advice?: string];

/** Who it is, if it is a machine, is looked up and said in place of this. */
const openElsewhere =
  "A backup, a migration or the merge of a checkpoint releases it when it ends; a mount (Dismount-VHD) or another " +
  "machine does not. Release it, or wait, then run pulumi up again.";

/** A key brings no credentials for another computer, a password does (V, hyper-v.md 8.5). */
const asTheUser =
  "{host} reaches the other nodes, and the domain, as the user who is signed in. Over SSH a key cannot be handed on, a password can: set " +
  "hyperv:password, and leave hyperv:privateKey out.";

/** Recorded, hyper-v-host.md 8. */
const halfDone = "If it left a node half done, run Clear-ClusterNode -Force on that node.";

// biome-ignore format: a condition is a line
const ids: readonly Row[] = [
  ["InvalidState", "wrong state", "not while the machine is in this state", "Set allowRestart: true, so that the change is made with the machine off, or stop it first."],
  ["NotSupported", "invalid", "not in this configuration", "Compare the property with the machine's generation and version, and with the Windows on {host}."],
  ["AccessDenied", "refused", "the user, or the machine's own account on a file, lacks a right", "Add the user to Hyper-V Administrators on {host}; for external switches and clusters to Administrators. For a file, grant NT VIRTUAL MACHINE\\<id of the machine> access to it."],
  ["OutOfMemory", "exhausted", "not enough memory to start the machine", "Lower memory.startupBytes, or stop another machine on {host}."],
  ["ObjectInUse", "busy", "the file is open elsewhere", openElsewhere],
  ["InvalidOperation", "invalid", "a prompt that cannot be answered, or an ambiguous name", "Give the name to one thing only: rename the others, or remove what an earlier attempt left."],
  ["NamedParameterNotFound", "invalid", "the host's module does not know this setting", "Leave the property out, or update Windows on {host}."],
  ["ParameterArgumentValidationError", "invalid", "a value out of its range", "Change the property to a value that Hyper-V takes."],
  ["CommandNotFoundException", "host set-up", "the PowerShell module is not installed, or older than the cmdlet", "Install-WindowsFeature Hyper-V-PowerShell on {host}, for roles RSAT-Clustering-PowerShell; affinity rules need Windows Server 2022 or later. npx pulumi-hyperv doctor looks at all of it."],
  ["CouldNotAutoloadMatchingModule", "host set-up", "the PowerShell module does not load", "Repair the module on {host}; Import-Module Hyper-V there says why. npx pulumi-hyperv doctor looks at all of it."],
  ["CouldNotAutoLoadModule", "host set-up", "the PowerShell module does not load", "Repair the module on {host}; Import-Module Hyper-V there says why. npx pulumi-hyperv doctor looks at all of it."],
  ["ClusterEndpointNotRegistered", "unreachable", "the cluster service does not run on the node", "Start-Service ClusSvc on {host}; after a start of the node it takes a while. Other nodes are asked in its place, if hyperv:nodes names them."],
  ["ClusterNodeNotReachable", "host set-up", "a host lacks the failover clustering feature, or another host does not reach it", "Install-WindowsFeature Failover-Clustering -IncludeManagementTools on every node, and look whether {host} reaches each of them by its name."],
  ["New-Cluster", "refused", "the cluster could not be created: a right, a second hop, a name or an address that is taken, or a timeout", `${asTheUser} Nodes in a workgroup need administrativeAccessPoint: "Dns". ${halfDone}`],
  ["Add-ClusterNode", "refused", "the node did not join: a right, a second hop, or a node that does not answer", `${asTheUser} ${halfDone}`],
  ["ClusterRpcConnection", "unreachable", "no node answers for the cluster", "Look with Get-ClusterNode which nodes are up, and start the cluster (Start-Cluster) if none is."],
];

// biome-ignore format: a condition is a line
const hresults: readonly Row[] = [
  [0x80070002, "invalid", "a file does not exist", "Compare the path in the message with the files on {host}; if the program creates the file, depend on it."],
  [0x80070003, "invalid", "a folder does not exist", "Create the folder, or correct the path in the message: it must exist on {host}, with its drive."],
  [0x80070043, "invalid", "a share or its server is not known", "Use a local path or a shared volume; a UNC path is a second hop for {host}."],
  [0x80070057, "invalid", "a parameter is not correct", "Change the property that the message names."],
  [0x80070299, "invalid", "the file system does not allow it", "Use a volume with NTFS or ReFS; a large file may be too fragmented for it."],
  [0x80070490, "invalid", "the network adapter cannot be bound: wireless, bound already, or gone", "Look at Get-NetAdapter and Get-VMSwitch on {host}: an adapter serves one external switch."],
  [0x80070570, "invalid", "the file is damaged", "Test-VHD on {host} says more; bring it back from a backup."],
  [0xc03a001a, "invalid", "the disk is compressed, encrypted or sparse", "Clear these attributes of the file (compact /u, cipher /d), or copy it to a plain folder."],
  [0xc03a0014, "invalid", "a disk or DVD file of the machine is missing at the destination", "Eject the DVD, or put all files on a shared volume."],
  [0x80071398, "invalid", "the node is not a possible owner", "Name another ownerNode, or allow the node with Set-ClusterOwnerNode on the role's resources."],
  [0x80071739, "invalid", "the path is not on a shared volume", "Put path and disks of the machine below C:\\ClusterStorage."],
  [0x80070005, "refused", "access denied", "Grant the user, or NT VIRTUAL MACHINE\\<id of the machine>, access; what lies on another computer is a second hop, which a remote session may not make."],
  [0x80070050, "refused", "a file of this name exists", "Choose another path, set adopt: true, or remove the file. While making or moving a role: clean the TEMP folder on {host}."],
  [0x80071392, "refused", "it already exists in the cluster", "Set adopt: true to take it over."],
  [0xc03a0025, "refused", "shrinking would cut data off", "Shrink the partition in the guest first."],
  [0x8007000e, "exhausted", "out of memory", "Lower memory.startupBytes, or stop another machine on {host}."],
  [0x800705aa, "exhausted", "out of resources", "Stop another machine on {host}, or ask for fewer processors and less memory."],
  [0x80070070, "exhausted", "the volume is full", "Free space on the volume of the path, or choose another one."],
  [0x80070020, "busy", "another process has the file open", openElsewhere],
  [0x800700aa, "busy", "in use", openElsewhere],
  [0x80070034, "busy", "another operation is creating this name", "Run pulumi up again."],
  [0x80070046, "busy", "the node is starting or stopping", "Run pulumi up again when Get-ClusterNode shows it as Up."],
  [0x800710df, "busy", "the guest's services are not ready", "Run pulumi up again when the guest has started."],
  [0x80071394, "busy", "the cluster's group is not available", "It is failing over or its node is stopping: run pulumi up again."],
  [0x8007139f, "busy", "the group or resource is in another state", "Wait until Get-ClusterGroup shows neither Pending nor Failed, and run pulumi up again."],
  [0x80071738, "busy", "the group is being moved", "Run pulumi up again when it has arrived."],
  [0x80071395, "not found", "the cluster has no such group"],
  [0x800713b2, "not found", "the cluster has no such node", "Compare its name with Get-ClusterNode."],
  [0x800706ba, "unreachable", "{host} answered, but it could not reach another computer or service", "Look with Get-ClusterNode whether the target node is up, and whether its services vmms and ClusSvc run; then run the command again."],
  [0x800706d9, "unreachable", "{host} answered, but a service that it needs is not running", "Start-Service ClusSvc, or vmms, on the target node, then run the command again."],
  [0x800713ac, "unreachable", "{host} answered, but the target node is not available", "Bring the node up or resume it (Get-ClusterNode, Resume-ClusterNode), or name another one."],
  [0x800713ba, "unreachable", "{host} answered, but the target node is down", "Bring the node up (Get-ClusterNode, Start-ClusterNode), or name another one."],
  [0x80070569, "host set-up", "virtual machines lack the right to log on as a service", "Give NT VIRTUAL MACHINE\\Virtual Machines the right 'Log on as a service' in the policy of {host}, and restart vmms."],
  [0x800704dd, "host set-up", "BITS does not work in a network logon", "Copy the file by other means: a session over SSH is a network logon."],
  [0x8009030c, "host set-up", "live migration: the logon was denied", "Allow constrained delegation (Kerberos) between the nodes, or use certificates on 2025."],
  [0x8009030e, "host set-up", "live migration: no credentials to pass on", "Allow constrained delegation (Kerberos) between the nodes, or use certificates on 2025."],
  [0x80090322, "host set-up", "live migration: the wrong principal", "Check the nodes' names in DNS and their service principal names (setspn -L)."],
  [0x8007274d, "host set-up", "live migration: the connection was refused", "Enable-VMMigration on the destination, and allow port 6600 there."],
  [0x80070534, "host set-up", "an account cannot be resolved", "Check that {host} reaches its domain."],
  [0xc06d007e, "host set-up", "the machine's worker process does not load", "Repair Hyper-V on {host}: sfc /scannow, then remove and add the role."],
];

/** For what no id and no code tells: coarse, and right in most cases. */
// biome-ignore format: a condition is a line
const categories: readonly Row[] = [
  ["ObjectNotFound", "not found", "it does not exist, or the user cannot see it"],
  ["InvalidArgument", "invalid", "a bad value"],
  ["InvalidData", "invalid", "a bad value"],
  ["InvalidOperation", "wrong state", "not in its current state", "If a machine runs, set allowRestart: true, so that the change is made with it off, or stop it first."],
  ["PermissionDenied", "refused", "a right is missing", "Add the user to Hyper-V Administrators on {host}; for external switches and clusters to Administrators."],
  ["SecurityError", "refused", "a right or a policy is in the way", "Add the user to Hyper-V Administrators on {host}; for external switches and clusters to Administrators."],
  ["ResourceBusy", "busy", "in use", openElsewhere],
  ["ResourceExists", "refused", "it already exists", "Choose another name, or set adopt: true."],
  ["ResourceUnavailable", "unreachable", "{host} answered, but a service on it did not", "Check there that vmms runs, on a cluster ClusSvc too, and run the command again."],
  ["ConnectionError", "unreachable", "{host} answered, but a connection that it needs failed", "Check there that vmms runs, on a cluster ClusSvc too, and run the command again."],
  ["OperationTimeout", "unreachable", "{host} answered, but the operation timed out there", "Check the result, then run the command again."],
];

function table(by: Condition["by"], rows: readonly Row[]): ReadonlyMap<string | number, Condition> {
  return new Map(rows.map(([is, kind, means, advice]) => [is, { by, is, kind, means, advice }]));
}

const byId = table("error id", ids);
const byHresult = table("HRESULT", hresults);
const byCategory = table("category", categories);

/** All there are, the more exact ones first. */
export const conditions: readonly Condition[] = [byId, byHresult, byCategory].flatMap((map) => [...map.values()]);

/** "No such name" with InvalidParameter; elsewhere that is a bad value (recorded, hyper-v.md 1.1). */
const noSuchName = /^(Get-VM|Get-VMSwitch|Set-VMSwitch|Remove-VMSwitch|Get-VHD)$/i;

/** What is known of an error by its id or its code. */
export function knownCondition(errorId: string, hresult: number | undefined): Condition | undefined {
  // ObjectNotFound with 0x80070003 is New-VM's missing path: nothing that was there is gone
  return byId.get(errorId) ?? (hresult === undefined ? undefined : byHresult.get(hresult));
}

/** The condition that an error record shows; nothing where neither id nor code nor category is known. */
export function conditionOf(
  errorId: string,
  category: string,
  hresult: number | undefined,
  cmdlet: string,
): Condition | undefined {
  if (errorId === "InvalidParameter" && noSuchName.test(cmdlet)) return byCategory.get("ObjectNotFound");
  return knownCondition(errorId, hresult) ?? byCategory.get(category);
}

/** The class of the cmdlet in a FullyQualifiedErrorId where a change was made, and the update of the machine's role failed after it. */
export const isRoleUpdate = (ofClass: string): boolean => /\.UpdateClusterVirtualMachineConfiguration/.test(ofClass);

export const roleNotUpdated =
  "The machine has the change, its role does not know it yet. On {host} run Update-ClusterVirtualMachineConfiguration -VMId " +
  "<id of the machine>, before it is moved or fails over.";

export const isKnownHresult = (code: number): boolean => byHresult.has(code);
