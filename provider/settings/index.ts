import { z } from "zod";
import { type Problem, secret } from "../schema";

const port = () => z.int().min(1).max(65535);

/** How one node is reached, where it differs from the provider's own arguments. */
export const nodeSettings = z.strictObject({
  /** Name of the node as the cluster shows it. */
  name: z.string().min(1),
  /** Address or name to connect to. @default the node's name */
  address: z.string().min(1).optional(),
  /** Port of its SSH server. @default the provider's `port` */
  port: port().optional(),
  /** Fingerprint (`SHA256:...`) or public key that its SSH server must show. @default the provider's `hostKey` */
  hostKey: z.string().min(1).optional(),
});

/**
 * Arguments of the provider. In stack config each has the prefix `hyperv:`, as in `pulumi config set hyperv:address hv01`;
 * lists and objects are JSON there.
 */
export const settings = z.strictObject({
  /**
   * How Hyper-V is reached: `local` on the machine that Pulumi runs on, `ssh`, or `simulator`, which plays a host.
   * @default "local" on Windows where no address is given, "ssh" elsewhere
   */
  transport: z.enum(["local", "ssh", "simulator"]).optional(),
  /** Name or address of the host, for `ssh`; for `simulator` the node of its world. */
  address: z.string().min(1).optional(),
  /** Port of the SSH server. @default 22 */
  port: port().optional(),
  /** User to sign in as; a member of Hyper-V Administrators, for clusters and external switches of Administrators. */
  user: z.string().min(1).optional(),
  /** Password of the user. */
  password: secret(z.string().optional()),
  /** Private key of the user: the text of the key, or the path of its file. */
  privateKey: secret(z.string().optional()),
  /** Passphrase of the private key. */
  passphrase: secret(z.string().optional()),
  /** Fingerprint (`SHA256:...`) or public key that the SSH server must show. */
  hostKey: z.string().min(1).optional(),
  /** File of known hosts, where `hostKey` is not given. @default "~/.ssh/known_hosts" */
  knownHosts: z.string().min(1).optional(),
  /** PowerShell to start on the host. @default "powershell.exe" on Windows */
  powershell: z.string().min(1).optional(),
  /** Nodes of the cluster: names, or objects where one differs from the rest. Makes the provider aware of the cluster. */
  nodes: z
    .array(z.union([z.string().min(1), nodeSettings]))
    .min(1)
    .optional(),
  /**
   * Whether `nodes` are one failover cluster. With `false` they are hosts that share nothing, between which a machine moves when its
   * `node` changes. That a cluster does not answer never means that there is none.
   * @default true
   */
  clustered: z.boolean().default(true),
  /** State file of the simulator, for `transport: "simulator"`; made with `npx pulumi-hyperv simulator create`. */
  simulator: z.string().min(1).optional(),
  /** Seconds that one batch of calls may take; making a large fixed disk is one. @default 3600 */
  timeoutSeconds: z.int().min(1).max(86400).default(3600),
  /** PowerShell sessions that a host is given at most. @default 4 */
  maxSessions: z.int().min(1).max(32).default(4),
  /**
   * Whether a preview that would create something asks the host if it can be created: signs in, and sees that no other has the
   * name, that switches, disks, images and parents are there, and that the nodes answer. What the same run is about to create counts as
   * there. Costs one listing per kind of thing and node.
   * @default false
   */
  verify: z.boolean().default(false),
  /** Writes each batch as PowerShell, secrets masked: to this file, or with `true` to the log. */
  trace: z.union([z.boolean(), z.string()]).optional(),
});

export type Settings = z.output<typeof settings>;
export type NodeSettings = z.output<typeof nodeSettings>;

/** What messages call a setting, where its own name is not what gave it. */
export type SettingNames = Readonly<Partial<Record<keyof Settings, string>>>;

export const settingNames = Object.keys(settings.shape) as (keyof typeof settings.shape)[];

/** How the settings reach a host. On Windows that is this machine, unless an address is given. */
export function transportOf({ transport, simulator, address, nodes }: Settings): NonNullable<Settings["transport"]> {
  if (transport) return transport;
  if (simulator) return "simulator";
  return process.platform === "win32" && !address && !nodes ? "local" : "ssh";
}

const signsIn = ["port", "user", "password", "privateKey", "passphrase", "hostKey", "knownHosts"] as const;

/** What does not go together, or lacks something beside it. */
export function conflictsIn(settings: Settings): Problem[] {
  const { address, nodes, privateKey, passphrase, simulator } = settings;
  const problems: Problem[] = [];
  const add = (name: keyof Settings, reason: string) => problems.push({ path: [name], reason });
  const transport = transportOf(settings);
  // on Windows nothing at all means this machine
  const local = transport === "local" && (settings.transport || signsIn.every((name) => settings[name] === undefined));
  if (!address && !nodes && transport !== "simulator" && !local) add("address", needsAddress);
  if (transport === "local")
    for (const name of ["address", "nodes"] as const) if (settings[name]) add(name, onlyThisMachine);
  if (transport === "simulator" && !simulator) add("simulator", needsFile);
  if (transport === "ssh" && passphrase && !privateKey) add("passphrase", "needs privateKey, the key that it opens");
  return problems;
}

export const needsAddress =
  "is required to sign in over SSH, or nodes for a cluster. To try everything without a host, set transport to " +
  '"simulator", which takes a file that "npx pulumi-hyperv simulator create" makes';
export const onlyThisMachine = 'is not for the transport "local", which reaches only the machine that Pulumi runs on';
export const needsFile =
  'is required for the transport "simulator": its state file, which "npx pulumi-hyperv simulator create" makes';

/** Name and settings of each node; none for a single host. */
export function nodesOf({ nodes }: Settings): NodeSettings[] {
  return (nodes ?? []).map((node) => (typeof node === "string" ? { name: node } : node));
}
