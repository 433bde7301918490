import type { Call } from "../../provider/calls";
import type { Simulator } from "../../provider/simulator";

/** Runs calls of which none may fail. */
export async function must(simulator: Simulator, calls: Call[], node = "HV01"): Promise<void> {
  const failed = (await simulator.run(node, calls)).find(({ error }) => error);
  if (failed) throw new Error(JSON.stringify(failed.error));
}
