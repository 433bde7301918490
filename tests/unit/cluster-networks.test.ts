import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { getMarker } from "../../provider/lifecycle/state/marks";
import { Run } from "../../provider/lifecycle/work/run";
import { networkOf } from "../../provider/resources/cluster-networks";
import { sameSubnet, subnetOf } from "../../provider/resources/subnets";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const nodes = ["HV01", "HV02"];

const lab = () =>
  Simulator.inMemory({
    nodes: nodes.map((name) => ({ name })),
    cluster: {
      name: "LAB",
      networks: [0, 1, 2].map((number) => ({
        name: `Cluster Network ${number + 1}`,
        address: `10.0.${number}.0`,
        addressMask: "255.255.255.0",
        role: number === 0 ? "ClusterAndClient" : "Cluster",
        metric: 70240 + number,
      })),
    },
    seed: "networks",
  });
const on = (kind: string, simulator: Simulator) => new Lifecycle(kind, simulator, nodes, undefined, new Run());

async function runs(simulator: Simulator, ...lines: string[]): Promise<void> {
  for (const line of lines)
    for (const { error } of await simulator.run("HV01", parseLine(line))) assert.equal(error, undefined, line);
}

async function networksOf(simulator: Simulator) {
  return (await simulator.world()).cluster?.networks ?? [];
}

describe("a network of a cluster", () => {
  const inputs = { subnet: "10.0.1.0/24", name: "Migration", role: "None", metric: 900 };

  it("is found by its subnet, and what the program names of it is set", async () => {
    const simulator = lab();
    const lifecycle = on("ClusterNetwork", simulator);
    const changes = await lifecycle.changesDuring(async () => {
      const state = await lifecycle.create(inputs);
      assert.deepEqual([state.id, state.outputs.networkName], ["10.0.1.0/24", "Migration"]);
      assert.equal(lifecycle.diff(state, inputs).changes, false);
    });
    assert.deepEqual(changes, ["assign Name", "assign Role", "assign Metric"]);
    assert.deepEqual(
      (await networksOf(simulator)).map(({ name, role, metric }) => [name, role, metric]),
      [
        ["Cluster Network 1", "ClusterAndClient", undefined],
        ["Migration", "None", 900],
        ["Cluster Network 3", "Cluster", undefined],
      ],
    );
  });

  it("is the same one whatever somebody calls it, and gets its name back", async () => {
    const simulator = lab();
    const state = await on("ClusterNetwork", simulator).create(inputs);
    await runs(simulator, "(Get-ClusterNetwork -Name Migration).Name = other");
    const read = (await on("ClusterNetwork", simulator).read(state)) ?? assert.fail();
    assert.equal(read.inputs.name, "other");
    await on("ClusterNetwork", simulator).update(read, inputs);
    assert.equal((await networksOf(simulator))[1]?.name, "Migration");
  });

  it("gives its metric back to the cluster where the program says so", async () => {
    const simulator = lab();
    const state = await on("ClusterNetwork", simulator).create(inputs);
    const automatic = { subnet: inputs.subnet, autoMetric: true };
    const updated = await on("ClusterNetwork", simulator).update(state, automatic);
    assert.equal((await networksOf(simulator))[1]?.metric, undefined);
    assert.equal(on("ClusterNetwork", simulator).diff(updated, automatic).changes, false);
    const { problems } = on("ClusterNetwork", simulator).handlers.check({ ...inputs, autoMetric: true }, nodes);
    assert.deepEqual(problems, ["metric is chosen by the cluster with autoMetric: true. Leave one of them out"]);
  });

  it("that is not there is not made, and one that has gone is read as gone", async () => {
    const simulator = lab();
    const lifecycle = on("ClusterNetwork", simulator);
    await assert.rejects(
      lifecycle.create({ subnet: "10.9.0.0/24" }),
      /^Unable to create cluster network "10\.9\.0\.0\/24" on .*: it is not there\.\n.*sets what is there, and creates nothing/s,
    );
    const get = (id: string) => lifecycle.read({ id, outputs: { [getMarker]: true } });
    assert.equal((await get("10.0.2.0/24"))?.outputs.name, "Cluster Network 3");
    await assert.rejects(get("10.9.0.0/24"), /it is not there/);
    assert.equal(await lifecycle.read({ id: "10.9.0.0/24", outputs: { subnet: "10.9.0.0/24" } }), undefined);
  });

  it("is declared once", async () => {
    const lifecycle = on("ClusterNetwork", lab());
    const urn = (name: string) => ({ __urn: `dev::tests::*::${name}` });
    await lifecycle.create({ subnet: "10.0.1.0/24", role: "None", ...urn("first") });
    const second = { subnet: "10.0.1.0/24", name: "other", ...urn("second") };
    await assert.rejects(lifecycle.create(second), /the resource "first" of this program declares it as well/);
    await lifecycle.create({ subnet: "10.0.2.0/24", ...urn("second") });
  });

  it("without IPv4 is told by its prefix of IPv6", () => {
    const bare = { Id: "a", Name: "n", Role: "Cluster", Metric: 1, AutoMetric: true };
    const ofSix = { ...bare, Address: "", AddressMask: "", Ipv6Addresses: ["fd00::"], Ipv6PrefixLengths: ["64"] };
    assert.equal(networkOf(ofSix).subnet, "fd00::/64");
    const masks = ["255.255.255.0", "255.255.240.0", "0.0.0.0", "255.255.255.255"];
    assert.deepEqual(
      masks.map((mask) => subnetOf("10.0.0.0", mask)),
      ["10.0.0.0/24", "10.0.0.0/20", "10.0.0.0/0", "10.0.0.0/32"],
    );
    assert(sameSubnet("FD00:0:0::/64", "fd00::/64") && sameSubnet("10.0.0.7", "10.0.0.7/32"));
    assert(!sameSubnet("fd00::/64", "fd00::/65") && !sameSubnet("10.0.0.0/24", "10.0.0.0/25"));
  });
});

