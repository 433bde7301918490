// What a cluster of four nodes is asked by a refresh of all its roles, and by a drain of a node: cmdlets, listings and PowerShell
// starts, which do not depend on how fast the machine is. The lifecycle, the pools of a provider, PowerShell, and a simulator
// behind its cmdlets. Prints a table; docs/benchmarks.md holds one. Fails where a node is asked more than once for all that it
// has of a noun, or more often for many roles than for few.
// usage: npm run bench -- cluster [roles] [machines to drain] (default: 400 50)

import { section } from "../cli/world-tables";
import { type Asked, ClusterProgram } from "../tests/host/cluster-program";

const nodes = ["HV01", "HV02", "HV03", "HV04"];
/** So many times fewer roles, or machines, to compare with. */
const fewer = 10;

async function main(): Promise<void> {
  const [roles = 400, machines = 50] = process.argv.slice(2).map(Number);
  const refreshes: Asked[] = [];
  const drains: Asked[] = [];
  for (const part of [fewer, 1]) {
    const program = await ClusterProgram.of(nodes, roles / part);
    await program.declareRest();
    refreshes.push(await program.refresh());
    drains.push(await (await ClusterProgram.of(nodes, machines / part, "HV01")).drain("HV01"));
  }
  console.log(
    section(
      `A cluster of ${nodes.length} nodes, in PowerShell`,
      ["What", "PowerShell starts, on a node", "Cmdlets", "Listings", "Seconds"],
      [
        ...refreshes.map((asked, at) => row(`refresh of ${at === 0 ? roles / fewer : roles} roles`, asked)),
        ...drains.map((asked, at) => row(`drain of ${at === 0 ? machines / fewer : machines} machines`, asked)),
      ],
    ),
  );
  const [few, many] = refreshes;
  for (const line of many?.listings ?? []) {
    console.log(line);
    if (!line.endsWith(" 1")) fail(`A refresh is to ask a node once for all that it has of a noun: ${line}.`);
  }
  if (few?.listings.join() !== many?.listings.join()) fail(`For fewer roles it was: ${few?.listings.join(", ")}.`);
  if (drains[0]?.cmdlets !== drains[1]?.cmdlets) fail("A drain is to ask as much for many machines as for few.");
  for (const { starts } of [...refreshes, ...drains]) if (starts > 1) fail("More than one PowerShell was started.");
}

function row(what: string, { cmdlets, listings, starts, seconds }: Asked): string[] {
  return [what, String(starts), String(cmdlets), String(listings.length), seconds.toFixed(1)];
}

function fail(why: string): void {
  console.error(why);
  process.exitCode = 1;
}

void main();
