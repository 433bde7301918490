import assert from "node:assert/strict";
import type { Ran } from "../../provider/host/host";
import { disks, type Lab, lab } from "./shared-volume-world";

const inputs = { diskUniqueId: disks.gpt, name: "data" };
const folder = "C:\\ClusterStorage\\Volume2";

/** Brings a disk into the cluster as a person does. */
async function added({ does }: Lab, id: string): Promise<void> {
  await does(`Add-ClusterDisk -InputObject (Get-Disk -UniqueId "${id}")`);
}

describe("a shared volume", () => {
  it("brings its disk into the cluster, names it and shares it", async () => {
    const { lifecycle, seen } = lab();
    let state: Awaited<ReturnType<typeof lifecycle.create>> | undefined;
    const changes = await lifecycle.changesDuring(async () => {
      state = await lifecycle.create(inputs);
    });
    assert.deepEqual(changes, ["Add-ClusterDisk", "assign Name", "Add-ClusterSharedVolume"]);
    assert.deepEqual(await seen(), { volumes: ["Volume1", "data"], loose: [], available: 3 });
    const { id, outputs } = state ?? assert.fail();
    assert.equal(id, disks.gpt);
    assert.deepEqual([outputs.path, outputs.resourceName, outputs.ownerNode], [folder, "data", "HV01"]);
    assert.equal(lifecycle.diff({ id, outputs }, inputs).changes, false);
    assert.deepEqual((await lifecycle.read({ id, outputs }))?.inputs, inputs);
  });

  it("is told by the signature of its disk where that has no id", async () => {
    const { lifecycle, seen } = lab();
    const state = await lifecycle.create({ diskUniqueId: disks.mbr, name: "old" });
    assert.deepEqual((await lifecycle.read(state))?.inputs, { diskUniqueId: disks.mbr, name: "old" });
    assert.deepEqual((await seen()).volumes, ["Volume1", "old"]);
  });

  it("has the cluster's name where the program says none, and that is nobody's drift", async () => {
    const { lifecycle, does } = lab();
    const state = await lifecycle.create({ diskUniqueId: disks.gpt });
    assert.equal(state.outputs.resourceName, "Cluster Disk 1");
    await does('(Get-ClusterSharedVolume -Name "Cluster Disk 1").Name = other');
    const read = (await lifecycle.read(state)) ?? assert.fail();
    assert.deepEqual(read.inputs, { diskUniqueId: disks.gpt });
    assert.equal(lifecycle.diff(read, { diskUniqueId: disks.gpt }).changes, false);
  });

  it("gets another name in place, and keeps its folder", async () => {
    const { lifecycle } = lab();
    const state = await lifecycle.create(inputs);
    let now = state;
    const changes = await lifecycle.changesDuring(async () => {
      now = await lifecycle.update(state, { ...inputs, name: "other" });
    });
    assert.deepEqual(changes, ["assign Name"]);
    assert.deepEqual([now.outputs.resourceName, now.outputs.path], ["other", folder]);
  });

  it("is the same wherever its owner is, and that is no drift", async () => {
    const { lifecycle, does } = lab();
    const state = await lifecycle.create(inputs);
    await does("Move-ClusterSharedVolume -Name data -Node HV02");
    const read = (await lifecycle.read(state)) ?? assert.fail();
    assert.deepEqual([read.inputs, read.outputs.ownerNode], [inputs, "HV02"]);
    assert.equal(lifecycle.diff(read, inputs).changes, false);
  });

  it("takes the disk out of the cluster again, which it has brought there", async () => {
    const { lifecycle, seen } = lab();
    const state = await lifecycle.create(inputs);
    assert.equal((await seen()).available, 3);
    const changes = await lifecycle.changesDuring(() => lifecycle.delete(state));
    assert.deepEqual(changes, ["Remove-ClusterSharedVolume", "Remove-ClusterResource"]);
    assert.deepEqual(await seen(), { volumes: ["Volume1"], loose: [], available: 4 });
    await lifecycle.create(inputs);
  });

  it("leaves the disk in the cluster where it has found it", async () => {
    const world = lab();
    const { lifecycle, seen } = world;
    await added(world, disks.gpt);
    const state = await lifecycle.create(inputs);
    await lifecycle.delete((await lifecycle.read(state)) ?? assert.fail());
    assert.deepEqual(await seen(), { volumes: ["Volume1"], loose: ["data"], available: 3 });
  });

  it("comes with data as they are, and leaves them so", async () => {
    const { lifecycle, does } = lab();
    const state = await lifecycle.create(inputs);
    await does(`New-Item -Path ${folder}\\kept.txt -ItemType File`);
    await lifecycle.delete(state);
    await lifecycle.create(inputs);
    await does(`Get-Item -LiteralPath ${folder}\\kept.txt`);
  });

  it("that is there is taken over, with its name, and stays at the end", async () => {
    const world = lab();
    const { lifecycle, does, seen } = world;
    await added(world, disks.gpt);
    await does('Add-ClusterSharedVolume -Name "Cluster Disk 1"');
    await assert.rejects(lifecycle.create(inputs), /a cluster shared volume already exists/);
    const state = await lifecycle.create({ diskUniqueId: disks.gpt, adopt: true });
    await lifecycle.delete(state);
    assert.deepEqual((await seen()).volumes, ["Cluster Disk 1", "Volume1"]);
  });

  it("that somebody has given up becomes one again, and is still this resource's", async () => {
    const { lifecycle, does, seen } = lab();
    const state = await lifecycle.create(inputs);
    await does("Remove-ClusterSharedVolume -Name data");
    const read = (await lifecycle.read(state)) ?? assert.fail();
    assert.equal(lifecycle.diff(read, inputs).changes, true);
    const back = await lifecycle.update(read, inputs);
    assert.equal(back.outputs.path, folder);
    await lifecycle.delete(back);
    assert.equal((await seen()).available, 4);
  });

  it("is found again by a node that does not see its disk", async () => {
    const { lifecycle } = lab();
    const state = await lifecycle.create(inputs);
    // the path of this node to the disk is broken
    const { hosts } = lifecycle.surroundings;
    const send = hosts.run.bind(hosts);
    hosts.run = async (where, calls, options) => {
      const ran = (await send(where, calls as never, options)) as Ran;
      for (const [index, call] of calls.entries())
        if ("cmdlet" in call && call.cmdlet === "Get-Disk") ran.results[index]?.values.splice(0);
      return ran as never;
    };
    assert.deepEqual((await lifecycle.read(state))?.inputs, inputs);
  });
});

