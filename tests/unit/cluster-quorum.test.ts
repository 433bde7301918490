import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { observedIn } from "../../provider/lifecycle/state/recorded";
import { Run } from "../../provider/lifecycle/work/run";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const nodes = ["HV01", "HV02"];

const lab = () =>
  Simulator.inMemory({
    nodes: nodes.map((name) => ({ name })),
    cluster: { name: "LAB" },
    internet: true,
    fileShares: ["\\\\FS01\\one", "\\\\FS01\\two"],
    sharedDisks: [{ number: 9, sizeBytes: 2 ** 30, partitionStyle: "GPT", fileSystem: "NTFS" }],
    seed: "quorum",
  });
const on = (simulator: Simulator) => new Lifecycle("ClusterQuorum", simulator, nodes, undefined, new Run());

async function runs(simulator: Simulator, ...lines: string[]): Promise<void> {
  for (const line of lines)
    for (const { error } of await simulator.run("HV01", parseLine(line))) assert.equal(error, undefined, line);
}

/** Id of the witness, which is another one each time that it is set. */
async function witnessOf(simulator: Simulator): Promise<string | null | undefined> {
  return (await simulator.world()).cluster?.witness;
}

async function parameterOf(simulator: Simulator, name: string): Promise<unknown> {
  const lines = "Get-ClusterParameter -InputObject (Get-ClusterResource -Name 'Cloud Witness')";
  const [call] = parseLine(lines).slice(-1);
  assert(call && "cmdlet" in call);
  const calls = [...parseLine(lines).slice(0, -1), { ...call, select: { Name: null, Value: null } }];
  const results = await simulator.run("HV01", calls as never);
  const all = (results.at(-1)?.values ?? []) as { Name: string; Value: unknown }[];
  return all.find((one) => one.Name === name)?.Value;
}

const share = { type: "FileShare", fileShareWitness: "\\\\FS01\\one" };
const [first, second] = ["Zmlyc3Q=", "c2Vjb25k"];
const cloud = { type: "Cloud", accountName: "witness", accessKey: first };

describe("the witness of a cluster", () => {
  it("is set where it differs, and only there", async () => {
    const simulator = lab();
    await on(simulator).create(share);
    const before = await witnessOf(simulator);
    assert(before);
    const lifecycle = on(simulator);
    const again = await lifecycle.changesDuring(async () => {
      const written = { ...share, fileShareWitness: "\\\\fs01\\ONE\\" };
      const state = await lifecycle.create(written);
      assert.equal(state.id, "LAB");
      assert.equal(lifecycle.diff(state, written).changes, false);
      assert.deepEqual((await lifecycle.read(state))?.inputs, written);
      await lifecycle.update(state, written);
    });
    assert.deepEqual(again, []);
    assert.equal(await witnessOf(simulator), before);
  });

  it("becomes another kind, and is none where the program says so", async () => {
    const simulator = lab();
    await runs(simulator, "Add-ClusterDisk -InputObject (Get-ClusterAvailableDisk)");
    let state = await on(simulator).create({ type: "None" });
    assert.equal(state.outputs.witnessState, "None");
    for (const inputs of [{ type: "Disk", diskWitness: "Cluster Disk 1" }, share, cloud, { type: "None" }]) {
      const lifecycle = on(simulator);
      const changes = await lifecycle.changesDuring(async () => {
        state = await lifecycle.update(state, inputs);
      });
      assert.deepEqual(changes, ["Set-ClusterQuorum"], inputs.type);
      assert.equal(on(simulator).diff(state, inputs).changes, false);
      assert.equal(state.outputs.witnessState, inputs.type === "None" ? "None" : "Online");
    }
    assert.equal(await witnessOf(simulator), null);
  });

  it("stays where the disk, or the share, that takes its place is not there", async () => {
    const simulator = lab();
    const state = await on(simulator).create(share);
    const before = await witnessOf(simulator);
    const disk = { type: "Disk", diskWitness: "Cluster Disk 7" };
    await assert.rejects(
      on(simulator).update(state, disk),
      /could not set the witness of the quorum: .*Cluster Disk 7/,
    );
    await assert.rejects(on(simulator).update(state, { ...share, fileShareWitness: "\\\\FS01\\none" }), /network name/);
    assert.equal(await witnessOf(simulator), before);
  });

  it("says that a vote is missing for a moment, where there was one", async () => {
    const lifecycle = on(lab());
    const told: string[] = [];
    lifecycle.surroundings.tell = (message) => told.push(message);
    const state = await lifecycle.create({ type: "None" });
    await lifecycle.difference(state, share);
    assert.deepEqual(told, []);
    await lifecycle.difference(await lifecycle.update(state, share), { type: "None" });
    assert.deepEqual(told, ["The quorum is without its witness for a moment, for type."]);
  });

  it("is not taken away by destroy", async () => {
    const simulator = lab();
    const state = await on(simulator).create(share);
    const before = await witnessOf(simulator);
    const lifecycle = on(simulator);
    await lifecycle.delete(state);
    assert.deepEqual([lifecycle.calls, await witnessOf(simulator)], [[], before]);
  });

  it("needs what its kind needs, and nothing of another kind", () => {
    const { handlers } = on(lab());
    const problems = (inputs: Record<string, unknown>) => handlers.check(inputs, nodes).problems;
    assert.deepEqual(problems({ type: "Disk" }), ["diskWitness is required for a witness of type Disk"]);
    assert.deepEqual(problems({ type: "FileShare" }), ["fileShareWitness is required for a witness of type FileShare"]);
    assert.deepEqual(problems({ type: "Cloud", diskWitness: "a" }), [
      "accountName is required for a witness of type Cloud",
      "diskWitness is of a witness of type Disk, and the type is Cloud",
    ]);
    assert.deepEqual(problems({ ...share, accessKey: first }), ["accessKey is not valid"]);
  });
});

