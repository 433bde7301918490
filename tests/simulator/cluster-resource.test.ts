import assert from "node:assert/strict";
import { PartialFailure } from "../../provider/lifecycle/handlers";
import { getMarker } from "../../provider/lifecycle/state/marks";
import { hosts, messageOf } from "./cluster-world";

const lab = { name: "LAB", nodes: ["HV01", "HV02"], staticAddresses: ["10.0.0.50"] };

describe("a cluster of a program", () => {
  it("is made of hosts that were in none, without their disks, and then there is nothing to do", async () => {
    const { simulator, membership, program } = hosts();
    const lifecycle = program();
    let state = await lifecycle.create(lab);
    assert.equal(state.id, "LAB");
    assert.deepEqual(await membership(), { name: "LAB", nodes: ["HV01", "HV02"] });
    const { cluster } = await simulator.world();
    assert.equal(cluster?.accessPoint, "ActiveDirectoryAndDns");
    assert.deepEqual(
      cluster?.plainGroups?.map(({ name, resources }) => [name, resources.length]),
      [
        ["Cluster Group", 3],
        ["Available Storage", 0],
      ],
    );
    assert.equal(state.outputs.clusterId, cluster?.id);
    assert.equal(lifecycle.diff(state, lab).changes, false);
    assert.deepEqual(await lifecycle.changesDuring(async () => (state = await lifecycle.update(state, lab))), []);
    assert.deepEqual((await lifecycle.read(state))?.inputs, lab);
  });

  it("has the same nodes and addresses however a program writes them", async () => {
    const { program } = hosts();
    const state = await program().create({ ...lab, staticAddresses: ["10.0.0.51", "10.0.0.50"] });
    const lifecycle = program();
    const otherwise = {
      name: "lab",
      nodes: ["hv02.corp.example", "hv01"],
      staticAddresses: ["10.0.0.50", "10.0.0.51"],
    };
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(state, otherwise)), []);
    const read = await lifecycle.read({ ...state, outputs: { ...state.outputs, ...otherwise } });
    assert.deepEqual(
      [read?.inputs.nodes, read?.inputs.staticAddresses],
      [["hv02.corp.example", "hv01"], otherwise.staticAddresses],
    );
  });

  it("is made in a workgroup with a name in DNS, and says how where the program leaves that out", async () => {
    const { membership, program } = hosts(undefined, { domain: null });
    const failure = await messageOf(program().create(lab));
    assert.match(failure, /^Unable to create cluster "LAB" on HV01: .*no domain.*administrativeAccessPoint: "Dns"/s);
    assert.equal(await membership(), undefined);
    await program().create({ ...lab, administrativeAccessPoint: "Dns" });
    assert.deepEqual(await membership(), { name: "LAB", nodes: ["HV01", "HV02"] });
  });

  it("says over a session that cannot sign in to the other hosts how to sign in instead", async () => {
    const { membership, program } = hosts(undefined, { session: "remote" });
    const failure = await messageOf(program().create(lab));
    assert.match(
      failure,
      /^Unable to create cluster "LAB" on HV01: .*0x80070005.*New-Cluster: New-Cluster,.*hyperv:password/s,
    );
    assert.equal(await membership(), undefined);
  });

  it("is not made where one of its hosts does not answer, lacks the feature, or is one that the provider does not name", async () => {
    const { simulator, membership, program } = hosts();
    await simulator.happen({ fail: "HV02" });
    assert.match(await messageOf(program().create(lab)), /^Unable to create cluster "LAB" on HV02: /);
    const bare = hosts(undefined, { nodes: [{ name: "HV01" }, { name: "HV02", clustering: false }] });
    const plain = { name: "LAB", nodes: ["HV01", "HV02"] };
    assert.match(
      await messageOf(bare.program("Cluster", plain.nodes).create(plain)),
      /ClusterNodeNotReachable,.*Install-WindowsFeature Failover-Clustering/s,
    );
    assert.match(
      await messageOf(Promise.resolve().then(() => program().create({ ...lab, nodes: ["HV01", "HV09"] }))),
      /nodes\[1\] must be a node that the provider names: HV01, HV02, HV03, HV04; it is "HV09"/,
    );
    assert.equal(await membership(), undefined);
  });

  it("is not made of a member of another one, also where that one's service is stopped", async () => {
    const { simulator, does, membership, program } = hosts(["HV01", "HV02"]);
    const own = { name: "OWN", nodes: ["HV02", "HV03"] };
    assert.match(
      await messageOf(program().create(own)),
      /nodes has HV02, a node of the cluster LAB: evict it there first/,
    );
    for (const on of ["HV01", "HV02"]) await simulator.happen({ stopService: "clussvc", on });
    const lifecycle = program();
    const changes = await lifecycle.changesDuring(async () => {
      assert.match(
        await messageOf(lifecycle.create(own)),
        /nodes cannot have HV02 yet: HV02 has the database of a cluster, .*whether its cluster service runs or not.*Clear-ClusterNode -Force on HV02/,
      );
      assert.match(await messageOf(lifecycle.create(lab)), /nodes cannot have HV01 yet/);
      assert.match(await messageOf(lifecycle.create({ ...lab, adopt: true })), /nodes cannot have HV01 yet/);
    });
    assert.deepEqual(changes, []);
    await does("Start-ClusterNode -Name HV01");
    assert.deepEqual(await membership(), { name: "LAB", nodes: ["HV01", "HV02"] });
  });

  it("is recognised where the connection is lost while it is made, and is not made twice", async () => {
    for (const effectDone of [false, true]) {
      const { simulator, membership, program } = hosts();
      await simulator.order({ cmdlet: "New-Cluster", times: 1, effect: { kind: "drop", effectDone } });
      const lifecycle = program();
      const made = await lifecycle.create(lab).catch((error: unknown) => error);
      if (effectDone) assert(!(made instanceof Error), String(made));
      assert.deepEqual(await membership(), effectDone ? { name: "LAB", nodes: ["HV01", "HV02"] } : undefined);
      if (!effectDone) await lifecycle.create(lab);
      assert.deepEqual(await membership(), { name: "LAB", nodes: ["HV01", "HV02"] });
    }
  });

  it("of which nobody knows whether it was made is kept, and finished by the next up", async () => {
    const { simulator, membership, program } = hosts();
    await simulator.order({ cmdlet: "New-Cluster", times: 1, effect: { kind: "drop", effectDone: true } });
    await simulator.order({ cmdlet: "Get-VMHost", after: 2, times: 1000, effect: { kind: "drop", effectDone: false } });
    const failure = await program()
      .create(lab)
      .catch((error: unknown) => error);
    assert(failure instanceof PartialFailure, String(failure));
    assert.equal(failure.id, "LAB");
    await simulator.clearFaults();
    const lifecycle = program();
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(failure, lab)), []);
    assert.deepEqual(await membership(), { name: "LAB", nodes: ["HV01", "HV02"] });
  });

  it("that is there already is taken over where the program says so, and told of where not", async () => {
    const { membership, program } = hosts(["HV01", "HV02"]);
    assert.match(await messageOf(program().create(lab)), /a cluster with this name already exists\..* adopt: true/);
    const lifecycle = program();
    const adopting = { name: "LAB", nodes: ["HV01", "HV02", "HV03"], adopt: true };
    const changes = await lifecycle.changesDuring(async () => {
      const state = await lifecycle.create(adopting);
      await lifecycle.delete(state);
    });
    assert.deepEqual(changes, ["Add-ClusterNode"]);
    assert.deepEqual(await membership(), { name: "LAB", nodes: ["HV01", "HV02", "HV03"] });
  });

  it("is read by its name, and imported with what somebody has chosen", async () => {
    const { program } = hosts(["HV01", "HV02"]);
    const lifecycle = program("Cluster", ["HV01", "HV02"]);
    const read = await lifecycle.read({ id: "lab", outputs: { [getMarker]: true } });
    assert.deepEqual([read?.outputs.name, read?.outputs.nodes], ["LAB", ["HV01", "HV02"]]);
    assert.match(
      await messageOf(lifecycle.read({ id: "other", outputs: { [getMarker]: true } })),
      /Unable to read cluster "other": HV01, HV02 are in the cluster LAB\./,
    );
    const [found] = await lifecycle.handlers.list(lifecycle.surroundings);
    const imported = await lifecycle.handlers.imported(found ?? assert.fail(), lifecycle.surroundings);
    assert.deepEqual(imported.inputs, { name: "LAB", nodes: ["HV01", "HV02"], staticAddresses: ["10.0.0.50"] });
    assert.deepEqual(imported.problems, []);
  });

  it("is refused where nodes are none, are named twice, or by their addresses", () => {
    const { program } = hosts();
    const { handlers, nodes } = program();
    const problems = (more: object) => handlers.check({ ...lab, ...more }, nodes).problems;
    assert.deepEqual(problems({}), []);
    assert.match(problems({ nodes: [] }).join(), /nodes must not be empty/);
    assert.match(
      problems({ nodes: ["HV01", "hv01.corp.example"] }).join(),
      /nodes\[1\] is nodes\[0\], HV01, once more/,
    );
    assert.match(problems({ nodes: ["10.0.0.11"] }).join(), /nodes\[0\] must be a name, not an address/);
    assert.match(problems({ name: "a-name-of-17-char" }).join(), /name must have 1 to 15 letters, digits and hyphens/);
    assert.match(problems({ name: "hv02" }).join(), /name is the name of the node HV02/);
    assert.match(problems({ administrativeAccessPoint: "None" }).join(), /staticAddresses must be left out where/);
    assert.match(handlers.check(lab, []).problems.join(), /needs a provider with nodes/);
    assert.match(handlers.check(lab, nodes, false).problems.join(), /it has clustered: false/);
  });
});
