import { isCheckpointFile, same } from "./paths";
import type { Survey } from "./surveys";
import { Chains, machinesCall } from "./virtual-hard-disk/chains";

/** A machine that has a file open, also below its checkpoints. */
export interface Holder {
  file: string;
  machine: string;
  node: string | undefined;
}

/** Which machines have these files open: what is off or saved has none. `own` is the id of the machine that it is asked for. */
export function holdersOf(files: readonly string[], own: string): Survey<Holder[]> {
  return {
    skips: true,
    ask: (answers) => {
      if (answers.length === 0) return [machinesCall];
      const chains = new Chains(answers);
      const heads = chains.machines.flatMap(({ HardDrives }) => HardDrives).filter(isCheckpointFile);
      return chains.unasked(heads);
    },
    conclude: (nodes) =>
      nodes.flatMap(({ node, answers }) => {
        const chains = new Chains(answers);
        return chains.machines
          .filter(({ Id, State }) => !same(Id, own) && State !== "Off" && State !== "Saved")
          .flatMap(({ Name, HardDrives }) => {
            const open = HardDrives.flatMap((head) => chains.below(head));
            return files
              .filter((file) => open.some((one) => same(one, file)))
              .map((file) => ({ file, machine: Name, node: nodes.length > 1 ? node : undefined }));
          });
      }),
  };
}
