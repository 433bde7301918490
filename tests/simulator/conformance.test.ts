import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { WorldDescription } from "../../provider/simulator/world";
import { type Case, runCase } from "./cases";

interface RecordedCase extends Case {
  evidence: string;
  world: string;
}

/** Cases that a fact speaks against: title, then the fact. */
const knownDifferences: Readonly<Record<string, string>> = {};

const shared = resolve(__dirname, "../../../shared/conformance");
const folder = process.env.HYPERV_CONFORMANCE ?? shared;

describe("the simulator behaves as a host does", () => {
  if (!existsSync(folder)) {
    it(`is not compared: there is no folder ${folder} (HYPERV_CONFORMANCE names another)`);
    return;
  }
  const worlds = readJson<Record<string, WorldDescription>>(
    join(existsSync(join(folder, "worlds.json")) ? folder : shared, "worlds.json"),
  );
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith(".json") || file === "worlds.json") continue;
    describe(file.replace(/\.json$/, ""), () => {
      for (const claim of readJson<RecordedCase[]>(join(folder, file))) {
        const difference = knownDifferences[claim.title];
        if (difference) it(`${claim.title} (known difference: ${difference})`);
        else it(claim.title, () => runCase(claim, worldOf(worlds, claim)));
      }
    });
  }
});

function worldOf(worlds: Record<string, WorldDescription>, { world }: RecordedCase): WorldDescription {
  const description = worlds[world];
  assert(description, `there is no world "${world}"`);
  return description;
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
