import { convert } from "../engine/conversion";
import { sameName } from "../engine/names";
import { conversionOf } from "../engine/parameter-type";
import { allGroups } from "./any-group";
import type { Assigning } from "./assigning";
import { requireCluster } from "./membership";
import { assignProperty, refusedValue } from "./property";
import { groupProperties } from "./role";

/** There is no Set cmdlet for groups: an assignment commits at once (S, hyper-v.md 7.1). */
export function assignGroup({ world, node, target, property, value }: Assigning): void {
  const groups = allGroups(requireCluster(world, node, ""));
  const group = groups.find(({ id }) => id === target.identity.Id);
  if (!group) throw refusedValue(property, "The group could not be found.", 0x80071395);
  assignProperty({
    type: "ClusterGroup",
    property,
    value,
    set: group.properties,
    properties: groupProperties,
    others: {
      Name: (name) => {
        group.name = freeName(property, name, groups, group);
      },
      AntiAffinityClassNames: (names) => {
        group.antiAffinityClassNames = collection(property, names);
      },
    },
  });
}

/** A name that no other object of its kind has (D, hyper-v.md 7.2). */
export function freeName<Named extends { name: string }>(
  property: string,
  value: unknown,
  all: readonly Named[],
  own: Named,
): string {
  const converted = convert(conversionOf("string"), value);
  const name = converted.ok && typeof converted.value === "string" ? converted.value.trim() : "";
  if (name === "") throw refusedValue(property, "A name cannot be empty.");
  if (all.some((other) => other !== own && sameName(other.name, name)))
    throw refusedValue(property, `The name '${name}' is in use.`, 0x80071392);
  return name;
}

/** A StringCollection, of a list or of one text; without empty ones, so that `""` clears it. */
function collection(property: string, value: unknown): string[] {
  const converted = convert(conversionOf("StringCollection"), value);
  if (!converted.ok) throw refusedValue(property, "It is no collection of strings.");
  const texts: unknown[] = Array.isArray(converted.value) ? converted.value : [];
  return texts.filter((text) => typeof text === "string").filter((text) => text !== "");
}
