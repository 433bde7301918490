import { isCheckpointFile, isShared } from "../paths";
import { type Listed, type Listing, onNode } from "../surveys";
import { Chains, machinesCall } from "./chains";
import { nameOf } from "./files";

/** A folder's files are nobody's: what is listed is what machines have, and what that is based on. */
export const listing: Listing = {
  calls: [machinesCall],
  follow: (answers) => {
    const chains = new Chains(answers);
    return chains.unasked(heads(chains));
  },
  parse: (answers, node) => {
    const chains = new Chains(answers);
    const files = heads(chains).flatMap((head) => chains.below(head));
    const once = new Map(files.reverse().map((path) => [path.toLowerCase(), path]));
    return [...once.values()]
      .reverse()
      .filter((path) => !isCheckpointFile(path))
      .map(
        (path): Listed => ({
          id: path,
          name: nameOf(path).replace(/\.[^.]*$/, ""),
          desired: isShared(path) ? {} : onNode(node),
        }),
      );
  },
};

const heads = (chains: Chains) => chains.machines.flatMap(({ HardDrives }) => HardDrives);
