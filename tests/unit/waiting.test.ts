import assert from "node:assert/strict";
import { result } from "../../provider/calls";
import { PartialFailure } from "../../provider/lifecycle/handlers";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

type Inputs = Record<string, unknown>;

const GiB = 2 ** 30;
const running: Inputs = {
  name: "web",
  networkAdapters: [{ name: "front", switchName: "lan" }],
  hardDiskDrives: [{ path: "D:\\web.vhdx" }],
  state: "Running",
};

async function world(guestsBoot = true): Promise<{ simulator: Simulator; lifecycle: Lifecycle }> {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], guestsBoot, seed: "waiting" });
  await simulator.run("HV01", [
    { cmdlet: "New-VMSwitch", parameters: { Name: "lan", SwitchType: "Private" } },
    { cmdlet: "New-VHD", parameters: { Path: "D:\\web.vhdx", SizeBytes: GiB } },
  ]);
  return { simulator, lifecycle: new Lifecycle("VirtualMachine", simulator) };
}

describe("a machine with waitFor", () => {
  it("is there when the guest answers, has an address and listens", async () => {
    const { lifecycle } = await world();
    const waitFor = { heartbeat: true, ipAddress: { family: "IPv4", subnet: "10.0.0.0/8" }, tcpPort: 22 };
    const made = await lifecycle.create({ ...running, waitFor });
    const [first] = made.outputs.addresses as { ipAddresses: string[] }[];
    assert.match(first?.ipAddresses[0] ?? "", /^10\./);
  });

  it("waits in create and update only, and never to read", async () => {
    const { simulator, lifecycle } = await world();
    const waitFor = { ipAddress: {} };
    const made = await lifecycle.create({ ...running, waitFor });
    await simulator.happen({ guest: "web", boots: false, ipAddresses: [] });
    const read = await lifecycle.read(made);
    assert.ok(read);
    assert.equal(lifecycle.diff(read, { ...running, waitFor }).changes, false);
    await assert.rejects(lifecycle.update(read, { ...running, waitFor, notes: "x" }), /reports no IP address/);
  });

  const failures: [claim: string, waitFor: Inputs, more: Inputs, happens: Inputs, expected: RegExp][] = [
    ["a guest that does not answer", { heartbeat: true }, {}, { boots: false }, /there is no heartbeat \(NoContact\)/],
    [
      "no address",
      { ipAddress: {} },
      {},
      { boots: false, ipAddresses: [] },
      /reports no IP address: it has not started/,
    ],
    [
      "an adapter on no switch",
      { ipAddress: {} },
      { networkAdapters: [{ name: "front" }] },
      {},
      /connected to no switch/,
    ],
    [
      "only link-local addresses, and the VLAN",
      { ipAddress: {} },
      { networkAdapters: [{ name: "front", switchName: "lan", vlan: 20 }] },
      { ipAddresses: ["169.254.1.1", "fe80::1"] },
      /only link-local addresses \(169\.254\.1\.1, fe80::1\): no DHCP server answers on its switch, or VLAN 20 is the wrong one/,
    ],
    [
      "another subnet",
      { ipAddress: { subnet: "192.168.0.0/16" } },
      {},
      { ipAddresses: ["10.1.2.3"] },
      /the guest has no IP address in 192\.168\.0\.0\/16, only 10\.1\.2\.3/,
    ],
    ["a closed port", { tcpPort: 80 }, {}, {}, /nothing accepts connections on TCP port 80 of 10\./],
  ];
  for (const [claim, waitFor, more, happens, expected] of failures)
    it(`names ${claim}, keeps the machine, and the next up waits again`, async () => {
      const { simulator, lifecycle } = await world();
      const args = { ...running, ...more, waitFor: { ...waitFor, timeoutSeconds: 30 } };
      const made = await lifecycle.create({ ...running, ...more });
      if (Object.keys(happens).length > 0) await simulator.happen({ guest: "web", ...happens });
      const failure = await lifecycle.update(made, args).then(
        () => assert.fail("it did not fail"),
        (error: unknown) => error,
      );
      assert(failure instanceof PartialFailure);
      assert.equal(failure.id, made.id);
      assert.match(failure.message, expected);
      assert.match(failure.message, /after 30 seconds \(waitFor\.timeoutSeconds\)/);
      await simulator.happen({ guest: "web", boots: true, ipAddresses: ["10.1.2.3", "192.168.7.7"], ports: [80, 22] });
      if (more.networkAdapters && claim.includes("no switch")) return;
      await lifecycle.update({ id: made.id, outputs: failure.outputs }, args);
    });

  it("says how long it has waited", async () => {
    const { lifecycle } = await world(false);
    await assert.rejects(
      lifecycle.create({ ...running, waitFor: { heartbeat: true, timeoutSeconds: 60 } }),
      /there is no heartbeat/,
    );
    assert.ok(lifecycle.reported.includes("wait for a heartbeat: waiting, 10 of at most 60 seconds"));
  });
});

