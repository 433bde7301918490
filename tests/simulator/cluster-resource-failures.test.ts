import assert from "node:assert/strict";
import type { Simulator, WorldEvent } from "../../provider/simulator";
import { hosts } from "./cluster-world";

const three = ["HV01", "HV02", "HV03"];
const lab = (nodes: readonly string[]) => ({ name: "LAB", nodes });
/** HV04 joins, and HV02 leaves with what runs on it. */
const others = ["HV01", "HV03", "HV04"];

async function scene() {
  const world = hosts(three, { guestsBoot: true });
  await world.role("web", "HV02");
  const { id, outputs } = await world.program().create({ ...lab(three), adopt: true });
  const { adopt: _adopt, __made: _made, ...made } = outputs;
  return { ...world, state: { id, outputs: made } };
}

/** Something happens before a batch of calls. */
function interrupted(simulator: Simulator, at: number, events: readonly WorldEvent[]): { batches: () => number } {
  let count = 0;
  const run = simulator.run.bind(simulator);
  simulator.run = async (...given) => {
    if (count === at) for (const event of events) await simulator.happen(event);
    count += 1;
    return run(...given);
  };
  return { batches: () => count };
}

const failures: Readonly<Record<string, (node: string) => [WorldEvent, WorldEvent]>> = {
  dies: (node) => [{ fail: node }, { return: node }],
  "stops its cluster service": (node) => [
    { stopService: "clussvc", on: node },
    { startService: "clussvc", on: node },
  ],
};

describe("a change of a cluster's nodes", () => {
  let batches: number;

  before(async () => {
    const { simulator, membership, program, state } = await scene();
    const counted = interrupted(simulator, -1, []);
    await program().update(state, lab(others));
    assert.deepEqual(await membership(), lab(others));
    batches = counted.batches();
  });

  for (const [does, events] of Object.entries(failures))
    for (const node of ["HV01", "HV02", "HV04"])
      it(`loses nothing where ${node} ${does} at any step, and the next up finishes it`, async () => {
        assert(batches > 5, String(batches));
        for (let at = 0; at < batches; at += 1) {
          const { simulator, membership, program, state } = await scene();
          const [now, then] = events(node);
          interrupted(simulator, at, [now]);
          await program()
            .update(state, lab(others))
            .catch(() => {});
          await simulator.happen(then);
          const read = (await program().read(state)) ?? assert.fail(`step ${at}: it is not gone`);
          await program().update(read, lab(others));
          assert.deepEqual(await membership(), lab(others), `step ${at}`);
          const machines = await simulator.look(({ nodes, cluster }) => ({
            web: nodes.flatMap(({ machines }) => machines.map(({ name, state: is }) => `${name} ${is}`)),
            roles: cluster?.groups.map(({ name }) => name),
          }));
          assert.deepEqual(machines, { web: ["web Running"], roles: ["web"] }, `step ${at}`);
        }
      });
});
