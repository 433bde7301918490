import { z } from "zod";
import { type CallResult, result } from "../../calls";
import { type Plan, steps as planOf, same, valuesOf } from "../definition";
import type { Observed } from "./observed";
import { vmSwitch } from "./plan";

export const machine = z.object({
  Name: z.string(),
  NetworkAdapters: z.array(z.object({ SwitchId: z.string().nullish() })).nullish(),
});

/**
 * A host refuses only while machines on it run (hyper-v.md 4); those that are off it may disconnect without a word (K). Machines
 * of the same program may be on their way out without depending on the switch: they are given some time.
 */
export function remove(observed: Observed): Plan {
  const connected = (results: readonly CallResult[]) =>
    machine
      .array()
      .parse(valuesOf(results, 0))
      .filter(({ NetworkAdapters }) => NetworkAdapters?.some(({ SwitchId }) => same(SwitchId ?? "", observed.id)))
      .map(({ Name }) => `"${Name}"`);
  return planOf(
    {
      does: "check that no machine is connected to it",
      calls: [],
      wait: {
        calls: [{ cmdlet: "Get-VM", select: { Name: null, NetworkAdapters: { SwitchId: null } } }],
        until: (results) => connected(results).length === 0,
        deadlineSeconds: removalSeconds,
        everySeconds: 2,
        failure: (results) =>
          `after ${removalSeconds} seconds there are still adapters of ${connected(results).join(", ")} on it, and they would be ` +
          "left without a switch. Disconnect them (leave out their switchName, or name another switch) or remove the machines, " +
          "then run pulumi up or destroy again",
      },
    },
    {
      does: "remove the switch",
      calls: [
        vmSwitch(observed.id),
        { cmdlet: "Remove-VMSwitch", parameters: { VMSwitch: result("switch"), Force: true } },
      ],
    },
  );
}

export const removalSeconds = 60;