describe("a disk that cannot become a shared volume", () => {
  it("is refused where no disk has the id", async () => {
    const { lifecycle, seen } = lab();
    const before = await seen();
    const wrong = { ...inputs, diskUniqueId: "no such disk" };
    await assert.rejects(
      lifecycle.create(wrong),
      /Unable to create cluster shared volume "data" on .*: diskUniqueId is the UniqueId of no disk there/,
    );
    const problems = await lifecycle.handlers.verify({}, lifecycle.checked(wrong), lifecycle.surroundings);
    assert.match(problems.join(), /diskUniqueId is the UniqueId of no disk there/);
    assert.deepEqual(await seen(), before);
  });

  it("is refused where it has no file system, and is never formatted", async () => {
    const { lifecycle } = lab();
    let error: Error | undefined;
    const changes = await lifecycle.changesDuring(() =>
      lifecycle.create({ ...inputs, diskUniqueId: disks.raw }).catch((caught: Error) => {
        error = caught;
      }),
    );
    assert.match(error?.message ?? "", /diskUniqueId is a disk that the cluster cannot use: every node must see it/);
    assert.deepEqual(changes, []);
  });

  it("is refused where it is the cluster's witness", async () => {
    const world = lab();
    await added(world, disks.gpt);
    await world.does('Set-ClusterQuorum -DiskWitness "Cluster Disk 1"');
    await assert.rejects(
      world.lifecycle.create(inputs),
      /diskUniqueId is "Cluster Disk 1", which the cluster itself uses, as its witness/,
    );
  });

  it("is refused where it is a role's", async () => {
    const world = lab();
    await added(world, disks.gpt);
    await world.does("Add-ClusterGroup -Name files");
    await world.does('Move-ClusterResource -Name "Cluster Disk 1" -Group files');
    await assert.rejects(
      world.lifecycle.create(inputs),
      /diskUniqueId is "Cluster Disk 1", which the role "files" uses/,
    );
  });
});

describe("a shared volume whose creation was interrupted", () => {
  it("is finished by the next up where the host refuses to share it, and goes with its disk", async () => {
    const { lifecycle, simulator, seen } = lab();
    const effect = { kind: "fail", errorId: "Add-ClusterSharedVolume", category: "NotSpecified" } as const;
    await simulator.order({ cmdlet: "Add-ClusterSharedVolume", times: 1, effect });
    const failure = await lifecycle.create(inputs).then(
      () => assert.fail("it was made"),
      (error: Error & { id: string; outputs: Record<string, unknown> }) => error,
    );
    assert.match(failure.message, /could not make the disk a shared volume/);
    assert.deepEqual(await seen(), { volumes: ["Volume1"], loose: ["data"], available: 3 });
    const state = await lifecycle.update(failure, inputs);
    assert.deepEqual((await seen()).volumes, ["Volume1", "data"]);
    await lifecycle.delete(state);
    assert.equal((await seen()).available, 4);
  });

  it("is taken away where the program gives it up instead", async () => {
    const { lifecycle, simulator, seen } = lab();
    const effect = { kind: "fail", errorId: "Add-ClusterSharedVolume", category: "NotSpecified" } as const;
    await simulator.order({ cmdlet: "Add-ClusterSharedVolume", times: 1, effect });
    const failure = await lifecycle
      .create(inputs)
      .catch((error: Error & { id: string; outputs: Record<string, unknown> }) => error);
    await lifecycle.delete(failure);
    assert.deepEqual(await seen(), { volumes: ["Volume1"], loose: [], available: 4 });
  });

  for (const cmdlet of ["Add-ClusterDisk", "Add-ClusterSharedVolume"])
    for (const when of ["before", "after"] as const)
      it(`is made whole, and goes with its disk, where the session is lost ${when} ${cmdlet}`, async () => {
        const { lifecycle, simulator, seen } = lab();
        await simulator.order({ cmdlet, times: 1, effect: { kind: "drop", effectDone: when === "after" } });
        const state = await lifecycle.create(inputs).catch(() => lifecycle.create(inputs));
        assert.deepEqual((await seen()).volumes, ["Volume1", "data"]);
        await lifecycle.delete(state);
        assert.deepEqual(await seen(), { volumes: ["Volume1"], loose: [], available: 4 });
      });

  for (const cmdlet of ["Remove-ClusterSharedVolume", "Remove-ClusterResource"])
    it(`goes whole where the session is lost after ${cmdlet}`, async () => {
      const { lifecycle, simulator, seen } = lab();
      const state = await lifecycle.create(inputs);
      await simulator.order({ cmdlet, times: 1, effect: { kind: "drop", effectDone: true } });
      await lifecycle.delete(state);
      assert.deepEqual(await seen(), { volumes: ["Volume1"], loose: [], available: 4 });
    });
});