describe("networks of a cluster's live migrations", () => {
  const inputs = { migrationExcludeNetworks: ["10.0.0.0/24"], migrationNetworkOrder: ["10.0.2.0/24", "10.0.1.0/24"] };

  it("are told to the cluster by id, and to the program by subnet", async () => {
    const simulator = lab();
    const lifecycle = on("ClusterMigrationNetworks", simulator);
    const state = await lifecycle.create(inputs);
    const ids = (await networksOf(simulator)).map(({ id }) => id);
    assert.deepEqual((await simulator.world()).cluster?.resourceTypes["Virtual Machine"], {
      MigrationExcludeNetworks: ids[0],
      MigrationNetworkOrder: `${ids[2]};${ids[1]}`,
    });
    assert.equal(state.id, "LAB");
    assert.equal(lifecycle.diff(state, inputs).changes, false);
    assert.deepEqual((await lifecycle.read(state))?.inputs, inputs);
  });

  it("are a set where they are excluded, and a list where they are ordered", async () => {
    const simulator = lab();
    const lifecycle = on("ClusterMigrationNetworks", simulator);
    const two = ["10.0.0.0/24", "10.0.1.0/24"];
    const state = await lifecycle.create({ migrationExcludeNetworks: two, migrationNetworkOrder: two });
    const turned = [...two].reverse();
    const changes = await lifecycle.changesDuring(async () => {
      await lifecycle.update(state, { migrationExcludeNetworks: turned, migrationNetworkOrder: two });
    });
    assert.deepEqual(changes, []);
    const ordered = await lifecycle.changesDuring(async () => {
      await lifecycle.update(state, { migrationNetworkOrder: turned });
    });
    assert.deepEqual(ordered, ["Set-ClusterParameter"]);
  });

  it("must be networks of the cluster, each once", async () => {
    const simulator = lab();
    const lifecycle = on("ClusterMigrationNetworks", simulator);
    await assert.rejects(
      lifecycle.create({ migrationExcludeNetworks: ["10.0.1.0/24", "10.9.0.0/24"] }),
      /migrationExcludeNetworks\[1\] must be a network of the cluster: 10\.0\.0\.0\/24, 10\.0\.1\.0\/24, 10\.0\.2\.0\/24; it is "10\.9\.0\.0\/24"/,
    );
    assert.deepEqual((await simulator.world()).cluster?.resourceTypes["Virtual Machine"], {});
    const twice = { migrationNetworkOrder: ["10.0.1.0/24", "10.0.1.0/24"] };
    assert.deepEqual(lifecycle.handlers.check(twice, nodes).problems, [
      "migrationNetworkOrder[1] is the network of migrationNetworkOrder[0] again",
    ]);
  });

  it("that nobody may use any more are told of, and an empty list takes it back", async () => {
    const simulator = lab();
    const lifecycle = on("ClusterMigrationNetworks", simulator);
    const told: string[] = [];
    lifecycle.surroundings.tell = (message) => told.push(message);
    const state = await lifecycle.create({ migrationExcludeNetworks: ["10.0.0.0/24"] });
    const all = { migrationExcludeNetworks: ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"] };
    await lifecycle.difference(state, all);
    assert.deepEqual(told, ["No network is left for live migrations, for migrationExcludeNetworks."]);
    await lifecycle.update(state, { migrationExcludeNetworks: [] });
    assert.deepEqual((await simulator.world()).cluster?.resourceTypes["Virtual Machine"], {
      MigrationExcludeNetworks: "",
    });
  });
});
