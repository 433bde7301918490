import { z } from "zod";
import { literal, type Question, result } from "../../calls";
import { type Answers, type Asked, answerOf, same } from "../definition";

/** What tells a disk from another on every node, whatever its number there (V, hyper-v-host.md 10). */
export const identity = z.object({ guid: z.string().optional(), signature: z.number().optional() });

export type Identity = z.output<typeof identity>;

/** A disk that the cluster has. */
export interface Disk extends Identity {
  /** Id of its resource, which it keeps as a shared volume. */
  id: string;
  name: string;
  /** As a shared volume. */
  volume?: { path: string | undefined; ownerNode: string | undefined; state: string };
  /** In a group of its own or somebody's else. */
  group?: { name: string; type: string };
}

const here = { Cluster: "." };
const volumesCall: Question = {
  cmdlet: "Get-ClusterSharedVolume",
  parameters: here,
  as: "volumes",
  select: {
    Id: null,
    Name: null,
    State: null,
    OwnerNode: { Name: null },
    SharedVolumeInfo: { FriendlyVolumeName: null },
  },
};
const resourcesCall: Question = {
  cmdlet: "Get-ClusterResource",
  parameters: here,
  as: "resources",
  select: { Id: null, Name: null, ResourceType: { Name: null }, OwnerGroup: { Name: null, GroupType: null } },
};
const parametersSelect = { ClusterObject: { Id: null }, Name: null, Value: null };

const physicalDisk = "Physical Disk";

/** The node's own view of disks, and what the cluster has. */
export const questions: Asked = {
  disks: { cmdlet: "Get-Disk", select: { UniqueId: null, Guid: null, Signature: null } },
  volumes: volumesCall,
  resources: resourcesCall,
};

/** Which disks they are: asked where there are any, as the parameters of nothing are an error (R, hyper-v.md 7.7). */
export function moreQuestions(answers: Answers): Asked | undefined {
  const more = moreOfVolumes(answers);
  if (more) return more;
  if (!answers.diskParameters && resourcesIn(answers).length > 0)
    return {
      resourcesAgain: { ...resourcesCall, select: { Id: null } },
      diskParameters: {
        cmdlet: "Get-ClusterParameter",
        parameters: { InputObject: result("resources", undefined, { "ResourceType.Name": physicalDisk }) },
        select: parametersSelect,
      },
    };
  return undefined;
}

/** The same of volumes alone. */
export function moreOfVolumes(answers: Answers): Asked | undefined {
  if (answers.volumeParameters || answerOf(answers, "volumes").length === 0) return undefined;
  return {
    volumesAgain: { ...volumesCall, select: { Id: null } },
    volumeParameters: {
      cmdlet: "Get-ClusterParameter",
      parameters: { InputObject: result("volumes") },
      select: parametersSelect,
    },
  };
}

/** Whether the cluster can use a disk that it does not have: only what it can is listed (D, hyper-v-host.md 10). */
export function availability(diskUniqueId: string): Asked {
  return {
    disk: {
      cmdlet: "Get-Disk",
      parameters: { UniqueId: literal(diskUniqueId) },
      as: "disk",
      select: { UniqueId: null },
    },
    available: {
      cmdlet: "Get-ClusterAvailableDisk",
      parameters: { Disk: result("disk") },
      select: { Name: null },
    },
  };
}

const nodeDisk = z.object({
  UniqueId: z.string().nullish(),
  Guid: z.string().nullish(),
  Signature: z.number().nullish(),
});

/** Of a disk that the node sees, what it is on every other; undefined of one that it does not see. */
export function identityOf(answers: Answers, diskUniqueId: string): Identity | undefined {
  const disks = answerOf(answers, "disks").map((value) => nodeDisk.parse(value));
  const disk = disks.find(({ UniqueId }) => same(UniqueId?.trim() ?? "", diskUniqueId));
  return disk && identityFrom(disk.Guid, disk.Signature);
}

/** The `UniqueId` of a disk that the node sees. */
export function uniqueIdOf(answers: Answers, disk: Identity): string | undefined {
  const disks = answerOf(answers, "disks").map((value) => nodeDisk.parse(value));
  const own = disks.find(({ Guid, Signature }) => isSameDisk(identityFrom(Guid, Signature), disk));
  return own?.UniqueId?.trim() || undefined;
}

function identityFrom(guid: string | null | undefined, signature: number | null | undefined): Identity {
  const bare = (guid ?? "").replace(/[{}]/g, "").toLowerCase();
  return { ...(bare !== "" && { guid: bare }), ...(signature && { signature }) };
}

export function isSameDisk(one: Identity, other: Identity): boolean {
  if (one.guid !== undefined || other.guid !== undefined) return one.guid === other.guid;
  return one.signature !== undefined && one.signature === other.signature;
}

const volumeShape = z.object({
  Id: z.string(),
  Name: z.string(),
  State: z.string(),
  OwnerNode: z.object({ Name: z.string() }).nullish(),
  SharedVolumeInfo: z
    .union([z.array(z.object({ FriendlyVolumeName: z.string() })), z.object({ FriendlyVolumeName: z.string() })])
    .nullish(),
});
const resourceShape = z.object({
  Id: z.string(),
  Name: z.string(),
  ResourceType: z.object({ Name: z.string() }).nullish(),
  OwnerGroup: z.object({ Name: z.string(), GroupType: z.string() }).nullish(),
});
const parameterShape = z.object({
  ClusterObject: z.object({ Id: z.string() }),
  Name: z.string(),
  Value: z.unknown(),
});

function resourcesIn(answers: Answers) {
  return answerOf(answers, "resources")
    .map((value) => resourceShape.parse(value))
    .filter(({ ResourceType }) => ResourceType?.Name === physicalDisk);
}

/** All disks that the cluster has: shared volumes first, which it may list among its resources too (hyper-v-host.md 18). */
export const clusterDisks = (answers: Answers): Disk[] => [...volumesIn(answers), ...looseDisksIn(answers)];

export function volumesIn(answers: Answers): Disk[] {
  return answerOf(answers, "volumes").map((value): Disk => {
    const { Id, Name, State, OwnerNode, SharedVolumeInfo } = volumeShape.parse(value);
    const [info] = [SharedVolumeInfo ?? []].flat();
    return {
      id: Id,
      name: Name,
      volume: { path: info?.FriendlyVolumeName, ownerNode: OwnerNode?.Name, state: State },
      ...toldOf(answers, "volumeParameters", Id),
    };
  });
}

function looseDisksIn(answers: Answers): Disk[] {
  return resourcesIn(answers).map(
    ({ Id, Name, OwnerGroup }): Disk => ({
      id: Id,
      name: Name,
      group: { name: OwnerGroup?.Name ?? "", type: OwnerGroup?.GroupType ?? "" },
      ...toldOf(answers, "diskParameters", Id),
    }),
  );
}

function toldOf(answers: Answers, name: string, id: string): Identity {
  if (!answers[name]) return {};
  const own = answerOf(answers, name)
    .map((value) => parameterShape.parse(value))
    .filter(({ ClusterObject }) => same(ClusterObject.Id, id));
  const told = (parameter: string) => own.find(({ Name }) => Name === parameter)?.Value;
  const guid = told("DiskIdGuid");
  // a number, or its text in sixteens: nobody has recorded which (hyper-v-host.md 10)
  const signature = Number(told("DiskSignature") ?? 0);
  return identityFrom(typeof guid === "string" ? guid : undefined, Number.isNaN(signature) ? undefined : signature);
}
