import assert from "node:assert/strict";
import type { Call } from "../../provider/calls";
import { Simulator } from "../../provider/simulator";
import { powershell, reason } from "../powershell";
import { messageOf, wrongAfter, wrongAtLast } from "./after-a-fault";
import { callsDuring, Engine, nameOf } from "./engine";
import { PlayedHosts } from "./played-hosts";
import { stories } from "./stories";
import { type Scene, sceneOf } from "./story";

// what is only set is created by what also changes it
const told = stories.filter(({ does, isOnlySet }) =>
  isOnlySet ? does === "update" : does === "create" || does === "update" || does === "live-migrate",
);

for (const story of told)
  describe(`over PowerShell a ${story.kind} that ${story.title}${reason}`, () => {
    let scene: Scene;
    let hosts: PlayedHosts;
    let calls: readonly Call[];

    before(async function () {
      if (powershell === undefined) return this.skip();
      scene = await sceneOf(story);
      const simulator = Simulator.inMemory(structuredClone(scene.world));
      hosts = await PlayedHosts.open(simulator, story.nodes ?? ["HV01"]);
      await hosts.ready();
      calls = await callsDuring(new Engine(scene, simulator, hosts.of(simulator, !scene.story.sharesNothing)));
    });
    after(() => hosts?.close());

    for (const effectDone of [false, true])
      it(`loses nothing where a session is lost ${effectDone ? "after" : "before"} the first look, the change, or the last look`, async () => {
        const change = calls.findIndex((call) => !/^(Get|Test)-/.test(nameOf(call)));
        const wrong: string[] = [];
        for (const at of [0, change, calls.length - 1]) {
          const says = await disturbed(scene, hosts, at, effectDone);
          wrong.push(...says.map((what) => `call ${at} (${nameOf(calls[at])}): ${what}`));
        }
        assert.deepEqual(wrong, []);
      });
  });

/** What is wrong after an up that loses a session, and after another that does not. */
async function disturbed(scene: Scene, hosts: PlayedHosts, at: number, effectDone: boolean): Promise<string[]> {
  const simulator = Simulator.inMemory(structuredClone(scene.world));
  const engine = new Engine(scene, simulator, hosts.of(simulator, !scene.story.sharesNothing));
  await hosts.ready();
  await simulator.order({ after: at, effect: { kind: "drop", effectDone } });
  const failed = await engine.up().then(
    () => undefined,
    (error: unknown) => error,
  );
  const { faults } = await simulator.world();
  assert.deepEqual(
    faults.map(({ times }) => times),
    [0],
    "a session was lost",
  );
  await simulator.clearFaults();
  const wrong = await wrongAfter(engine, failed);
  try {
    await engine.up();
  } catch (error) {
    return [...wrong, `the next up fails: ${messageOf(error)}`];
  }
  return [...wrong, ...(await wrongAtLast(engine))];
}
