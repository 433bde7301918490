import assert from "node:assert/strict";
import { PartialFailure } from "../../provider/lifecycle/handlers";
import { secondsIn } from "../../provider/lifecycle/work/deadline";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

/** A machine whose guest never comes up. */
function machine(own: Record<string, unknown>, timeouts?: Record<string, string>) {
  return {
    name: "web",
    allowRestart: true,
    shutdown: { timeoutSeconds: 5, onTimeout: "TurnOff" },
    ...own,
    ...(timeouts && { __timeouts: timeouts }),
  };
}

describe("the option customTimeouts", () => {
  let simulator: Simulator;
  let lifecycle: Lifecycle;
  const isOn = () => simulator.look(({ nodes }) => nodes[0]?.machines[0]?.state);

  beforeEach(() => {
    simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "timeouts" });
    lifecycle = new Lifecycle("VirtualMachine", simulator);
  });

  for (const [text, seconds] of [
    ["90s", 90],
    ["10m", 600],
    ["1h30m", 5400],
    ["1.5h", 5400],
    ["300ms", 0.3],
    ["-1s", undefined],
    ["10", undefined],
    ["", undefined],
  ] as const)
    it(`reads "${text}" as ${seconds ?? "nothing"}`, () => assert.equal(secondsIn(text), seconds));

  it("ends a create that waits for longer, and keeps what was created", async () => {
    const waits = machine({ state: "Running", waitFor: { heartbeat: true, timeoutSeconds: 3600 } }, { create: "1m" });
    await assert.rejects(lifecycle.create(waits), (error: unknown) => {
      assert.ok(error instanceof PartialFailure);
      assert.match(
        error.message,
        /Unable to create virtual machine "web" on the simulated host: could not wait for a heartbeat: it did not finish within 1m/,
      );
      assert.match(error.message, /Raise customTimeouts\.create or leave it out, then run pulumi up again/);
      assert.match(error.id, /^[0-9a-f-]{36}$/);
      return true;
    });
    assert.equal(await isOn(), "Running");
  });

  it("ends an update, and a machine that was stopped for it runs again", async () => {
    const state = await lifecycle.create(machine({ state: "Running", processor: { count: 1 } }));
    await simulator.order({ cmdlet: "Stop-VM", times: 1, effect: { kind: "late", milliseconds: 90_000 } });
    const wanted = machine({ state: "Running", processor: { count: 2 } }, { update: "1s" });
    await assert.rejects(lifecycle.update(state, wanted), /Unable to update .*customTimeouts\.update/s);
    assert.equal(await isOn(), "Running");
  });

  it("begins nothing more once the time has passed", async () => {
    const state = await lifecycle.create(machine({}));
    const wanted = machine({ notes: "late" }, { update: "1ns" });
    const sent = await lifecycle.changesDuring(() =>
      assert.rejects(lifecycle.update(state, wanted), /did not finish within 1ns \(customTimeouts\.update\)/),
    );
    assert.deepEqual(sent, []);
  });

  for (const none of ["0s", "0h0m"])
    it(`of ${none} is none`, async () => {
      await lifecycle.create(machine({}, { create: none }));
    });

  it("gives a batch a day at most, and a look no more than the provider does", async () => {
    const given: [isRead: boolean, seconds: number | undefined][] = [];
    const { hosts } = lifecycle.surroundings;
    const send = hosts.run.bind(hosts);
    hosts.run = ((where, calls, options) => {
      given.push([calls.every((call) => "cmdlet" in call && /^Get-/.test(call.cmdlet)), options?.timeoutSeconds]);
      return send(where, calls as never, options);
    }) as typeof hosts.run;
    await lifecycle.create(machine({}, { create: "9999h" }));
    for (const [isRead, seconds] of given) assert.equal(seconds, isRead ? 60 : 86_400);
  });

  it("lets one batch take longer than the provider's own limit", async () => {
    const seconds: (number | undefined)[] = [];
    const { hosts } = lifecycle.surroundings;
    const send = hosts.run.bind(hosts);
    hosts.run = ((where, calls, options) => {
      seconds.push(options?.timeoutSeconds);
      return send(where, calls as never, options);
    }) as typeof hosts.run;
    await lifecycle.create(machine({}, { create: "2h" }));
    assert.ok(seconds.length > 0);
    assert.ok(
      seconds.some((one) => one !== undefined && one > 7100 && one <= 7200),
      seconds.join(),
    );
  });

  it("of a delete is what the state holds, and a change of it alone is recorded", async () => {
    const state = await lifecycle.create(machine({}));
    const wanted = machine({}, { delete: "1ns" });
    assert.equal(lifecycle.diff(state, wanted).changes, true);
    const updated = await lifecycle.update(state, wanted);
    assert.equal(lifecycle.diff(updated, wanted).changes, false);
    await assert.rejects(
      lifecycle.delete(updated),
      /customTimeouts\.delete or leave it out, then run pulumi destroy again/,
    );
    const without = await lifecycle.update(updated, machine({}));
    assert.equal(lifecycle.diff(without, machine({})).changes, false);
    await lifecycle.delete(without);
    assert.equal(await isOn(), undefined);
  });

  it("of a create alone changes nothing later", async () => {
    const state = await lifecycle.create(machine({}));
    assert.equal(lifecycle.diff(state, machine({}, { create: "10m" })).changes, false);
  });
});
