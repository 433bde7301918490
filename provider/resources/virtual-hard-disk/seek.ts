import { isCheckpointFile, isShared, same } from "../paths";
import type { Sought, Survey } from "../surveys";
import { Chains, machinesCall, needs } from "./chains";
import type { Observed } from "./observed";

/** Among all disks that machines have, and what these are based on: the one with its identifier. */
export function seek(known: Observed): Survey<Sought<Observed>> | undefined {
  if (known.diskIdentifier === "") return undefined;
  return {
    needs,
    ask: (answers) => {
      if (answers.length === 0) return [machinesCall];
      const chains = new Chains(answers);
      return chains.unasked(chains.machines.flatMap(({ HardDrives }) => HardDrives));
    },
    conclude: (nodes) => {
      const places = new Map<string, Observed>();
      const unread = new Map<string, string>();
      const read = new Set<string>();
      for (const { node, answers } of nodes) {
        const chains = new Chains(answers);
        const key = (path: string) => (isShared(path) ? path : `${node} ${path}`).toLowerCase();
        for (const file of chains.files) {
          const { path, identifier = "", type, error } = file;
          if (error) unread.set(key(path), path);
          else read.add(key(path));
          // a checkpoint's file, and a child, may have the identifier of the disk that they stand on (K)
          const isIt = same(identifier, known.diskIdentifier) && !isCheckpointFile(path) && type === known.vhdType;
          if (isIt)
            places.set(key(path), { ...known, path, node: placeNode(path, nodes.length > 1 ? node : known.node) });
        }
      }
      return {
        places: [...places.values()],
        unread: [...unread].filter(([key]) => !read.has(key)).map(([, one]) => one),
      };
    },
  };
}

function placeNode(path: string, node: string | undefined): string | undefined {
  return isShared(path) ? undefined : node;
}
