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

/** Cases that wait for what plays them, by file. */
const notPlayed: Readonly<Record<string, string>> = {
  "devices/adapter-acls": "not played yet",
  "devices/devices": "not played yet",
  "devices/export-import": "not played yet",
  "devices/gpu-dda": "not played yet",
  "devices/guest-services": "not played yet",
  "devices/images": "not played yet",
  "devices/kvp": "not played yet",
  "devices/metering": "not played yet",
  "devices/resource-pools-groups": "not played yet",
  "devices/storage-qos": "not played yet",
  "devices/switch-settings": "not played yet",
  "devices/vhd-conversion": "not played yet",
};

interface Playing {
  differences?: readonly KnownDifference[];
  /** Folders below that are played too. */
  folders?: readonly string[];
}

/** A test for each case that was recorded of hosts, in a suite for each file. */
export function conformanceTests(
  run: (claim: Case, world: WorldDescription) => Promise<void>,
  { differences = [], folders = [] }: Playing = {},
): void {
  if (!existsSync(folder)) {
    it(`is not compared: there is no folder ${folder} (HYPERV_CONFORMANCE names another)`);
    return;
  }
  const worlds = readJson<Record<string, WorldDescription>>(
    join(existsSync(join(folder, "worlds.json")) ? folder : own, "worlds.json"),
  );
  for (const file of [".", ...folders].flatMap(filesIn)) {
    describe(file, () => {
      for (const claim of readJson<RecordedCase[]>(join(folder, `${file}.json`))) {
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

/** Names of the files of a folder that are played, such as `host/replica`. */
function filesIn(below: string): string[] {
  if (!existsSync(join(folder, below))) return [];
  return readdirSync(join(folder, below))
    .sort()
    .filter((file) => file.endsWith(".json") && file !== "worlds.json")
    .map((file) => join(below, file).replace(/\.json$/, ""))
    .filter((name) => notPlayed[name] === undefined);
}

/** Says of cases that wait how many there are. */
export function waitingCases(): void {
  for (const [name, why] of Object.entries(notPlayed))
    it(`${name}: ${readJson<unknown[]>(join(own, `${name}.json`)).length} cases (skipped: ${why})`);
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
