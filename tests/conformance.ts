import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { WorldDescription } from "../provider/simulator/world/world";
import type { Case } from "./simulator/cases";

interface RecordedCase extends Case {
  evidence: string;
  world: string;
}

/** Cases that are not run, by their titles, and why. */
export interface KnownDifference {
  why: string;
  titles: readonly string[];
}

const own = resolve(__dirname, "conformance");
const folder = process.env.HYPERV_CONFORMANCE ?? own;

/** Folders of cases that wait for what plays them. */
const notPlayed: Readonly<Record<string, string>> = {
  host: "hosts, clusters and moves are not played yet",
  devices: "images, devices and guests are not played yet",
};

/** A test for each case that was recorded of hosts, in a suite for each file. */
export function conformanceTests(
  run: (claim: Case, world: WorldDescription) => Promise<void>,
  differences: readonly KnownDifference[] = [],
): void {
  if (!existsSync(folder)) {
    it(`is not compared: there is no folder ${folder} (HYPERV_CONFORMANCE names another)`);
    return;
  }
  const worlds = readJson<Record<string, WorldDescription>>(
    join(existsSync(join(folder, "worlds.json")) ? folder : own, "worlds.json"),
  );
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith(".json") || file === "worlds.json") continue;
    describe(file.replace(/\.json$/, ""), () => {
      for (const claim of readJson<RecordedCase[]>(join(folder, file))) {
        const difference = differences.find(({ titles }) => titles.includes(claim.title));
        if (difference) it(`${claim.title} (known difference: ${difference.why})`);
        else
          it(claim.title, () => {
            const world = worlds[claim.world];
            assert(world, `there is no world "${claim.world}"`);
            return run(claim, world);
          });
      }
    });
  }
}

/** Says of cases that wait how many there are. */
export function waitingCases(): void {
  for (const [name, why] of Object.entries(notPlayed))
    for (const file of readdirSync(join(own, name)).filter((one) => one.endsWith(".json")))
      it(`${name}/${file}: ${readJson<unknown[]>(join(own, name, file)).length} cases (skipped: ${why})`);
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
