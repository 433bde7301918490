import { cmdletName, reference } from "../provider/simulator/engine/reference";

/** The cmdlet as its module spells it; an error names those that are near to one that there is not. */
export function knownCmdlet(written: string): string {
  const name = cmdletName(written);
  if (name) return name;
  const near = nearTo(written, Object.keys(reference.cmdlets));
  throw new Error(
    `"${written}" is no cmdlet that the simulator knows.${near.length > 0 ? ` Did you mean ${near.join(", ")}?` : ""}`,
  );
}

/** At most three, the nearest first, none that differs in more than a third. */
function nearTo(written: string, names: readonly string[]): string[] {
  const most = Math.max(2, Math.floor(written.length / 3));
  return names
    .map((name) => ({ name, distance: distanceOf(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= most)
    .sort((one, other) => one.distance - other.distance || (one.name < other.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** How many characters to insert, delete or replace. */
function distanceOf(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1)
      current.push(
        Math.min(
          (above[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (above[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1),
        ),
      );
    above = current;
  }
  return above[other.length] ?? 0;
}
