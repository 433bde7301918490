import { completeCluster } from "./complete";
import type { World } from "./world";

/** The world that a file's text is, or why it is none. Of what is none it is told whether it was one: the rest is somebody else's. */
export type Read = { world: World } | { why: string; wasWorld: boolean };

export function worldIn(text: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error), wasWorld: beginsAsWorld(text) };
  }
  const wasWorld = isObject(value) && typeof value.schemaVersion === "number" && isOurs(value);
  if (!isObject(value) || !("schemaVersion" in value)) return { why: "it has no schemaVersion", wasWorld };
  // another version's is another world: who reads it says so
  const misfit = value.schemaVersion === 1 ? world(value) : undefined;
  if (misfit) return { why: inWords(misfit), wasWorld };
  return wasWorld ? { world: complete(value as unknown as World) } : { why: "it has no nodes", wasWorld };
}

function complete(read: World): World {
  if (read.cluster?.nodes) completeCluster(read, read.cluster);
  return read;
}

/** Others have a schemaVersion too. */
function isOurs(value: object): boolean {
  return ["seed", "serial", "nodes", "faults"].filter((key) => key in value).length >= 3;
}

/** As we write it, up to where it breaks off; nothing at all is nobody's loss either. */
function beginsAsWorld(text: string): boolean {
  const opening = '{"schemaVersion":1,"seed":';
  const begins = text.slice(0, 1000).replace(/\s/g, "").slice(0, opening.length);
  return opening.startsWith(begins);
}

/** What a value must be; where within it and why it is not, or undefined. Paths are made only of what does not fit. */
type Shape = (value: unknown) => Misfit | undefined;

