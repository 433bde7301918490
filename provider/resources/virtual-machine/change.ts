import type { Call } from "../../calls";
import type { Observed } from "./observed";
import type { Desired } from "./schema";

/** One change of a machine, and when the machine takes it. */
export interface Change {
  does: string;
  /** As messages name it: `processor.count`, `networkAdapters["front"].macAddress`. */
  property: string;
  /** `awake` is hot, but not while the machine is saved or paused. */
  when: "hot" | "awake" | "off";
  /** Begin with the machine as `vm`. */
  calls: readonly Call[];
}

/** The changes of one block of hardware, in the order in which they must be made. */
export type Block = (observed: Observed, desired: Desired) => Change[];
