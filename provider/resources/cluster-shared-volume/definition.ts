import { z } from "zod";
import type { Question } from "../../calls";
import { onCluster } from "../clusters";
import { type Answers, define, same, valuesOf } from "../definition";
import type { Answer } from "../surveys";
import { around } from "./around";
import { follow, found, lacks, make, requires } from "./birth";
import { moreOfVolumes, moreQuestions, questions, uniqueIdOf, volumesIn } from "./disks";
import { type Observed, parse, recorded } from "./observed";
import { plan, reflect, remove } from "./plan";
import { schema } from "./schema";

const identified = z.object({ Id: z.string() });

export const clusterSharedVolume = define<typeof schema, Observed>({
  kind: "ClusterSharedVolume",
  noun: "cluster shared volume",
  identified: "a name",
  schema,

  place: onCluster,

  birth: {
    find: () => questions,
    follow,
    found,
    lacks,
    requires,
    make,
    identity: { foreseen: ({ diskUniqueId }) => diskUniqueId },
  },

  read: {
    recorded,
    observe: () => questions,
    follow: ({ answers }) => moreQuestions(answers),
    parse,
    around,
  },

  gone: {
    // the cluster's database is the same on every node; a volume may be listed as a resource or not (hyper-v-host.md 18)
    inventory: () => [
      { cmdlet: "Get-ClusterSharedVolume", parameters: { Cluster: "." }, select: { Id: null } },
      { cmdlet: "Get-ClusterResource", parameters: { Cluster: "." }, select: { Id: null } },
    ],
    // nobody tells of a disk that no node sees which resource it was
    listed: (_id, results, known) =>
      known &&
      [...valuesOf(results, 0), ...valuesOf(results, 1)].some((value) =>
        same(identified.parse(value).Id, known.id ?? ""),
      ),
  },

  change: { plan },

  death: { remove },

  list: {
    clustered: true,
    calls: [questions.disks, questions.volumes].filter((call) => call !== undefined),
    follow: (answers) => Object.values(moreOfVolumes(named(answers)) ?? {}),
    parse: (answers) =>
      volumesIn(named(answers)).flatMap((volume) => {
        const id = uniqueIdOf(named(answers), volume);
        return id === undefined ? [] : [{ id, name: volume.name, desired: { diskUniqueId: id } }];
      }),
    // what the cluster has chosen by itself
    declared: (_observed, { name, ...reflected }) => ({
      ...reflected,
      ...(!/^Cluster Disk \d+$/.test(name ?? "") && { name }),
    }),
  },

  show: {
    title: ({ name, diskUniqueId }) => name ?? diskUniqueId,
    reflect,
    outputs: ({ id, name, volume }) => ({
      path: volume?.path,
      resourceId: id,
      resourceName: name,
      ownerNode: volume?.ownerNode,
    }),
  },
});

const namesOf: Partial<Record<Question["cmdlet"], string>> = {
  "Get-Disk": "disks",
  "Get-ClusterSharedVolume": "volumes",
  "Get-ClusterParameter": "volumeParameters",
};

/** Answers of a listing under the names of its questions: the first of each. */
function named(answers: readonly Answer[]): Answers {
  return Object.fromEntries(
    [...answers].reverse().flatMap(({ call: { cmdlet }, result }) => {
      const name = namesOf[cmdlet];
      return name === undefined ? [] : [[name, result]];
    }),
  );
}
