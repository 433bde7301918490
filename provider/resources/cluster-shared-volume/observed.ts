import { z } from "zod";
import type { Answers } from "../definition";
import { clusterDisks, type Identity, identity, identityOf, isSameDisk } from "./disks";
import type { Desired } from "./schema";

export const recorded = identity.extend({
  diskUniqueId: z.string(),
  /** Of its resource in the cluster, once it has one. */
  id: z.string().optional(),
  name: z.string().optional(),
  /** Once it is a shared volume. */
  volume: z.object({ path: z.string().optional(), ownerNode: z.string().optional(), state: z.string() }).optional(),
  group: z.object({ name: z.string(), type: z.string() }).optional(),
  /** Whether this resource has brought the disk into the cluster: it goes again with it. */
  isAdded: z.boolean().optional(),
  /** What keeps it from being given up: looked for where that is at stake. */
  obstacles: z.array(z.string()).optional(),
});

export type Observed = z.output<typeof recorded>;

/** Undefined where the cluster does not have the disk, or nobody can tell which one it is. */
export function parse(
  { answers, id }: { answers: Answers; id: string },
  { diskUniqueId = id }: Partial<Desired>,
  known?: Observed,
): Observed | undefined {
  // a disk that the node does not see, as its path to it is broken, is the one that it was
  const which: Identity | undefined = identityOf(answers, known?.diskUniqueId ?? diskUniqueId) ?? known;
  const disk = which && clusterDisks(answers).find((candidate) => isSameDisk(candidate, which));
  return (
    disk && {
      ...disk,
      diskUniqueId: known?.diskUniqueId ?? diskUniqueId,
      ...(known?.isAdded && { isAdded: true }),
    }
  );
}
