import assert from "node:assert/strict";
import type { Call } from "../../provider/calls";
import type { State } from "../../provider/lifecycle/handlers";
import type { FaultEffect } from "../../provider/simulator";
import { complainsWell, messageOf, wrongAfter, wrongAtLast } from "./after-a-fault";
import { callsDuring, Engine, nameOf } from "./engine";
import { stories } from "./stories";
import { type Scene, sceneOf } from "./story";

const faults: Readonly<Record<string, FaultEffect>> = {
  fails: { kind: "fail", errorId: "OperationFailed", category: "NotSpecified" },
  "is busy": { kind: "fail", errorId: "ObjectInUse", category: "ResourceBusy", hresult: 0x80070020 | 0 },
  "is refused in this state": { kind: "fail", errorId: "InvalidState", category: "InvalidOperation" },
  "finds nothing": { kind: "fail", errorId: "ObjectNotFound", category: "ObjectNotFound" },
  "is cut off before its effect": { kind: "drop", effectDone: false },
  "is cut off after its effect": { kind: "drop", effectDone: true },
  "answers after its deadline": { kind: "late", milliseconds: 60_000 },
};

/** Far behind the last call, to count those that are made. */
const never = 1_000_000;

for (const story of stories)
  describe(`a ${story.kind} that ${story.title}`, () => {
    let scene: Scene;
    let calls: readonly Call[];

    before(async () => {
      scene = await sceneOf(story);
      const engine = new Engine(scene);
      await engine.simulator.order({ after: never, effect: { kind: "drop", effectDone: false } });
      calls = await callsDuring(engine);
      assert(calls.length > 1, "it makes calls");
      assert.deepEqual(await wrongAfter(engine, undefined), []);
      assert.deepEqual(await wrongAtLast(engine), []);
    });

    for (const [title, effect] of Object.entries(faults))
      it(`loses nothing and is finished by the next up where any call ${title}`, async () => {
        const wrong: string[] = [];
        for (const [at, call] of calls.entries()) {
          const says = await disturbed(scene, at, effect);
          wrong.push(...says.map((what) => `call ${at} (${nameOf(call)}): ${what}`));
        }
        assert.deepEqual(wrong, []);
      });
  });

for (const story of stories.filter(({ does, isOnlySet }) => does === (isOnlySet ? "update" : "delete")))
  describe(`a refresh of a ${story.kind}`, () => {
    let scene: Scene;
    let state: State;
    let calls: readonly Call[];

    before(async () => {
      scene = await sceneOf(story);
      state = scene.state ?? assert.fail();
      const engine = new Engine(scene);
      calls = await callsDuring(engine, () => engine.lifecycle.read(state));
    });

    for (const [title, effect] of Object.entries(faults))
      it(`never says that it is gone where any call ${title}`, async () => {
        const wrong: string[] = [];
        for (const [at, call] of calls.entries()) {
          const { simulator, lifecycle } = new Engine(scene);
          await simulator.order({ after: at, effect });
          if (effect.kind === "late") lifecycle.surroundings.timeoutSeconds = 0.01;
          try {
            const read = await lifecycle.read(state);
            if (!read) wrong.push(`call ${at} (${nameOf(call)}): gone`);
          } catch (error) {
            const complaint = complainsWell(story.kind, error);
            if (complaint !== undefined) wrong.push(`call ${at} (${nameOf(call)}): ${complaint}`);
          }
        }
        assert.deepEqual(wrong, []);
      });
  });

/** What is wrong after an up with one fault, and after another without. */
async function disturbed(scene: Scene, at: number, effect: FaultEffect): Promise<string[]> {
  const engine = new Engine(scene);
  const { surroundings } = engine.lifecycle;
  await engine.simulator.order({ after: at, effect });
  if (effect.kind === "late") surroundings.timeoutSeconds = 0.01;
  const failed = await engine.up().then(
    () => undefined,
    (error: unknown) => error,
  );
  const { faults: ordered } = await engine.simulator.world();
  assert.equal(ordered[0]?.times, 0, `nothing happened to call ${at}`);
  await engine.simulator.clearFaults();
  surroundings.timeoutSeconds = 60;
  const wrong = await wrongAfter(engine, failed);
  try {
    await engine.up();
  } catch (error) {
    return [
      ...wrong,
      `the next up fails: ${messageOf(error)} (after: ${failed === undefined ? "success" : messageOf(failed)})`,
    ];
  }
  return [...wrong, ...(await wrongAtLast(engine))];
}