describe("a machine that is busy", () => {
  const busy = [
    { status: "BackingUpVirtualMachine" },
    { status: "MergingDisks" },
    { status: "MigratingVirtualMachine" },
    { state: "Stopping" },
    { state: "RunningCritical" },
  ];
  for (const what of busy) {
    const name = what.status ?? what.state;
    it(`with ${name} is waited for, and changed then`, async () => {
      const { simulator, lifecycle } = await world();
      const made = await lifecycle.create(running);
      await simulator.happen({ machine: "web", ...what, seconds: 100 });
      const updated = await lifecycle.update(made, { ...running, notes: "changed" });
      assert.equal(updated.outputs.notes, "changed");
      assert.ok(lifecycle.reported.some((line) => line.includes("waiting, 10 of at most 600 seconds")));
    });

    it(`with ${name} for too long is an error that says so, and nothing has changed`, async () => {
      const { simulator, lifecycle } = await world();
      const made = await lifecycle.create(running);
      await simulator.happen({ machine: "web", ...what, seconds: 1000 });
      await assert.rejects(
        lifecycle.update(made, { ...running, notes: "changed", busyTimeoutSeconds: 20 }),
        new RegExp(`after 20 seconds \\(busyTimeoutSeconds\\) it is still (busy with )?${name}`),
      );
      assert.equal((await simulator.world()).nodes[0]?.machines[0]?.notes, "");
    });
  }

  const leaving = [
    ...busy.filter(({ state }) => state !== "RunningCritical"),
    { state: "Starting" },
    { state: "Saving" },
  ];
  for (const what of leaving) {
    const name = what.status ?? what.state;
    it(`with ${name} is waited for, and removed then`, async () => {
      const { simulator, lifecycle } = await world();
      const made = await lifecycle.create(running);
      await simulator.happen({ machine: "web", ...what, seconds: 100 });
      await lifecycle.delete(made);
      assert.deepEqual((await simulator.world()).nodes[0]?.machines, []);
      assert.ok(lifecycle.reported.some((line) => line.includes("waiting, 10 of at most 600 seconds")));
    });

    it(`with ${name} for too long is not removed, and the error says so`, async () => {
      const { simulator, lifecycle } = await world();
      const made = await lifecycle.create({ ...running, busyTimeoutSeconds: 20 });
      await simulator.happen({ machine: "web", ...what, seconds: 1000 });
      await assert.rejects(
        lifecycle.delete(made),
        new RegExp(`after 20 seconds \\(busyTimeoutSeconds\\) it is still (busy with )?${name}`),
      );
      assert.equal((await simulator.world()).nodes[0]?.machines.length, 1);
    });
  }

  for (const [from, state, cmdlet] of [
    ["Off", "Stopping", "Stop-VM"],
    ["Saved", "Saving", "Save-VM"],
    ["Paused", "Pausing", "Suspend-VM"],
  ] as const)
    it(`on its way to ${from} is removed when it is there`, async () => {
      const { simulator, lifecycle } = await world();
      const made = await lifecycle.create(running);
      await simulator.run("HV01", [
        { cmdlet: "Get-VM", parameters: { Name: "web" }, as: "vm" },
        { cmdlet, parameters: { VM: result("vm"), ...(cmdlet === "Stop-VM" && { Force: true }) } },
      ]);
      await simulator.happen({ machine: "web", state, seconds: 100 });
      await lifecycle.delete(made);
      assert.deepEqual((await simulator.world()).nodes[0]?.machines, []);
    });

  for (const state of ["RunningCritical", "PausedCritical", "OffCritical", "SavedCritical"])
    it(`without its storage, ${state}, is turned off to be removed`, async () => {
      const { simulator, lifecycle } = await world();
      const made = await lifecycle.create(running);
      await simulator.happen({ machine: "web", state, seconds: 10_000 });
      assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.delete(made)), ["Stop-VM", "Remove-VM"]);
    });

  it("and needs no change is not waited for", async () => {
    const { simulator, lifecycle } = await world();
    const made = await lifecycle.create(running);
    await simulator.happen({ machine: "web", status: "BackingUpVirtualMachine", seconds: 1000 });
    await lifecycle.update(made, { ...running, busyTimeoutSeconds: 1 });
  });

  it("without its storage is turned off if the program wants that and pulling the plug is allowed", async () => {
    const { simulator, lifecycle } = await world();
    const made = await lifecycle.create(running);
    await simulator.happen({ machine: "web", state: "RunningCritical", seconds: 10_000 });
    await lifecycle.update(made, { ...running, state: "Off", shutdown: { onTimeout: "TurnOff" } });
    assert.equal((await simulator.world()).nodes[0]?.machines[0]?.state, "Off");
  });
});