describe("the key of a cloud witness", () => {
  it("is set again where it has changed, and where it is is kept", async () => {
    const simulator = lab();
    const inputs = { ...cloud, endpoint: "core.chinacloudapi.cn", containerName: "votes" };
    const state = await on(simulator).create(inputs);
    const before = await witnessOf(simulator);
    const changed = { ...cloud, accessKey: second };
    assert.equal(on(simulator).diff(state, changed).changes, true);
    const updated = await on(simulator).update(state, changed);
    assert.notEqual(await witnessOf(simulator), before);
    assert.equal(on(simulator).diff(updated, changed).changes, false);
    assert.equal(await parameterOf(simulator, "EndpointInfo"), "core.chinacloudapi.cn");
    assert.equal(await parameterOf(simulator, "ContainerName"), "votes");
  });

  it("is no difference to a refresh, whoever has made the witness anew", async () => {
    const simulator = lab();
    const state = await on(simulator).create(cloud);
    assert.deepEqual((await on(simulator).read(state))?.inputs, cloud);
    await runs(simulator, "Set-ClusterQuorum -CloudWitness -AccountName witness -AccessKey b3RoZXI=");
    const read = (await on(simulator).read(state)) ?? assert.fail();
    assert.deepEqual(read.inputs, cloud);
    assert.equal(on(simulator).diff(read, cloud).changes, false);
    const lifecycle = on(simulator);
    // one that somebody has made anew meanwhile is no reason to leave out the change
    const changes = await lifecycle.changesDuring(() => lifecycle.update(state, { ...cloud, accessKey: second }));
    assert.deepEqual(changes, ["Set-ClusterQuorum"]);
  });

  it("is still to be set where the attempt has failed, also after a refresh", async () => {
    const simulator = lab();
    const state = await on(simulator).create(cloud);
    const changed = { ...cloud, accessKey: second };
    const effect = { kind: "fail", errorId: "Set-ClusterQuorum", category: "NotSpecified" } as const;
    await simulator.order({ cmdlet: "Set-ClusterQuorum", times: 1, effect });
    const failure = await on(simulator)
      .update(state, changed)
      .then(
        () => assert.fail("it was set"),
        (error: { id: string; outputs: Record<string, unknown> }) => error,
      );
    const after = { id: failure.id, outputs: failure.outputs };
    assert.equal(on(simulator).diff(after, changed).changes, true);
    const read = (await on(simulator).read(after)) ?? assert.fail();
    assert.equal(on(simulator).diff(read, changed).changes, true);
    assert.equal(on(simulator).diff(await on(simulator).update(read, changed), changed).changes, false);
  });

  it("is left as it is where the witness is there already and works, and set where the program says one from then on", async () => {
    const simulator = lab();
    await runs(simulator, "Set-ClusterQuorum -CloudWitness -AccountName witness -AccessKey Zmlyc3Q=");
    const lifecycle = on(simulator);
    assert.deepEqual(await lifecycle.changesDuring(() => lifecycle.create(cloud)), []);
    const { accessKey: _key, ...open } = cloud;
    const state = await on(simulator).create(open);
    assert.equal(on(simulator).diff(state, open).changes, false);
    assert.equal(on(simulator).diff(state, cloud).changes, true);
  });

  it("is imported without it", async () => {
    const simulator = lab();
    await on(simulator).create(cloud);
    const lifecycle = on(simulator);
    const [found = assert.fail()] = await lifecycle.handlers.list(lifecycle.surroundings);
    const { inputs, problems } = await lifecycle.handlers.imported(found, lifecycle.surroundings);
    assert.deepEqual([problems, inputs.accountName, "accessKey" in inputs], [[], "witness", false]);
  });

  it("is in no message, in nothing that a trace shows, and in nothing that is recorded", async () => {
    const simulator = lab();
    const { surroundings } = on(simulator);
    const send = surroundings.hosts.run.bind(surroundings.hosts);
    const hidden: (readonly string[] | undefined)[] = [];
    surroundings.hosts.run = ((...[where, calls, options]: Parameters<typeof send>) => {
      if (calls.some((call) => "cmdlet" in call && call.cmdlet === "Set-ClusterQuorum")) hidden.push(options?.hidden);
      return send(where, calls, options);
    }) as typeof send;
    const lifecycle = new Lifecycle("ClusterQuorum", simulator, nodes, surroundings.hosts, new Run());
    const { id, outputs } = await lifecycle.create(cloud);
    assert.deepEqual(hidden, [[first]]);
    assert(!JSON.stringify(observedIn(id, outputs)).includes(first));
    await simulator.order({
      cmdlet: "Set-ClusterQuorum",
      times: 1,
      effect: { kind: "fail", errorId: "Set-ClusterQuorum", category: "NotSpecified", message: `bad key ${second}` },
    });
    await assert.rejects(lifecycle.update({ id, outputs }, { ...cloud, accessKey: second }), (error: Error) => {
      assert.match(error.message, /could not set the witness/);
      assert(!error.message.includes(second), error.message);
      return true;
    });
  });
});
