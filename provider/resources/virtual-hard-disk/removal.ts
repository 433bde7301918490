import { z } from "zod";
import type { CallResult } from "../../calls";
import { type Plan, type Step, steps, valuesOf } from "../definition";
import { same } from "../paths";
import { deletion, exists } from "./files";
import type { Observed, User } from "./observed";
import { giveUp } from "./plan";
import type { Desired } from "./schema";
import { isSet, setRemoval, unreadSetRemoval } from "./set";
import { namedAll } from "./users";

/**
 * Nothing is deleted that somebody stands on. Machines and children of the same program may be on their way out without depending
 * on the disk: they are given some time.
 */
export function remove(observed: Observed, _desired: Desired, successor?: Desired): Plan {
  const { path, users = [] } = observed;
  // a path that is not known yet counts as the same
  const isReplaced = successor !== undefined && (typeof successor.path !== "string" || same(successor.path, path));
  const holders = isReplaced ? users.filter((user) => !giveUp(user, observed)) : users;
  if (isReplaced && holders.length > 0)
    return {
      steps: [],
      refusals: [
        {
          path: [],
          reason: `it is to be replaced, and its data is used by ${namedAll(holders)}. Remove the checkpoints and the disks that are based on it, and turn the machines off, or keep the disk as it is`,
        },
      ],
      replaces: [],
    };
  const nodes = [...new Set(holders.map(({ node }) => node))];
  return steps(
    ...nodes.map((node) =>
      untilLeft(
        holders.filter((user) => user.node === node),
        node,
      ),
    ),
    ...(isSet(path) ? setRemoval(path, observed.dataFiles ?? []) : fileRemoval(path)),
  );
}

/** Of one that cannot be read any more. */
export function removeUnread(id: string, known?: Observed): Plan {
  const path = known?.path ?? id;
  return steps(...(isSet(path) ? unreadSetRemoval(path, known?.dataFiles ?? []) : fileRemoval(path)));
}

function fileRemoval(path: string): Step[] {
  return [{ does: "delete the file", calls: [deletion(path)] }];
}

const removalSeconds = 60;
const drives = z.object({
  Id: z.string(),
  HardDrives: z.array(z.object({ Path: z.string().nullish() })).nullish(),
});

function untilLeft(holders: readonly User[], node: string | undefined): Step {
  const children = holders.filter(({ kind }) => kind === "child");
  const left = (results: readonly CallResult[]): User[] => {
    const machines = drives.array().parse(valuesOf(results, 0));
    return holders.filter((user) => {
      if (user.kind === "child") return valuesOf(results, 1 + children.indexOf(user))[0] === true;
      const machine = machines.find(({ Id }) => same(Id, user.id ?? ""));
      if (user.kind === "checkpoint" || user.through !== undefined) return machine !== undefined;
      return machine?.HardDrives?.some(({ Path }) => same(Path ?? "", user.path ?? "")) === true;
    });
  };
  return {
    does: "check that nothing uses it",
    calls: [],
    ...(node !== undefined && { at: { node } }),
    wait: {
      calls: [
        { cmdlet: "Get-VM", select: { Id: null, HardDrives: { Path: null } } },
        ...children.map(({ path = "" }) => exists(path)),
      ],
      until: (results) => left(results).length === 0,
      deadlineSeconds: removalSeconds,
      everySeconds: 2,
      failure: (results) =>
        `after ${removalSeconds} seconds it is still used by ${namedAll(left(results))}. Detach it, remove the checkpoints and the disks ` +
        "that are based on it, then run pulumi up or destroy again",
    },
  };
}
