import { type Action, result } from "../../calls";
import { type Circumstances, type Plan, type Refusal, type Step, same, steps } from "../definition";
import { isTaken, takenBy } from "./birth";
import type { Observed } from "./observed";
import type { Desired } from "./schema";

/** Whether another disk is meant: then it matters who has files on this one. */
export const isOther = (observed: Observed, { diskUniqueId }: Partial<Desired>): boolean =>
  diskUniqueId !== undefined && !same(diskUniqueId, observed.diskUniqueId);

export function plan(observed: Observed, desired: Desired, { isSeen }: Circumstances = {}): Plan {
  if (isOther(observed, desired)) return replacement(observed, isSeen === true);
  const { name = "" } = observed;
  if (!observed.volume && isTaken(observed))
    return refused({ path: ["diskUniqueId"], passing: true, reason: takenBy({ ...observed, name }) });
  return steps(...renaming(observed, desired), ...sharing(observed));
}

const refused = (...refusals: Refusal[]): Plan => ({ steps: [], refusals, replaces: [] });

/** Preview says what up would: whether anybody has files there is asked before, unless that is known. */
function replacement({ obstacles, volume }: Observed, isSeen: boolean): Plan {
  const path = ["diskUniqueId"];
  const among = (obstacle: string): Refusal => ({
    path,
    passing: true,
    reason: `needs a replacement, and ${obstacle}`,
  });
  if (obstacles && obstacles.length > 0) return refused(...obstacles.map(among));
  if (obstacles || isSeen || !volume) return { steps: [], refusals: [], replaces: path };
  return refused(among(`no machine may have files below ${volume.path ?? "its folder"}, which must be known first`));
}

const here = { Cluster: "." };
const resources: Action = { cmdlet: "Get-ClusterResource", parameters: here, as: "resources" };
const volumes: Action = { cmdlet: "Get-ClusterSharedVolume", parameters: here, as: "volumes" };

/** There is no Set cmdlet; the name of the folder stays (S, hyper-v-host.md 1 and 10). */
function renaming({ id, name, volume }: Observed, desired: Desired): Step[] {
  if (id === undefined || desired.name === undefined || desired.name === name) return [];
  const [find, found] = volume ? [volumes, "volumes"] : [resources, "resources"];
  return [
    {
      does: "set name",
      properties: ["name"],
      calls: [find, { assign: "Name", target: result(found, undefined, { Id: id }), value: desired.name }],
      advice: "A resource of the cluster has a name that no other has: choose another, or rename that one.",
    },
  ];
}

/** One that was interrupted, or that somebody has given up, becomes a volume with its name. */
function sharing({ id, volume }: Observed): Step[] {
  if (id === undefined || volume) return [];
  return [
    {
      does: "make the disk a shared volume",
      properties: ["diskUniqueId"],
      calls: [
        resources,
        {
          cmdlet: "Add-ClusterSharedVolume",
          parameters: { InputObject: result("resources", undefined, { Id: id }) },
        },
      ],
    },
  ];
}

/** Nothing below it may be anybody's: machines would vanish with it (V, hyper-v-host.md 10). */
export function remove(observed: Observed): Plan {
  const { obstacles = [], volume, isAdded } = observed;
  if (obstacles.length > 0) return refused(...obstacles.map((reason) => ({ path: [], reason })));
  const { id, name = "" } = observed;
  if (id === undefined) return steps();
  if (!volume && isTaken(observed))
    return isAdded ? refused({ path: [], reason: `it ${takenBy({ ...observed, name })}` }) : steps();
  const give: Action = {
    cmdlet: "Remove-ClusterSharedVolume",
    parameters: { InputObject: result("volumes", undefined, { Id: id }), Confirm: false },
    as: "disk",
  };
  const find: Action[] = volume ? [volumes, give] : isAdded ? [resources] : [];
  const disk = volume ? result("disk") : result("resources", undefined, { Id: id });
  const take: Action[] = isAdded
    ? [{ cmdlet: "Remove-ClusterResource", parameters: { InputObject: disk, Force: true } }]
    : [];
  const calls = [...find, ...take];
  if (calls.length === 0) return steps();
  const does = isAdded
    ? "take the disk out of the cluster, with its data as they are"
    : "give the volume up, and leave its disk in the cluster with its data as they are";
  return steps({ does, calls });
}

export function reflect({ diskUniqueId, name }: Observed, desired: Desired): Desired {
  return {
    ...desired,
    diskUniqueId:
      desired.diskUniqueId !== undefined && same(desired.diskUniqueId, diskUniqueId)
        ? desired.diskUniqueId
        : diskUniqueId,
    name,
  };
}
