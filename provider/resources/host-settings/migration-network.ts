import { z } from "zod";
import type { Action } from "../../calls";
import { literal } from "../../calls";
import { hot } from "../../schema";
import type { Step } from "../definition";
import { paired } from "../pairing";
import { sameSubnet, subnet } from "../subnets";

export const migrationNetwork = z.strictObject({
  /** The network, or one address: `10.0.1.0/24`, also of IPv6. Never a pattern. */
  subnet: hot(subnet("10.0.1.0/24"), "Add-VMMigrationNetwork", "Subnet"),
  /** Lower ones are used first; several may have the same. If not given, the host's own is left alone. */
  priority: hot(z.int().min(0).max(4294967295).optional(), "Set-VMMigrationNetwork", "NewPriority"),
});

export type MigrationNetwork = z.input<typeof migrationNetwork>;

export interface ObservedNetwork {
  /** As the host writes it. */
  subnet: string;
  priority: number | null;
}

const isOf = (now: ObservedNetwork, wanted: MigrationNetwork) => sameSubnet(now.subnet, wanted.subnet);

/** Nothing is taken away before all that takes its place is there. */
export function networkSteps(
  there: readonly ObservedNetwork[],
  wanted: readonly MigrationNetwork[] | undefined,
): Steps {
  if (wanted === undefined) return { added: [], removed: [] };
  const { pairs, extra } = paired(wanted, there, isOf);
  const added = pairs.flatMap(({ wanted: one, now }) => {
    if (!now) return [networkStep(`add the migration network ${one.subnet}`, addition(one))];
    if (one.priority === undefined || one.priority === now.priority) return [];
    return [networkStep(`set the priority of the migration network ${now.subnet}`, priorityOf(now, one.priority))];
  });
  const removed = extra.map((one) => networkStep(`remove the migration network ${one.subnet}`, removal(one)));
  return { added, removed };
}

interface Steps {
  added: readonly Step[];
  removed: readonly Step[];
}

const networkStep = (does: string, call: Action): Step => ({ does, properties: ["migration.networks"], calls: [call] });

function addition({ subnet: Subnet, priority }: MigrationNetwork): Action {
  const parameters = { Subnet, ...(priority !== undefined && { Priority: priority }) };
  return { cmdlet: "Add-VMMigrationNetwork", parameters };
}

/** By the text that the host has: the parameter takes patterns (documented, hyper-v-host.md 3). */
function priorityOf({ subnet: text }: ObservedNetwork, priority: number): Action {
  return { cmdlet: "Set-VMMigrationNetwork", parameters: { Subnet: literal(text), NewPriority: priority } };
}

function removal({ subnet: text }: ObservedNetwork): Action {
  return { cmdlet: "Remove-VMMigrationNetwork", parameters: { Subnet: literal(text) } };
}

/** The host's list in the program's words, where it is what they mean. */
export function shownNetworks(
  there: readonly ObservedNetwork[],
  wanted: readonly MigrationNetwork[] | undefined,
): readonly MigrationNetwork[] {
  const { added, removed } = networkSteps(there, wanted);
  if (wanted !== undefined && added.length + removed.length === 0) return wanted;
  return there
    .map(({ subnet: text, priority }) => {
      const said = wanted?.find((one) => sameSubnet(one.subnet, text));
      const isLeft = priority === null || (said !== undefined && said.priority === undefined);
      return { subnet: said?.subnet ?? text, ...(!isLeft && { priority }) };
    })
    .sort((one, other) => (one.priority ?? 0) - (other.priority ?? 0));
}
