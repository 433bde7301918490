import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { parseLine } from "../../cli/powershell-line";
import { type Args, samples, sampleWorld } from "../samples";
import { type Declared, engineSuite, type Run, Stack } from "./stack";

const cli = resolve(__dirname, "../../dist/cli/index.js");
const nodes = ["HV01", "HV02"];

/** How a program says it of each kind, and changes it; and the property by which the sample that breaks it is found. */
const kinds: Record<string, { set: Args; changed: Args; drift: readonly string[]; word: string }> = {
  ClusterQuorum: {
    set: { type: "FileShare", fileShareWitness: "\\\\FS01\\one" },
    changed: { type: "FileShare", fileShareWitness: "\\\\FS01\\two" },
    drift: ["fileShareWitness"],
    word: "quorums",
  },
  ClusterNetwork: {
    set: { subnet: "10.0.1.0/24", name: "one", role: "ClusterAndClient", metric: 900 },
    changed: { subnet: "10.0.1.0/24", name: "two", role: "Cluster", metric: 901 },
    drift: ["name"],
    word: "networks",
  },
  ClusterMigrationNetworks: {
    set: { migrationExcludeNetworks: ["10.0.2.0/24"], migrationNetworkOrder: ["10.0.1.0/24"] },
    changed: { migrationExcludeNetworks: [], migrationNetworkOrder: ["10.0.2.0/24", "10.0.1.0/24"] },
    drift: ["migrationNetworkOrder"],
    word: "migrations",
  },
  ClusterNode: {
    set: { node: "HV01", state: "Up", nodeWeight: true },
    changed: { node: "HV01", state: "Paused", nodeWeight: false },
    drift: ["state", "nodeWeight"],
    word: "nodes",
  },
};

engineSuite("what there is in every cluster, in one program through the real engine,", () => {
  let stack: Stack;

  const program = (which: "set" | "changed"): Declared[] =>
    Object.entries(kinds).map(([kind, { [which]: args }]) => ({ kind, name: kind, args }));
  const eachIs = (op: string) => Object.fromEntries(Object.keys(kinds).map((kind) => [`${kind} ${kind}`, op]));
  const succeeded = <Done extends Pick<Run, "code" | "output">>(run: Done): Done => {
    assert.equal(run.code, 0, run.output);
    return run;
  };
  /** What differs where somebody has set one of them. */
  const there = async () => {
    const { cluster } = await stack.world();
    assert.ok(cluster);
    const { quorum, networks, resourceTypes, nodes: members } = cluster;
    const states = members.map(({ name, paused, properties }) => ({ name, paused, properties }));
    // the witness is made anew with each quorum, under another id
    const witness = cluster.plainGroups?.flatMap(({ resources }) => resources.map(({ parameters }) => parameters));
    return { quorum, networks, resourceTypes, states, witness };
  };

  before(async () => {
    stack = await Stack.make(sampleWorld, { nodes });
  });
  after(() => stack?.remove());

  it("is set as the program says, and then there is nothing to do", async () => {
    stack.declare(program("set"));
    assert.deepEqual(succeeded(await stack.previewedUp()).ops, eachIs("create"));
    succeeded(await stack.preview("--expect-no-changes"));
    succeeded(await stack.refresh("--expect-no-changes"));
  });

  it("changes in place, and a node is drained", async () => {
    stack.declare(program("changed"));
    assert.deepEqual(succeeded(await stack.previewedUp()).ops, eachIs("update"));
    succeeded(await stack.preview("--expect-no-changes"));
    assert.deepEqual(
      (await there()).states.map(({ name, paused }) => [name, paused]),
      [
        ["HV01", true],
        ["HV02", false],
      ],
    );
  });

  it("is put back by up --refresh where somebody has changed each", async () => {
    const right = await there();
    for (const [kind, { drift }] of Object.entries(kinds)) {
      const before = JSON.stringify(await there());
      const own = samples.filter((sample) => sample.kind === kind && drift.includes(sample.property));
      for (const line of own.flatMap((sample) => sample.drift?.("it") ?? [])) await stack.run(parseLine(line), "HV01");
      assert.notEqual(JSON.stringify(await there()), before, kind);
    }
    succeeded(await stack.up("--refresh"));
    assert.deepEqual(await there(), right);
    succeeded(await stack.refresh("--expect-no-changes"));
  });

  it("is left as it is by destroy, and imported as it is", async () => {
    const before = await there();
    succeeded(await stack.destroy());
    assert.deepEqual(await there(), before);
    const words = Object.values(kinds).map(({ word }) => word);
    const options = ["--no-config", "--simulator", stack.worldFile, "--nodes", nodes.join(), "--only", words.join()];
    await promisify(execFile)(process.execPath, [cli, "import", ...options, "--out", join(stack.folder, "imported")]);
    succeeded(await stack.pulumi(["import", "--file", "imported/import.json", "--generate-code=false", "-y"]));
    const imported = (await stack.resources()).filter(({ type }) => type.includes("hyperv:Cluster"));
    assert.deepEqual(
      Object.keys(kinds).filter((kind) => !imported.some(({ type }) => type.endsWith(`:${kind}`))),
      [],
    );
    stack.declare(
      imported.map(({ urn, type, inputs }) => ({
        kind: type.split(":").pop() ?? "",
        name: urn.split("::").pop() ?? "",
        args: Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__"))),
      })),
    );
    succeeded(await stack.preview("--expect-no-changes"));
    succeeded(await stack.refresh("--expect-no-changes"));
    assert.deepEqual(await there(), before, "nothing is changed on the hosts");
  });
});
