import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { definitions } from "../../provider";
import { Handlers, PartialFailure } from "../../provider/lifecycle/handlers";
import { getMarker } from "../../provider/lifecycle/state/marks";
import { Run } from "../../provider/lifecycle/work/run";
import { secondsIn, timeSpanOf } from "../../provider/resources/host-settings/observed";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

type Inputs = Record<string, unknown>;

const alone = () => Simulator.inMemory({ nodes: [{ name: "HV01" }], seed: "settings" });
const on = (simulator: Simulator, nodes: readonly string[] = []) =>
  new Lifecycle("HostSettings", simulator, nodes, undefined, new Run());

async function runs(simulator: Simulator, ...lines: string[]): Promise<void> {
  for (const line of lines)
    for (const { error } of await simulator.run("HV01", parseLine(line))) assert.equal(error, undefined, line);
}

async function networksOf(simulator: Simulator): Promise<unknown> {
  const [node] = (await simulator.world()).nodes;
  return node?.migrationNetworks?.map(({ subnet, priority }) => [subnet, priority]);
}

const problemsOf = (inputs: Inputs, nodes: readonly string[] = []) =>
  new Handlers(definitions.find(({ kind }) => kind === "HostSettings") ?? assert.fail()).check(inputs, nodes).problems;

describe("settings of a host", () => {
  it("are those of the only host where a program names none, and have its name as their id", async () => {
    const lifecycle = on(alone());
    const inputs = { enableEnhancedSessionMode: true };
    const state = await lifecycle.create(inputs);
    assert.deepEqual([state.id, state.outputs.hostName], ["HV01", "HV01"]);
    assert.equal(lifecycle.diff(state, inputs).changes, false);
    assert.deepEqual((await lifecycle.read(state))?.inputs, inputs);
  });

  it("need to be said of which node, where there are several", () => {
    assert.deepEqual(problemsOf({}, ["HV01", "HV02"]), [
      "node is required, as the provider has several nodes: HV01, HV02",
    ]);
    assert.deepEqual(problemsOf({}, ["HV01"]), []);
  });

  it("are set in one call, which takes all or none, and nothing else is", async () => {
    const simulator = alone();
    const lifecycle = on(simulator);
    const inputs = {
      macAddressMinimum: "00-15-5D-77-00-00",
      macAddressMaximum: "00155d7700ff",
      resourceMeteringSaveInterval: 86400,
    };
    const changes = await lifecycle.changesDuring(async () => {
      const state = await lifecycle.create(inputs);
      assert.equal(lifecycle.diff(state, inputs).changes, false);
    });
    assert.deepEqual(changes, ["Set-VMHost"]);
    const [node] = (await simulator.world()).nodes;
    assert.deepEqual(node?.settings, {
      macAddressMinimum: "00155D770000",
      macAddressMaximum: "00155D7700FF",
      resourceMeteringSaveInterval: "1.00:00:00",
    });
  });

  it("leave nothing half done where the host refuses one of them", async () => {
    const simulator = alone();
    const inputs = { enableEnhancedSessionMode: true, virtualMachinePath: "D:\\none" };
    await assert.rejects(on(simulator).create(inputs), (error: Error) => {
      assert(error instanceof PartialFailure);
      assert.match(error.message, /could not set virtualMachinePath, enableEnhancedSessionMode: .*D:\\none/);
      return true;
    });
    assert.deepEqual((await simulator.world()).nodes[0]?.settings ?? {}, {});
  });

  it("are not found where another host answers", async () => {
    const lifecycle = on(alone());
    await assert.rejects(lifecycle.read({ id: "HV09", outputs: { [getMarker]: true } }), /it is not there/);
    const read = await lifecycle.read({ id: "hv01", outputs: { [getMarker]: true } });
    assert.deepEqual(Object.keys(read?.outputs.migration as Inputs).length, 7);
  });

  it("say that spanning waits for a service, and that no machine moves any more", async () => {
    const lifecycle = on(alone());
    const told: string[] = [];
    lifecycle.surroundings.tell = (message) => told.push(message);
    const before = { numaSpanningEnabled: true, migration: { enabled: true } };
    const state = await lifecycle.create(before);
    await lifecycle.difference(state, { numaSpanningEnabled: false, migration: { enabled: false } });
    assert.deepEqual(told, [
      "NumaSpanningEnabled takes effect when the host's service vmms restarts.",
      "No machine moves live to or from this host any more, for migration.enabled.",
    ]);
  });

  it("say which of them a cluster writes over, in preview and where it did", async () => {
    const nodes = ["HV01", "HV02"];
    const simulator = Simulator.inMemory({ nodes: nodes.map((name) => ({ name })), cluster: { name: "LAB" } });
    const lifecycle = on(simulator, nodes);
    const told: string[] = [];
    lifecycle.surroundings.tell = (message) => told.push(message);
    const of = (maximumVirtualMachineMigrations: number) => ({
      node: "HV01",
      migration: { maximumVirtualMachineMigrations },
    });
    const why =
      /rom Windows Server 2022 on a cluster writes its maximumParallelMigrations over migration\.maximumVirtualMachineMigrations of its nodes\. Declare maximumParallelMigrations in ClusterSettings, and leave this out\.$/;
    const state = await lifecycle.create(of(1));
    assert.deepEqual(told, [], "the cluster's own number");
    await lifecycle.difference(state, of(3));
    assert.match(told.join(), why);
    await assert.rejects(lifecycle.update(state, of(3)), why);
    assert.doesNotMatch(problemsOf(of(3), nodes).join(), why, "before 2022 a host keeps its own");
  });

  it("of one host are declared once, also where two resources name different ones", async () => {
    const lifecycle = on(alone());
    const urn = (name: string) => ({ __urn: `dev::tests::*::${name}` });
    await lifecycle.create({ enableEnhancedSessionMode: true, ...urn("first") });
    await assert.rejects(
      lifecycle.create({ numaSpanningEnabled: false, ...urn("second") }),
      /the resource "first" of this program declares it as well\. Declare it once\.$/,
    );
  });

  it("are forgotten by destroy", async () => {
    const simulator = alone();
    const state = await on(simulator).create({ enableEnhancedSessionMode: true });
    const lifecycle = on(simulator);
    await lifecycle.delete(state);
    assert.deepEqual(lifecycle.calls, []);
    assert.equal((await simulator.world()).nodes[0]?.settings?.enableEnhancedSessionMode, true);
  });

  it("are imported without what the installation has chosen", async () => {
    const lifecycle = on(alone());
    const [found = assert.fail()] = await lifecycle.handlers.list(lifecycle.surroundings);
    const { id, inputs, outputs, problems } = await lifecycle.handlers.imported(found, lifecycle.surroundings);
    assert.deepEqual([id, problems], ["HV01", []]);
    assert.deepEqual(
      Object.keys(inputs).filter((key) => /^(mac|fibre|node)/.test(key)),
      [],
    );
    assert.equal(lifecycle.diff({ id, outputs }, inputs).changes, false);
  });
});

