/** What is told apart by its name. */
export interface Nameable {
  kind: string;
  /** Of a file its path. */
  id: string;
  /** What a person knows it by. */
  title: string;
  node: string | undefined;
}

/** What the program calls each: a name of its own across all kinds, which says what it is. `usersOf` are the machines that have a disk. */
export function logicalNames<T extends Nameable>(
  things: readonly T[],
  usersOf: (disk: T) => readonly string[],
): ReadonlyMap<T, string> {
  const taken = new Set<string>();
  const names = new Map<T, string>();
  const disks = diskNames(
    things.filter(({ kind }) => kind === "VirtualHardDisk"),
    usersOf,
  );
  // the machines theirs first: they are what a program is about
  for (const one of [...things].sort((first, second) => rank(first.kind) - rank(second.kind))) {
    const own = disks.get(one) ?? (bare(one.title) || suffixOf(one.kind));
    const twin = !disks.has(one) && things.some((other) => other !== one && isNamesake(other, one));
    const perNode = twin && one.node !== undefined ? `${own}-${bare(one.node)}` : own;
    const plain = [perNode, `${own}-${suffixOf(one.kind)}`].find((name) => !taken.has(name.toLowerCase()));
    const name = plain ?? numbered(own, taken);
    taken.add(name.toLowerCase());
    names.set(one, name);
  }
  return names;
}

function numbered(own: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number += 1) if (!taken.has(`${own}-${number}`.toLowerCase())) return `${own}-${number}`;
}

function rank(kind: string): number {
  return kind === "VirtualMachine" ? 0 : kind === "VirtualSwitch" ? 1 : 2;
}

function isNamesake(one: Nameable, other: Nameable): boolean {
  return one.kind === other.kind && bare(one.title) === bare(other.title);
}

/** A disk is called as its file is; where that says nothing or is the name of several, by its machine or its folder too. */
function diskNames<T extends Nameable>(disks: readonly T[], usersOf: (disk: T) => readonly string[]): Map<T, string> {
  const groups = new Map<string, T[]>();
  for (const disk of disks) {
    const own = fileName(disk).toLowerCase();
    groups.set(own, [...(groups.get(own) ?? []), disk]);
  }
  const placed = new Map(disks.map((disk) => [disk, placeOf(disk, usersOf(disk))]));
  const names = new Map<T, string>();
  for (const group of groups.values()) {
    const called = (way: Way) =>
      group.map((disk) => joined(...way(placed.get(disk) ?? { folders: [] }), fileName(disk)));
    const isEnough = (all: readonly string[]) => new Set(all.map((name) => name.toLowerCase())).size === all.length;
    // the same for all of one name: none of them has more right to it
    const possible = ways.slice(group.every((disk) => isTelling(fileName(disk))) ? 0 : 1).map(called);
    const [first = []] = possible;
    for (const [index, name] of (possible.find(isEnough) ?? first).entries()) {
      const disk = group[index];
      if (disk) names.set(disk, name);
    }
  }
  return names;
}

interface Place {
  /** The machine that has it, if one does. */
  user?: string | undefined;
  /** The nearest folder that says something. */
  near?: string | undefined;
  /** All of them, the outermost first. */
  folders: readonly string[];
  node?: string | undefined;
}

type Way = (place: Place) => readonly (string | undefined)[];

/** What may stand before a file's name, the shortest first. */
const ways: readonly Way[] = [
  () => [],
  ({ user, near }) => [user ?? near],
  ({ user, near, node }) => [node, user ?? near],
  ({ user, near }) => [user, near],
  ({ user, folders }) => [user, ...folders],
  ({ user, folders, node }) => [node, user, ...folders],
];

function placeOf({ id, node }: Nameable, users: readonly string[]): Place {
  const above = id.split("\\").slice(0, -1);
  const folders = above.map(bare).filter((folder) => folder !== "");
  const telling = above
    .filter((folder) => !folder.endsWith(":"))
    .map(bare)
    .filter((folder) => folder !== "" && !everyday.test(folder));
  return { user: users.length === 1 ? bare(users[0] ?? "") : undefined, near: telling.at(-1), folders, node };
}

/** Folders that lie on many a path. */
const everyday =
  /^(virtual-hard-disks?|virtual-machines?|hard-disks?|disks?|vhdx?s?|vms?|machines?|hyper-?v|images?|storage|snapshots?|clusterstorage|volume\d*|csv\d*|users|public|documents|public-documents|programdata|microsoft|windows)$/i;

function fileName({ title }: Nameable): string {
  return bare(title) || "disk";
}

function isTelling(name: string): boolean {
  return !/^(new-)?(virtual-)?(hard-)?(disk|drive|hdd?|vhdx?|os|system|boot|root|data|image)[-_.]?\d*$/i.test(name);
}

/** With hyphens between, and nothing twice: `web` and `web-os` are `web-os`. */
function joined(...parts: readonly (string | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined && part !== "")
    .reduceRight<string>((rest, part = "") => {
      if (rest === "") return part;
      const begins =
        rest.toLowerCase().startsWith(part.toLowerCase()) && !/^[\p{L}\p{N}]/u.test(rest.slice(part.length));
      return begins ? rest : `${part}-${rest}`;
    }, "");
}

const suffix: Readonly<Record<string, string>> = {
  HostSettings: "host",
  VirtualSwitch: "switch",
  VirtualHardDisk: "disk",
  VirtualMachine: "machine",
  Checkpoint: "checkpoint",
  ClusterAffinityRule: "rule",
  ClusterGroupSet: "set",
  Cluster: "cluster",
  ClusterNode: "node",
  ClusterVirtualMachineRole: "role",
  ClusterSettings: "settings",
  ClusterQuorum: "quorum",
  ClusterNetwork: "network",
  ClusterMigrationNetworks: "migrations",
  ClusterFaultDomain: "domain",
  ClusterSharedVolume: "volume",
  ClusterVirtualMachineMonitoredItem: "monitor",
};

const suffixOf = (kind: string) => suffix[kind] ?? kind;

/** What can stand in a URN and on any command line: letters and digits of every script, and what joins them. */
function bare(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}_.]+/gu, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 100);
}
