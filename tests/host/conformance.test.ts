import assert from "node:assert/strict";
import { isAssignment } from "../../provider/calls";
import { moduleOf } from "../../provider/calls/cmdlets.generated";
import { UnreachableError } from "../../provider/host/errors";
import type { Session } from "../../provider/host/session/session";
import { reference } from "../../provider/simulator/engine/reference";
import { conformanceTests, type KnownDifference } from "../conformance";
import { powershell, reason } from "../powershell";
import { type Asking, runCase } from "../simulator/cases";
import { Lab } from "./lab";

/** What the engine cannot show, by the titles of the cases; its README names them. */
const knownDifferences: readonly KnownDifference[] = [
  {
    titles: ["a property of a role takes its own type, and only properties that it has"],
    why: "live objects are set by a script in the engine, and what it refuses has the id of a script's error",
  },
];

const everyCmdlet = Object.fromEntries(Object.entries(reference.cmdlets).map(([name, { module }]) => [name, module]));

describe(`through the agent a host answers as the simulator does${reason}`, () => {
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

  conformanceTests((claim, world) => runCase(claim, world, throughAgent), { differences: knownDifferences });
});
