import { literal, result } from "../../calls";
import { type Problem, problem } from "../../schema";
import { type Answers, type Asked, answerOf, type Making, type Step } from "../definition";
import { availability, clusterDisks, type Disk, identityOf, isSameDisk, moreQuestions } from "./disks";
import type { Observed } from "./observed";
import type { Desired } from "./schema";

/** What the cluster has of the disk, and what the node sees of it. */
function lookedUp(answers: Answers, { diskUniqueId }: Desired) {
  const identity = identityOf(answers, diskUniqueId);
  const disk = identity ? clusterDisks(answers).find((one) => isSameDisk(one, identity)) : undefined;
  return { identity, disk };
}

export function follow(answers: Answers, desired: Desired): Asked | undefined {
  const more = moreQuestions(answers);
  if (more || answers.available) return more;
  const { identity, disk } = lookedUp(answers, desired);
  return identity && !disk ? availability(desired.diskUniqueId) : undefined;
}

/** A volume is there; so is a disk that the cluster did not have before, of an attempt whose end nobody heard. */
export function found(answers: Answers, desired: Desired, before?: Answers): readonly string[] {
  const { disk } = lookedUp(answers, desired);
  const isNew = before !== undefined && lookedUp(before, desired).disk === undefined;
  return disk && (disk.volume || isNew) ? [desired.diskUniqueId] : [];
}

export function lacks(answers: Answers, desired: Desired): Problem[] {
  // what could not be looked at is an error of its own
  if (!answers.resources || Object.values(answers).some(({ error }) => error)) return [];
  const { identity, disk } = lookedUp(answers, desired);
  if (!identity)
    return [problem("diskUniqueId", "is the UniqueId of no disk there; Get-Disk shows those of all disks")];
  if (disk?.group && isTaken(disk)) return [problem("diskUniqueId", takenBy(disk))];
  const isUsable = disk !== undefined || answers.available === undefined || answerOf(answers, "available").length > 0;
  if (isUsable) return [];
  return [
    problem(
      "diskUniqueId",
      "is a disk that the cluster cannot use: every node must see it, and it needs a GPT or MBR partition table and an NTFS or ReFS " +
        "volume. Partition and format it first, as this resource never does",
    ),
  ];
}

/** What is in use by a role, or as witness, becomes no volume (D, hyper-v-host.md 10). */
export const isTaken = ({ group }: Pick<Observed, "group">): boolean =>
  group !== undefined && group.type !== "AvailableStorage";

export function takenBy({ name, group }: Pick<Disk, "name" | "group">): string {
  if (group?.type === "Cluster")
    return `is "${name}", which the cluster itself uses, as its witness. Use another disk, or another witness first`;
  return `is "${name}", which the role "${group?.name}" uses. Use another disk, or remove it from the role first`;
}

/** Brings the disk into the cluster, if it is not there; else makes it a volume. */
export function make(desired: Desired, seen: Answers): Making {
  const { identity, disk } = lookedUp(seen, desired);
  if (disk)
    return {
      before: [{ cmdlet: "Get-ClusterResource", parameters: { Cluster: "." }, as: "resources" }],
      call: {
        cmdlet: "Add-ClusterSharedVolume",
        parameters: { InputObject: result("resources", undefined, { Id: disk.id }) },
        select: { Name: null },
      },
    };
  const known: Observed = { ...identity, diskUniqueId: desired.diskUniqueId, isAdded: true };
  return {
    before: [
      { cmdlet: "Get-Disk", parameters: { UniqueId: literal(desired.diskUniqueId) }, as: "disk" },
      { cmdlet: "Get-ClusterAvailableDisk", parameters: { Disk: result("disk") }, as: "available" },
    ],
    call: { cmdlet: "Add-ClusterDisk", parameters: { InputObject: result("available") }, select: { Name: null } },
    known,
  };
}

/** The disk must be there before the one goes whose place it takes. */
export const requires = ({ diskUniqueId }: Desired): Step[] => [
  {
    does: "look for the disk",
    properties: ["diskUniqueId"],
    looksUp: { noun: "disk", property: "diskUniqueId" },
    calls: [{ cmdlet: "Get-Disk", parameters: { UniqueId: literal(diskUniqueId) } }],
  },
];
