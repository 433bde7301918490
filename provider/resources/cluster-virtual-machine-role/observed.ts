import { z } from "zod";
import type { MachineResource } from "./resource";

export interface Observed {
  groupName: string;
  groupId: string;
  ownerNode: string;
  state: string;
  priority: number;
  preferredOwners: string[];
  antiAffinityClassNames: string[];
  autoFailbackType: number;
  failbackWindowStart: number;
  failbackWindowEnd: number;
  failoverThreshold: number;
  failoverPeriod: number;
  /** Where somebody asked for it. */
  resource?: MachineResource | undefined;
}

export const group = z.object({
  Id: z.string(),
  Name: z.string(),
  OwnerNode: z.object({ Name: z.string() }),
  State: z.string(),
  Priority: z.number(),
  AntiAffinityClassNames: z.union([z.array(z.string()), z.string()]).nullish(),
  AutoFailbackType: z.number(),
  FailbackWindowStart: z.number(),
  FailbackWindowEnd: z.number(),
  FailoverThreshold: z.number(),
  FailoverPeriod: z.number(),
});

export const groupSelect = {
  Id: null,
  Name: null,
  OwnerNode: { Name: null },
  State: null,
  Priority: null,
  AntiAffinityClassNames: null,
  AutoFailbackType: null,
  FailbackWindowStart: null,
  FailbackWindowEnd: null,
  FailoverThreshold: null,
  FailoverPeriod: null,
};
