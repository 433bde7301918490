import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isAssignment } from "../../provider/calls";
import { moduleOf } from "../../provider/cmdlets.generated";
import { UnreachableError } from "../../provider/host/errors";
import type { Session } from "../../provider/host/session";
import { reference } from "../../provider/simulator/reference";
import type { WorldDescription } from "../../provider/simulator/world";
import { powershell, reason } from "../powershell";
import { type Asking, type Case, runCase } from "../simulator/cases";
import { Lab } from "./lab";

/** What the engine cannot show, by the titles of the cases. */
const knownDifferences: readonly { why: string; title: string }[] = [
  {
    title: "a property of a role takes its own type, and only properties that it has",
    why: "live objects are set by a script in the engine, and what it refuses has the id of a script's error",
  },
];

const everyCmdlet = Object.fromEntries(Object.entries(reference.cmdlets).map(([name, { module }]) => [name, module]));

const shared = resolve(__dirname, "../../../shared/conformance");
const folder = process.env.HYPERV_CONFORMANCE ?? shared;

describe(`through the agent a host answers as the simulator does${reason}`, function () {
  this.timeout(60_000);
  let lab: Lab;
  let session: Session;

  before(async function () {
    if (powershell === undefined) return this.skip();
    lab = await Lab.open({ live: true });
    session = await lab.session({ keepsResults: true, cmdlets: { ...moduleOf, ...everyCmdlet } });
  });
  after(() => lab?.close());

  /** One engine plays every node in turn, so that objects of one are known on the others. */
  const throughAgent: Asking = (simulator) => async (node, call) => {
    lab.backend.play(simulator, node);
    try {
      // the simulator tells how many objects there were also where nothing of them was asked
      const asked = isAssignment(call) ? call : { select: {}, ...call };
      const [answers] = await session.run([[asked]]);
      const [answer] = answers ?? [];
      assert(answer, "a call has a result");
      return answer;
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      return { values: [], warnings: [], milliseconds: 0, error: {} };
    }
  };

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
      for (const claim of readJson<(Case & { world: string })[]>(join(folder, file))) {
        const difference = knownDifferences.find(({ title }) => title === claim.title);
        const world = worlds[claim.world];
        if (difference) it(`${claim.title} (known difference: ${difference.why})`);
        else
          it(claim.title, () => {
            assert(world, `there is no world "${claim.world}"`);
            return runCase(claim, world, throughAgent);
          });
      }
    });
  }
});

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
