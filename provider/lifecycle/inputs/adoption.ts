import type { AnyDefinition } from "../../resources/definition";
import { type Attempt, refusal, severalOf } from "../messages/messages";
import type { Bag } from "../values";

export function adopts({ adopt }: Bag): boolean {
  return adopt === true || typeof adopt === "string";
}

/** Of the things that are there already the one to take over; none if a new one is to be made. */
export function adoptedOf(attempt: Attempt, ids: readonly string[], desired: Bag, owner?: string): string | undefined {
  const { definition } = attempt;
  if (ids.length === 0 && typeof desired.adopt === "string")
    throw refusal(attempt, [
      { path: ["adopt"], reason: `names ${desired.adopt}, and there is no ${definition.noun} of this id` },
    ]);
  if (ids.length === 0) return undefined;
  if (!adopts(desired)) throw taken(attempt, ids, owner);
  const [id] = ids;
  if (ids.length > 1)
    throw refusal(attempt, [
      {
        path: ["adopt"],
        reason:
          `takes over the one ${definition.noun} of this name, and ${attempt.address ? `${attempt.address} has` : "there are"} ${ids.length}: ${ids.join(", ")}. ` +
          (adoptsById(definition, ids) ? "Set it to the id of the one that is meant" : "Rename the others"),
      },
    ]);
  return id;
}

/** The refusal of what has the name of something that is there. */
export function taken(attempt: Attempt, ids: readonly string[], owner?: string) {
  return refusal(attempt, [{ path: [], reason: existing(attempt, ids, owner) }]);
}

/** What to say of things that are there where a new one was to be made. */
function existing({ definition, title = "" }: Attempt, ids: readonly string[], owner?: string): string {
  const { kind, namedBy: key } = definition;
  const others = ids.filter((id) => id.toLowerCase() !== title.toLowerCase());
  const which = `${ids.length === 1 ? `a ${definition.noun}` : `${ids.length} ${severalOf(definition.noun)}`}${key ? ` with this ${key}` : ""}`;
  const there =
    `${which} already exist${ids.length === 1 ? "s" : ""}` +
    (others.length > 0 ? `, with the id${others.length === 1 ? "" : "s"} ${others.join(", ")}` : "");
  if (owner !== undefined)
    return (
      `${there}, and it belongs to the resource "${owner}" of this program. ` +
      (key ? `Choose another ${key}, or declare it once` : "Declare it once")
    );
  const ways = [
    ...(ids.length === 1
      ? ["set adopt: true to take it over"]
      : adoptsById(definition, ids)
        ? ["set adopt to the id of the one to take over"]
        : []),
    `read ${ids.length === 1 ? "it" : "one of them"} with ${kind}.get`,
    ...(key ? [`choose another ${key}`] : []),
  ];
  const [last = "", ...rest] = ways.reverse();
  const choice = [...rest.reverse(), `or ${last}`].join(", ");
  return (
    `${there}. If it belongs to a resource of this stack that was renamed or moved in the program, set the option ` +
    `aliases: [{ name: "<its old name>" }]. Otherwise ${choice}`
  );
}

function adoptsById({ schema }: AnyDefinition, [id]: readonly string[]): boolean {
  return schema.shape.adopt?.safeParse(id).success === true;
}
