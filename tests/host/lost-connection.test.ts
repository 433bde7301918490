import assert from "node:assert/strict";
import { single } from "../../provider/host/cluster";
import { HostPool } from "../../provider/host/pool/pool";
import { SshTransport } from "../../provider/host/ssh/ssh";
import type { WorldDescription } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";
import { powershell, reason } from "../powershell";
import { Lab } from "./lab";
import { Cable, hasSshd, keyPair, Sshd, sshReason } from "./sshd";

const world: WorldDescription = {
  nodes: [
    {
      name: "HV01",
      netAdapters: [
        {
          name: "Ethernet",
          interfaceDescription: "Intel(R) Ethernet Controller X710 for 10GbE SFP+",
          macAddress: "3CFDFE000101",
          linkSpeedBps: 10_000_000_000,
        },
      ],
    },
  ],
};

const internal = { name: "lan", switchType: "Internal" };
const external = { name: "lan", switchType: "External", netAdapterNames: ["Ethernet"], allowManagementOS: true };

describe(`a change of the host's own network cuts the connection${reason || sshReason}`, () => {
  const key = keyPair();
  let lab: Lab;
  let sshd: Sshd;
  let cable: Cable;
  let pool: HostPool;
  let lifecycle: Lifecycle;

  before(async function () {
    if (powershell === undefined || !hasSshd) return this.skip();
    sshd = await Sshd.start({ keys: [key] });
    cable = await Cable.to(sshd.port);
  });
  beforeEach(async () => {
    lab = await Lab.open({ world, onDrop: () => cable.cut() });
    const transport = new SshTransport({
      host: "127.0.0.1",
      port: cable.port,
      user: sshd.user,
      privateKey: key.private,
      hostKey: sshd.hostKey.public,
      powershell: lab.executable,
    });
    pool = new HostPool(transport, { maxSessions: 1 });
    lifecycle = new Lifecycle("VirtualSwitch", lab.simulator);
    lifecycle.surroundings.hosts = single(pool);
  });
  afterEach(async () => {
    await pool?.close();
    await lab?.close();
  });
  after(async () => {
    await cable?.close();
    await sshd?.close();
  });

  const switches = async () =>
    (await lab.simulator.world()).nodes
      .flatMap(({ switches: all }) => all)
      .map(({ id, name, type }) => ({ id, name, type }));
  const lose = (cmdlet: string, effectDone: boolean) =>
    lab.simulator.order({ cmdlet, effect: { kind: "drop", effectDone } });
  const session = () => pool.hello?.process.id ?? 0;
  const howOften = (cmdlet: string) => lab.backend.calls.filter((name) => name === cmdlet).length;

  it("and the switch that New-VMSwitch made is found by a fresh session, once", async () => {
    await pool.run([{ cmdlet: "Get-VMHost" }]);
    const lost = session();
    await lose("New-VMSwitch", true);
    const made = await lifecycle.create(external);
    assert.notEqual(session(), lost);
    assert.equal(howOften("New-VMSwitch"), 1);
    assert.deepEqual(await switches(), [{ id: made.id, name: "lan", type: "External" }]);
    assert.equal(made.outputs.switchType, "External");
    assert(!lifecycle.diff(made, external).changes);
  });

  it("and the switch that Set-VMSwitch made external is found so by a fresh session, and not changed again", async () => {
    const made = await lifecycle.create(internal);
    const lost = session();
    await lose("Set-VMSwitch", true);
    const changed = await lifecycle.update(made, external);
    assert.notEqual(session(), lost);
    assert.equal(howOften("Set-VMSwitch"), 1);
    assert.deepEqual(await switches(), [{ id: made.id, name: "lan", type: "External" }]);
    assert(!lifecycle.diff(changed, external).changes);
  });

  it("and a change that had not come through is made by the fresh session", async () => {
    const made = await lifecycle.create(internal);
    await lose("Set-VMSwitch", false);
    await lifecycle.update(made, external);
    assert.deepEqual(await switches(), [{ id: made.id, name: "lan", type: "External" }]);
  });

  it("and a switch that was not made is an error, which the next up repairs", async () => {
    await lose("New-VMSwitch", false);
    await assert.rejects(
      lifecycle.create(external),
      /Unable to create virtual switch "lan" on 127\.0\.0\.1: .*lost with the connection/,
    );
    assert.deepEqual(await switches(), []);
    const made = await lifecycle.create(external);
    assert.deepEqual(await switches(), [{ id: made.id, name: "lan", type: "External" }]);
  });

  it("and a switch that Remove-VMSwitch removed is gone", async () => {
    const made = await lifecycle.create(external);
    await lose("Remove-VMSwitch", true);
    await lifecycle.delete(made);
    assert.deepEqual(await switches(), []);
    assert.equal(howOften("Remove-VMSwitch"), 1);
  });

  it("three times in a row is an error, and the switch that was made is kept", async () => {
    const made = await lifecycle.create(internal);
    await lab.simulator.order({ cmdlet: "Set-VMSwitch", times: 9, effect: { kind: "drop", effectDone: false } });
    await assert.rejects(lifecycle.update(made, external), /Run the command again when the host answers/);
    assert.equal(howOften("Set-VMSwitch"), 3);
    await lab.simulator.clearFaults();
    await lifecycle.update(made, external);
    assert.deepEqual(await switches(), [{ id: made.id, name: "lan", type: "External" }]);
  });
});