interface Misfit {
  path: string;
  /** What follows the path; without it the path leads to nothing. */
  says?: string;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !isList(value);
const isList = (value: unknown): value is unknown[] => Array.isArray(value);

const mustBe = (value: unknown, words: string): Misfit => ({
  path: "",
  says: ` is ${nameOf(value)} and must be ${words}`,
});

const kind =
  (words: string, is: (value: unknown) => boolean): Shape =>
  (value) =>
    is(value) ? undefined : mustBe(value, words);

const text = kind("a text", (value) => typeof value === "string");
const flag = kind("true or false", (value) => typeof value === "boolean");
const number = kind("a number", Number.isFinite);
const scalar = kind("a text, a number, true or false", (value) =>
  ["string", "number", "boolean"].includes(typeof value),
);
const textOrNothing = kind("a text or null", (value) => value === null || typeof value === "string");

const listOf =
  (item: Shape): Shape =>
  (value) => {
    if (!isList(value)) return mustBe(value, "a list");
    for (let index = 0; index < value.length; index += 1) {
      const misfit = item(value[index]);
      if (misfit) return { ...misfit, path: `[${index}]${misfit.path}` };
    }
    return undefined;
  };

const tableOf =
  (item: Shape): Shape =>
  (value) => {
    if (!isObject(value)) return mustBe(value, "an object");
    for (const key in value) {
      const misfit = item(value[key]);
      if (misfit) return { ...misfit, path: `[${JSON.stringify(key)}]${misfit.path}` };
    }
    return undefined;
  };

/** The `needed` ones must be there; of the others older releases wrote not all. */
const object = (needed: Readonly<Record<string, Shape>>, others: Readonly<Record<string, Shape>> = {}): Shape => {
  const fields = [
    ...Object.entries(needed).map(([key, shape]) => ({ key, shape, isNeeded: true })),
    ...Object.entries(others).map(([key, shape]) => ({ key, shape, isNeeded: false })),
  ];
  return (value) => {
    if (!isObject(value)) return mustBe(value, "an object");
    for (const { key, shape, isNeeded } of fields) {
      const part = value[key];
      const misfit = part === undefined ? (isNeeded ? { path: "" } : undefined) : shape(part);
      if (misfit) return { ...misfit, path: `.${key}${misfit.path}` };
    }
    return undefined;
  };
};

function inWords({ path, says }: Misfit): string {
  return says === undefined ? `it has no ${path.slice(1)}` : `${path.slice(1)}${says}`;
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (isList(value)) return "a list";
  return (
    { string: "a text", number: "a number", boolean: String(value), object: "an object" }[typeof value as string] ??
    "nothing"
  );
}

const disk = object(
  { type: text, sizeBytes: number, parentPath: textOrNothing },
  { format: text, identifier: text, parentIdentifier: textOrNothing, mountedReadOnly: flag, dataFile: text },
);

const files = tableOf(object({ path: text, kind: text, sizeBytes: number }, { vhd: disk }));

const hardware = {
  notes: text,
  processor: object({ count: number }),
  memory: object({ startupBytes: number }, { dynamicMemoryEnabled: flag, minimumBytes: number, maximumBytes: number }),
  scsiControllers: listOf(object({ id: text })),
  firmware: object({}, { bootOrder: listOf(object({ kind: text })), secureBoot: text }),
  security: object({}, { tpmEnabled: flag }),
  bios: object({}, { startupOrder: listOf(text) }),
  integrationServices: tableOf(flag),
  comPorts: listOf(object({ path: text })),
};

const adapter = object({ id: text, name: text }, { macAddress: text, vlan: object({ mode: text }) });
const drive = object({ id: text, path: textOrNothing, controllerNumber: number, controllerLocation: number });

const machine = object(
  { id: text, name: text, state: text, adapters: listOf(adapter), drives: listOf(drive) },
  {
    ...hardware,
    generation: number,
    version: text,
    path: text,
    guest: object({}, { booted: flag, ipAddresses: listOf(text), monitoredItems: listOf(text) }),
    checkpoints: listOf(object({ id: text, name: text, parentId: textOrNothing, hardware: object({}, hardware) })),
    currentCheckpoint: textOrNothing,
    groupId: textOrNothing,
    underWay: object({ seconds: number }),
    replication: object({ mode: text, state: text, primaryNode: text, replicaNode: text }),
  },
);

const virtualSwitch = object(
  { id: text, name: text, type: text },
  { notes: text, netAdapterGuids: listOf(text), hostAdapters: listOf(object({ id: text, name: text })) },
);

const node = object(
  { name: text, machines: listOf(machine), switches: listOf(virtualSwitch), files },
  {
    windowsBuild: number,
    logicalProcessors: number,
    memoryBytes: number,
    netAdapters: listOf(object({ name: text, interfaceGuid: text })),
    volumes: listOf(object({ root: text, sizeBytes: number })),
    offlineDisks: listOf(number),
    up: flag,
    vmmsRunning: flag,
    clusterServiceRunning: flag,
    macPool: object({ prefix: text, next: number }),
    nats: listOf(object({ name: text })),
    ipAddresses: listOf(object({ ipAddress: text })),
    gateways: listOf(object({ interfaceAlias: text, nextHop: text })),
    clustering: flag,
    processor: object({ vendor: text, level: number }),
    evictedFrom: text,
    settings: tableOf(scalar),
    replicaServer: object({ entries: listOf(object({ allowedPrimaryServer: text })) }, { replicationEnabled: flag }),
    migrationNetworks: listOf(
      object({ subnet: text }, { priority: (value) => (value === null ? undefined : number(value)) }),
    ),
  },
);

const properties = tableOf(scalar);
const resource = object({ id: text, name: text, type: text }, { properties, dependsOn: listOf(text) });
const sharedDisk = object(
  { number, sizeBytes: number },
  { partitionStyle: text, id: text, kept: object({ path: text, files }) },
);

const cluster = object(
  {
    name: text,
    groups: listOf(object({ id: text, name: text, vmId: text }, { properties, preferredOwners: listOf(text) })),
  },
  {
    nodes: listOf(object({ name: text, id: number }, { paused: flag, drained: listOf(text) })),
    sharedVolumes: listOf(object({ name: text, path: text, sizeBytes: number })),
    files,
    plainGroups: listOf(object({ id: text, name: text, type: text, resources: listOf(resource) })),
    networks: listOf(object({ id: text, name: text, address: text, addressMask: text, role: text })),
    witness: textOrNothing,
    accessPoint: text,
    functionalLevel: number,
    groupSets: listOf(object({ name: text, groups: listOf(text), providers: listOf(text) })),
    affinityRules: listOf(object({ name: text, type: text, groups: listOf(text) })),
    faultDomains: listOf(object({ id: text, name: text, type: text, parentId: textOrNothing })),
    voters: listOf(text),
    hasQuorum: flag,
    unsettled: flag,
  },
);

const fault = object({ after: number, times: number, effect: object({ kind: text }) }, { on: text, cmdlet: text });

const world = object(
  { nodes: listOf(node), faults: listOf(fault), seed: text, serial: number },
  {
    cluster,
    domain: textOrNothing,
    session: text,
    delegation: text,
    internet: flag,
    sharedDisks: listOf(sharedDisk),
    fileShares: listOf(text),
    latency: kind("none, real or a number", (value) => value === "none" || value === "real" || Number.isFinite(value)),
    guestsBoot: flag,
  },
);
