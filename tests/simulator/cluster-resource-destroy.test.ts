import assert from "node:assert/strict";
import { hosts, messageOf } from "./cluster-world";

const lab = { name: "LAB", nodes: ["HV01", "HV02"], staticAddresses: ["10.0.0.50"] };
const free = { ...lab, allowDestroy: true };

async function made(inputs: Record<string, unknown> = free) {
  const world = hosts();
  return { ...world, state: await world.program().create(inputs) };
}

/** A role needs a shared volume. */
const withVolume = async ({ does }: Awaited<ReturnType<typeof made>>) => {
  await does("Add-ClusterDisk -InputObject (Get-ClusterAvailableDisk)");
  await does('Add-ClusterSharedVolume -Name "Cluster Disk 1"');
};

describe("a cluster at destroy", () => {
  it("stays without allowDestroy, and goes with it; its hosts keep their machines", async () => {
    const world = await made(lab);
    const { does, membership, places, program, state } = world;
    await withVolume(world);
    await does("New-VM -Name plain -NoVHD -Generation 2", "HV02");
    const lifecycle = program();
    const changes = await lifecycle.changesDuring(async () =>
      assert.match(
        await messageOf(lifecycle.delete(state)),
        /^Unable to delete cluster "LAB" on HV01: allowDestroy is not true\. Set it, run pulumi up, then try again\.$/,
      ),
    );
    assert.deepEqual(changes, []);
    const allowed = await lifecycle.update(state, free);
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.delete(allowed)), ["Remove-Cluster"]);
    assert.equal(await membership(), undefined);
    assert.deepEqual(await places(), { plain: "HV02" });
    // somebody was faster: that it is gone is success
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.delete(allowed)), []);
  });

  it("stays with its roles, which the message names, of machines and of anything else", async () => {
    const world = await made();
    const { does, role, membership, program, state } = world;
    await withVolume(world);
    await role("web");
    await does("Add-ClusterGroup -Name files -GroupType GenericApplication");
    const failure = await messageOf(program().delete(state));
    assert.match(failure, /It still has roles: files, web\. Remove them first/);
    assert.deepEqual(await membership(), { name: "LAB", nodes: ["HV01", "HV02"] });
  });

  it("stays while a node is down, which would take itself for a member afterwards", async () => {
    const { simulator, program, state, membership } = await made();
    await simulator.happen({ fail: "HV02" });
    assert.match(
      await messageOf(program().delete(state)),
      /HV02 is down, and would take itself for a member afterwards/,
    );
    assert.deepEqual(await membership(), { name: "LAB", nodes: ["HV01", "HV02"] });
  });

  it("is destroyed once where the connection is lost", async () => {
    for (const effectDone of [false, true]) {
      const { simulator, membership, program, state } = await made();
      await simulator.order({ cmdlet: "Remove-Cluster", times: 1, effect: { kind: "drop", effectDone } });
      await program().delete(state);
      assert.equal(await membership(), undefined);
    }
  });
});

describe("what a cluster is made with", () => {
  const changes = {
    name: "OTHER",
    staticAddresses: ["10.0.0.60"],
    administrativeAccessPoint: "Dns",
  };

  for (const [property, value] of Object.entries(changes)) {
    it(`changes by another one in its place: ${property}`, async () => {
      const { membership, program, state } = await made();
      const lifecycle = program();
      const other = { ...free, [property]: value };
      const { replaces, deleteBeforeReplace } = await lifecycle.difference(state, other);
      assert.deepEqual([replaces, deleteBeforeReplace], [[property], true]);
      await lifecycle.delete(state);
      const next = await lifecycle.create(other);
      assert.equal(lifecycle.diff(next, other).changes, false);
      assert.equal((await membership())?.name, other.name);
    });

    it(`does not change while it has roles or without allowDestroy, in preview already: ${property}`, async () => {
      const world = await made();
      const { role, membership, program, state } = world;
      const lifecycle = program();
      const { allowDestroy: _allowed, ...kept } = free;
      await assert.rejects(lifecycle.difference(state, { ...kept, [property]: value }), (error: Error) => {
        assert.match(error.message, /and cannot change in place: .*allowDestroy is not true\. Set it/);
        return true;
      });
      await withVolume(world);
      await role("web");
      const read = (await lifecycle.read(state)) ?? assert.fail();
      const calls = await lifecycle.changesDuring(async () => {
        const failure = await messageOf(lifecycle.difference(read, { ...free, [property]: value }));
        assert.match(failure, new RegExp(`${property} is .*, and cannot change in place: .*It still has roles: web`));
        // the state knows nothing of the role: the deletion looks again
        assert.match(await messageOf(lifecycle.delete(state)), /It still has roles: web/);
      });
      assert.deepEqual(calls, []);
      assert.equal((await membership())?.name, "LAB");
    });
  }

  it("is still it where somebody has renamed it, and nothing is done about that but by a person", async () => {
    const { does, program, state, membership } = await made(lab);
    await does('(Get-Cluster).Name = "PROD"');
    const lifecycle = program();
    const read = (await lifecycle.read(state)) ?? assert.fail();
    assert.equal(read.inputs.name, "PROD");
    assert.match(
      await messageOf(lifecycle.difference(read, lab)),
      /name is PROD, and cannot change in place: .*\(Get-Cluster\)\.Name = /,
    );
    const renamed = { ...lab, name: "PROD" };
    assert.equal(lifecycle.diff(read, renamed).replaces.length, 0);
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.update(read, renamed)), []);
    assert.deepEqual(await membership(), { name: "PROD", nodes: ["HV01", "HV02"] });
  });
});

describe("whether a cluster is gone", () => {
  it("is not told by stopped services, nor while a node does not answer", async () => {
    const { simulator, program, state } = await made();
    for (const on of lab.nodes) await simulator.happen({ stopService: "clussvc", on });
    const lifecycle = program();
    assert.match(
      await messageOf(lifecycle.read(state)),
      /^Unable to read cluster "LAB" on HV0\d: .*ClusterEndpointNotRegistered/s,
    );
    assert.match(await messageOf(lifecycle.delete(state)), /ClusterEndpointNotRegistered/);
    assert.match(await messageOf(lifecycle.update(state, free)), /ClusterEndpointNotRegistered/);
    for (const on of lab.nodes) await simulator.happen({ startService: "clussvc", on });
    assert(await lifecycle.read(state));
  });

  it("is told by all hosts together: none of them has its database", async () => {
    const { simulator, does, program, state } = await made();
    await does("Remove-Cluster -Force");
    await simulator.happen({ fail: "HV02" });
    const lifecycle = program();
    assert.match(await messageOf(lifecycle.read(state)), /Unable to read cluster "LAB" on HV02/);
    await simulator.happen({ return: "HV02" });
    assert.equal(await lifecycle.read(state), undefined);
    // and the next up makes it again
    await lifecycle.create(free);
  });

  it("is not told by another one that its hosts are in by now", async () => {
    const { does, program, state } = await made();
    await does("Remove-Cluster -Force");
    await does("New-Cluster -Name OTHER -Node HV01,HV02 -StaticAddress 10.0.0.60 -NoStorage");
    const lifecycle = program();
    assert.match(
      await messageOf(lifecycle.read(state)),
      /HV01, HV02 are in the cluster OTHER\. If this one is gone for good/,
    );
    const calls = await lifecycle.changesDuring(async () =>
      assert.match(await messageOf(lifecycle.delete(state)), /OTHER/),
    );
    assert.deepEqual(calls, []);
  });
});
