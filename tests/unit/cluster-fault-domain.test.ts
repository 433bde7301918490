import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const nodes = ["HV01", "HV02", "HV03"];

/** A cluster of three nodes, in which lines are typed. */
function cluster() {
  const simulator = Simulator.inMemory({
    nodes: nodes.map((name) => ({ name })),
    cluster: { name: "LAB" },
    seed: "fault domains",
  });
  const does = async (line: string) => {
    for (const { error } of await simulator.run("HV01", parseLine(line))) assert.equal(error, undefined, line);
  };
  const shown = async (name: string) => {
    const select = { Type: null, ParentName: null, ChildrenNames: null, Description: null, Location: null };
    const [answer] = await simulator.run("HV01", [
      { cmdlet: "Get-ClusterFaultDomain", parameters: { Name: name }, select },
    ]);
    return answer?.error ? undefined : answer?.values[0];
  };
  const parentOf = async (name: string) => ((await shown(name)) as { ParentName: string }).ParentName;
  return { simulator, does, shown, parentOf, lifecycle: new Lifecycle("ClusterFaultDomain", simulator, nodes) };
}

const rack = { name: "Rack A", type: "Rack" };

describe("a fault domain", () => {
  it("is made, put below its parent, and gets its nodes", async () => {
    const { does, shown, lifecycle } = cluster();
    await does("New-ClusterFaultDomain -Name North -FaultDomainType Site");
    const inputs = {
      ...rack,
      parent: "North",
      description: "first",
      location: "hall 1",
      nodes: ["HV01", "hv02.corp.example"],
    };
    const state = await lifecycle.create(inputs);
    assert.deepEqual(await shown("Rack A"), {
      Type: "Rack",
      ParentName: "North",
      ChildrenNames: ["HV01", "HV02"],
      Description: "first",
      Location: "hall 1",
    });
    assert.equal(lifecycle.diff(state, inputs).changes, false);
    assert.deepEqual((await lifecycle.read(state))?.inputs, inputs);
  });

  it("gets another name in place, keeps what is in it, and is the same one under that name", async () => {
    const { parentOf, lifecycle } = cluster();
    const state = await lifecycle.create({ ...rack, nodes: ["HV01"] });
    const renamed = { ...rack, name: "Rack 17", nodes: ["HV01"] };
    assert.deepEqual(lifecycle.diff(state, renamed).replaces, []);
    let now = state;
    const changes = await lifecycle.changesDuring(async () => {
      now = await lifecycle.update(state, renamed);
    });
    assert.deepEqual(changes, ["Set-ClusterFaultDomain"]);
    assert.equal(await parentOf("HV01"), "Rack 17");
    assert.deepEqual((await lifecycle.read(now))?.inputs, renamed);
    await lifecycle.create({ ...rack, nodes: [] });
    await lifecycle.delete(now);
    assert.equal(await parentOf("HV01"), "");
  });

  it("that a person has renamed is found, and gets its name back", async () => {
    const { does, shown, lifecycle } = cluster();
    const state = await lifecycle.create(rack);
    await does('Set-ClusterFaultDomain -Name "Rack A" -NewName Other');
    const read = (await lifecycle.read(state)) ?? assert.fail();
    assert.equal((read.inputs as { name: string }).name, "Other");
    await lifecycle.update(read, rack);
    assert.ok(await shown("Rack A"));
  });

  it("takes nodes in before it lets others go, and leaves those that it does not name where none are named", async () => {
    const { parentOf, does, lifecycle } = cluster();
    const state = await lifecycle.create({ ...rack, nodes: ["HV01"] });
    const moved = await lifecycle.update(state, { ...rack, nodes: ["HV02"] });
    assert.deepEqual([await parentOf("HV01"), await parentOf("HV02")], ["", "Rack A"]);
    const open = await lifecycle.update(moved, rack);
    await does('Set-ClusterFaultDomain -Name HV03 -FaultDomain "Rack A"');
    const read = (await lifecycle.read(open)) ?? assert.fail();
    assert.deepEqual(read.inputs, rack);
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(read, rack)), []);
    assert.equal(await parentOf("HV03"), "Rack A");
  });

  it("lets a node go only as long as it is in it: another domain may have it by then", async () => {
    const { simulator, does, parentOf, lifecycle } = cluster();
    const state = await lifecycle.create({ ...rack, nodes: ["HV01"] });
    await does('New-ClusterFaultDomain -Name "Rack B" -FaultDomainType Rack');
    // another resource puts the node into its domain between the look and the change
    const { hosts } = lifecycle.surroundings;
    const send = hosts.run.bind(hosts);
    hosts.run = async (where, calls, options) => {
      if (calls.some((call) => "cmdlet" in call && call.cmdlet === "Set-ClusterFaultDomain"))
        await simulator.run("HV01", parseLine('Set-ClusterFaultDomain -Name HV01 -FaultDomain "Rack B"'));
      return send(where, calls as never, options) as never;
    };
    await lifecycle.update(state, { ...rack, nodes: [] });
    assert.equal(await parentOf("HV01"), "Rack B");
  });

  it("is not made below what is not there or cannot hold it, nor with what is no node", async () => {
    const { does, shown, lifecycle } = cluster();
    await does("New-ClusterFaultDomain -Name Box -FaultDomainType Chassis");
    await assert.rejects(
      lifecycle.create({ ...rack, parent: "North" }),
      /parent names the fault domain "North", which the cluster does not have; it has "Box"/,
    );
    await assert.rejects(
      lifecycle.create({ ...rack, parent: "Box" }),
      /parent is the chassis "Box", which cannot hold a rack/,
    );
    await assert.rejects(
      lifecycle.create({ ...rack, nodes: ["HV09"] }),
      /nodes\[0\] names HV09, which is not a node of the cluster; it has HV01, HV02, HV03/,
    );
    assert.equal(await shown("Rack A"), undefined);
    const inputs = { ...rack, parent: "North" };
    const problems = await lifecycle.handlers.verify({}, lifecycle.checked(inputs), lifecycle.surroundings);
    assert.match(problems.join(), /parent names the fault domain "North"/);
  });

  it("is refused where its own name is its parent's, or a node is named twice", () => {
    const { lifecycle } = cluster();
    assert.throws(() => lifecycle.checked({ ...rack, parent: "rack a" }), /parent is the fault domain itself/);
    assert.throws(
      () => lifecycle.checked({ ...rack, nodes: ["HV01", "hv01.corp.example"] }),
      /nodes\[1\] is the node of nodes\[0\] again/,
    );
  });

  it("lets its nodes go when it is removed, and stays while other domains are in it", async () => {
    const { does, shown, parentOf, lifecycle } = cluster();
    const state = await lifecycle.create({ name: "North", type: "Site", nodes: ["HV01"] });
    await does("New-ClusterFaultDomain -Name Box -FaultDomainType Chassis -FaultDomain North");
    await assert.rejects(
      lifecycle.delete(state),
      /Unable to delete cluster fault domain "North" on .*: it contains the chassis "Box"\. Remove it or give it another parent first/,
    );
    assert.equal(await parentOf("HV01"), "North");
    await does('Set-ClusterFaultDomain -Name Box -FaultDomain ""');
    await lifecycle.delete(state);
    assert.deepEqual([await shown("North"), await parentOf("HV01")], [undefined, ""]);
  });

  it("lets nodes go that somebody else has put there, too", async () => {
    const { does, shown, parentOf, lifecycle } = cluster();
    const state = await lifecycle.create(rack);
    await does('Set-ClusterFaultDomain -Name HV03 -FaultDomain "Rack A"');
    await lifecycle.delete(state);
    assert.deepEqual([await shown("Rack A"), await parentOf("HV03")], [undefined, ""]);
  });

  it("of another type is another domain, for which nothing may be in it", async () => {
    const { does, shown, lifecycle } = cluster();
    const state = await lifecycle.create(rack);
    assert.deepEqual(lifecycle.diff(state, { ...rack, type: "Site" }).replaces, ["type"]);
    await does('New-ClusterFaultDomain -Name Box -FaultDomainType Chassis -FaultDomain "Rack A"');
    const read = (await lifecycle.read(state)) ?? assert.fail();
    await assert.rejects(
      lifecycle.difference(read, { ...rack, type: "Site" }),
      /type needs a replacement, and it contains the chassis "Box"\. Give it another parent first/,
    );
    await does("Remove-ClusterFaultDomain -Name Box");
    await does('Set-ClusterFaultDomain -Name HV03 -FaultDomain "Rack A"');
    await assert.rejects(lifecycle.difference(read, { ...rack, type: "Site" }), /it contains the node "HV03"/);
    await does('Set-ClusterFaultDomain -Name HV03 -FaultDomain ""');
    assert.deepEqual((await lifecycle.difference(read, { ...rack, type: "Site" })).replaces, ["type"]);
    assert.ok(await shown("Rack A"));
  });

  it("that is there is taken over, with what the program leaves open, and stays at the end", async () => {
    const { does, shown, lifecycle } = cluster();
    await does('New-ClusterFaultDomain -Name "Rack A" -FaultDomainType Rack -Location here');
    await assert.rejects(lifecycle.create(rack), /already exists/);
    const state = await lifecycle.create({ ...rack, adopt: true, description: "ours" });
    await lifecycle.delete(state);
    assert.deepEqual(await shown("Rack A"), {
      Type: "Rack",
      ParentName: "",
      ChildrenNames: [],
      Description: "ours",
      Location: "here",
    });
  });
});