describe("networks for migrations between hosts", () => {
  const of = (...networks: Inputs[]) => ({ migration: { networks } });
  const [one, two] = [{ subnet: "10.0.1.0/24", priority: 1 }, { subnet: "10.0.2.0/24" }];

  it("are the whole list: what comes is there before anything goes", async () => {
    const simulator = alone();
    await runs(
      simulator,
      "Add-VMMigrationNetwork -Subnet 192.168.7.0/24",
      "Add-VMMigrationNetwork -Subnet 10.0.1.0/24 -Priority 9",
    );
    const lifecycle = on(simulator);
    const changes = await lifecycle.changesDuring(async () => {
      const state = await lifecycle.create(of(two, one));
      assert.equal(lifecycle.diff(state, of(two, one)).changes, false);
    });
    assert.deepEqual(changes, ["Add-VMMigrationNetwork", "Set-VMMigrationNetwork", "Remove-VMMigrationNetwork"]);
    assert.deepEqual(await networksOf(simulator), [
      ["10.0.1.0/24", 1],
      ["10.0.2.0/24", null],
    ]);
  });

  it("lose none where one cannot be added", async () => {
    const simulator = alone();
    const state = await on(simulator).create(of(one));
    await simulator.order({
      cmdlet: "Add-VMMigrationNetwork",
      times: 1,
      effect: { kind: "fail", errorId: "OperationFailed", category: "NotSpecified" },
    });
    await assert.rejects(on(simulator).update(state, of(two)), /could not add the migration network 10\.0\.2\.0\/24/);
    assert.deepEqual(await networksOf(simulator), [["10.0.1.0/24", 1]]);
  });

  it("are there before the host may use nothing else", async () => {
    const simulator = alone();
    await runs(simulator, "Set-VMHost -UseAnyNetworkForMigration $true");
    const lifecycle = on(simulator);
    const inputs = { migration: { networks: [one], useAnyNetworkForMigration: false } };
    const changes = await lifecycle.changesDuring(() => lifecycle.create(inputs));
    assert.deepEqual(changes, ["Add-VMMigrationNetwork", "Set-VMHost"]);
  });

  it("are told apart by what they are, and not by how they are written", async () => {
    const simulator = alone();
    await runs(simulator, "Add-VMMigrationNetwork -Subnet 10.0.9.7/32", "Add-VMMigrationNetwork -Subnet FD00:0::/64");
    const lifecycle = on(simulator);
    const inputs = of({ subnet: "fd00::/64" }, { subnet: "10.0.9.7" });
    const changes = await lifecycle.changesDuring(async () => {
      const state = await lifecycle.create(inputs);
      assert.deepEqual(state.outputs.migration, inputs.migration);
    });
    assert.deepEqual(changes, []);
  });

  it("must be networks, each once, and no patterns", () => {
    assert.deepEqual(problemsOf(of({ subnet: "10.0.*" }, { subnet: "10.0.1.7/24" }, { subnet: "lan" })), [
      'migration.networks[0].subnet must be one network, such as 10.0.1.0/24: a pattern would mean others too; it is "10.0.*"',
      `migration.networks[1].subnet must be the network's own address, such as 10.0.1.0/24, and not one of a host in it; it is "10.0.1.7/24"`,
      'migration.networks[2].subnet must be a network, such as 10.0.1.0/24; it is "lan"',
    ]);
    assert.deepEqual(problemsOf(of(one, two, { subnet: "10.0.1.0/24" })), [
      "migration.networks[2].subnet is the subnet of migration.networks[0] again",
    ]);
  });

  it("are no longer compared once the program does not name them", async () => {
    const simulator = alone();
    const lifecycle = on(simulator);
    const state = await lifecycle.create({ migration: { networks: [one], maximumStorageMigrations: 3 } });
    const left = { migration: { maximumStorageMigrations: 3 } };
    assert.equal(lifecycle.diff(state, left).changes, true);
    const updated = await lifecycle.update(state, left);
    await runs(simulator, "Remove-VMMigrationNetwork -Subnet 10.0.1.0/24");
    const read = (await lifecycle.read(updated)) ?? assert.fail();
    assert.deepEqual(read.inputs, left);
    assert.equal(lifecycle.diff(read, left).changes, false);
  });
});

describe("an interval", () => {
  it("is read as a host writes it", () => {
    const read = ["01:00:00", "1.00:00:00", "01:30:00"].map(secondsIn);
    assert.deepEqual(read, [3600, 86400, 5400]);
    assert.throws(() => secondsIn("soon"), /"soon" is no time/);
  });

  it("is written with its days", () => {
    assert.deepEqual([3600, 5400, 86400].map(timeSpanOf), ["0.01:00:00", "0.01:30:00", "1.00:00:00"]);
  });
});
