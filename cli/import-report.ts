import { relative } from "node:path";
import pc from "picocolors";
import type { Found } from "./import";
import { section } from "./world-tables";

/** What was found, what is left out of it, and why. */
export function tables(found: readonly Found[], isTaken: (one: Found) => boolean): string {
  const several = new Set(found.map(({ node }) => node)).size > 1;
  const left = found.filter((one) => !isTaken(one));
  const row = ({ kind, title, id, node, name }: Found) => [kind, title, id, ...(several ? [node ?? ""] : []), name];
  const head = ["Kind", "Name", "Id", ...(several ? ["Node"] : [])];
  return [
    section(
      `Found ${found.filter(isTaken).length} to import`,
      [...head, "In the program"],
      found.filter(isTaken).map(row),
    ),
    section(
      `Left out ${left.length}`,
      [...head, "Why"],
      left.map((one) => [...row(one).slice(0, -1), one.problems.join("\n")]),
    ),
  ]
    .filter((text) => text !== "")
    .join("\n");
}

/** What to do with the files. */
export function next({ state, program }: { state: string; program: string }, stack: string | undefined): string {
  const file = relative(".", state);
  const of = stack === undefined ? "" : ` --stack ${stack}`;
  return [
    `Wrote ${relative(".", state)} and ${relative(".", program)}. Next, in the project whose program this becomes:`,
    `  pulumi import --file ${/^[\w.:/\\-]+$/.test(file) ? file : `"${file}"`} --generate-code=false -y${of}`,
    `  pulumi preview --expect-no-changes${of}`,
    pc.yellow("What is imported counts as made by the program: pulumi destroy deletes it, disks with their data.") +
      " So the program protects\nall of it; take `protect: true` away only where it may go. The first pulumi up changes nothing, and notes what depends on what.",
  ].join("\n");
}

/** Where somebody watches a line that changes, elsewhere one now and then. */
export function progress(): (done: number, all: number) => void {
  let last = performance.now();
  return (done, all) => {
    const { isTTY } = process.stderr;
    const now = performance.now();
    if (done < all && now - last < (isTTY ? 200 : 5000)) return;
    if (isTTY) process.stderr.write(`\rLooked at ${done} of ${all}${done === all ? "\n" : ""}`);
    else if (done < all) process.stderr.write(`Looked at ${done} of ${all}\n`);
    last = now;
  };
}
