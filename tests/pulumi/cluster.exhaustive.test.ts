import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { parseLine } from "../../cli/powershell-line";
import { type Declared, engineSuite, type Run, Stack } from "./stack";

const cli = resolve(__dirname, "../../dist/cli/index.js");
const nodes = ["HV01", "HV02", "HV03"];
const volume = "C:\\ClusterStorage\\Volume1";

const disk = "3f2b1c4d-0000-4000-8000-000000000002";

const world = {
  nodes: nodes.map((name, index) => ({
    name,
    netAdapters: [
      {
        name: "Ethernet",
        interfaceDescription: "Intel(R) Ethernet Controller X710 for 10GbE SFP+",
        macAddress: `3CFDFE0007${index}1`,
        linkSpeedBps: 10_000_000_000,
        addresses: [`10.0.0.1${index}/24`],
        gateway: "10.0.0.1",
      },
    ],
  })),
  sharedDisks: [{ id: disk, number: 2, sizeBytes: 2 ** 30, partitionStyle: "GPT", fileSystem: "NTFS" }],
  guestsBoot: true,
};

engineSuite("a cluster, from its hosts to its end, through the real engine", () => {
  let stack: Stack;
  before(async () => {
    stack = await Stack.make(world, { nodes });
  });
  after(() => stack?.remove());

  const succeeded = (run: Run): Run => {
    assert.equal(run.code, 0, run.output);
    return run;
  };
  const failed = (run: Run): string => {
    assert.notEqual(run.code, 0, run.output);
    return run.output;
  };
  const settled = async () => {
    succeeded(await stack.preview("--expect-no-changes"));
    succeeded(await stack.refresh("--expect-no-changes"));
  };
  const types = async (...lines: string[]) => {
    for (const line of lines) await stack.run(parseLine(line), "HV01");
  };
  const members = async () => (await stack.world()).cluster?.nodes.map(({ name }) => name);
  const places = async () =>
    Object.fromEntries(
      (await stack.world()).nodes.flatMap(({ name, machines }) =>
        machines.map((one) => [one.name, `${one.state} on ${name}`]),
      ),
    );

  const lab = (args: Record<string, unknown>): Declared => ({
    kind: "Cluster",
    name: "LAB",
    args: { staticAddresses: ["10.0.0.50"], ...args },
  });
  const dependsOn = ["LAB"];
  const settings = { kind: "ClusterSettings", name: "it", args: { sameSubnetThreshold: 30 }, dependsOn };
  const first: Declared = { kind: "ClusterGroupSet", name: "first", dependsOn };
  const shared: Declared = { kind: "ClusterSharedVolume", name: "data", args: { diskUniqueId: disk }, dependsOn };
  // without a disk no guest boots, and none shuts down
  const shutdown = { timeoutSeconds: 5, onTimeout: "TurnOff" };
  const machine = (name: string, node: string): Declared[] => [
    { kind: "VirtualMachine", name, args: { node, path: volume, state: "Running", shutdown }, dependsOn: ["data"] },
    { kind: "ClusterVirtualMachineRole", name: `${name}-role`, args: { vmId: { $of: name, property: "id" } } },
  ];
  const all = (nodes: readonly string[], ...more: Declared[]) => [lab({ nodes }), settings, first, shared, ...more];

  it("is founded by two hosts, and what depends on it is made in the same up", async () => {
    stack.declare(all(["HV01", "HV02"], ...machine("db", "HV02")));
    const { ops } = succeeded(await stack.previewedUp());
    assert.deepEqual(Object.values(ops), Object.values(ops).fill("create"));
    assert.deepEqual(await members(), ["HV01", "HV02"]);
    const { cluster } = await stack.world();
    assert.equal(cluster?.properties.SameSubnetThreshold, 30);
    assert.deepEqual(
      cluster?.groups.map(({ name }) => name),
      ["db"],
    );
    assert.deepEqual(await places(), { db: "Running on HV02" });
    await settled();
  });

  it("is joined by a third, whose machines get roles in the same up", async () => {
    stack.declare(all(nodes, ...machine("db", "HV02"), ...machine("web", "HV03")));
    const { output } = succeeded(await stack.previewedUp());
    assert.match(output, /Adds HV03 to the cluster\./);
    assert.deepEqual(await members(), nodes);
    assert.deepEqual(await places(), { db: "Running on HV02", web: "Running on HV03" });
    await settled();
  });

  it("has what somebody changed by hand put back by up --refresh", async () => {
    await types("Remove-ClusterNode -Name HV01 -Force").catch(() => assert.fail("HV01"));
    succeeded(await stack.up("--refresh"));
    assert.deepEqual((await members())?.sort(), nodes);
    await settled();
  });

  it("lets a node go only when everything on it runs elsewhere", async () => {
    const without = ["HV01", "HV02"];
    const kept = all(without, ...machine("db", "HV02"), ...machine("web", "HV03"));
    stack.declare([...kept, { kind: "ClusterNode", name: "hv03", args: { node: "HV03", state: "Paused" }, dependsOn }]);
    assert.match(failed(await stack.preview()), /node is HV03, which the resource "LAB" does not have among the nodes/);
    assert.deepEqual((await members())?.sort(), nodes, "nothing is evicted");
    stack.declare(kept);
    const preview = succeeded(await stack.preview());
    assert.match(preview.output, /Drains HV03: moves 1 machine live; then evicts it\./);
    succeeded(await stack.up());
    assert.deepEqual((await members())?.sort(), without);
    const { web, db } = await places();
    assert.match(web ?? "", /^Running on HV0[12]$/);
    assert.match(db ?? "", /^Running on HV0[12]$/);
    await settled();
    // a node in no cluster is none that the provider may ask for one
    stack.setConfig("hyperv:nodes", JSON.stringify(without));
  });

  it("is neither destroyed nor replaced without a word, and then its hosts keep their machines", async () => {
    stack.declare(all(["HV01", "HV02"], ...machine("db", "HV02")));
    succeeded(await stack.up());
    const other = lab({ nodes: ["HV01", "HV02"], administrativeAccessPoint: "Dns", allowDestroy: true });
    stack.declare([other, settings, first, shared, ...machine("db", "HV02")]);
    assert.match(
      failed(await stack.preview()),
      /administrativeAccessPoint is ActiveDirectoryAndDns, and cannot change in place: .*It still has roles: db/,
    );
    await types("New-VM -Name plain -NoVHD -Generation 2");
    stack.declare([lab({ nodes: ["HV01", "HV02"] })]);
    succeeded(await stack.up());
    assert.match(
      failed(await stack.destroy()),
      /Unable to delete cluster "LAB" on HV0\d: allowDestroy is not true\. Set it/,
    );
    stack.declare([lab({ nodes: ["HV01", "HV02"], allowDestroy: true })]);
    succeeded(await stack.previewedUp());
    succeeded(await stack.destroy());
    assert.equal((await stack.world()).cluster, undefined);
    assert.deepEqual(await places(), { plain: "Off on HV01" });
  });
});

engineSuite("every property of a cluster, through the real engine", () => {
  let stack: Stack;
  before(async () => {
    stack = await Stack.make(world, { nodes: ["HV01", "HV02"] });
  });
  after(() => stack?.remove());

  const declare = (args: Record<string, unknown>) =>
    stack.declare([{ kind: "Cluster", name: "LAB", args: { nodes: ["HV01", "HV02"], allowDestroy: true, ...args } }]);
  const up = async (step: string) => {
    const run = await stack.previewedUp();
    assert.equal(run.code, 0, run.output);
    assert.deepEqual(run.ops, { "Cluster LAB": step });
    const again = await stack.preview("--expect-no-changes");
    assert.equal(again.code, 0, again.output);
  };

  it("changes in the step that preview names", async () => {
    declare({ staticAddresses: ["10.0.0.50"] });
    await up("create");
    for (const [step, args] of [
      ["update", { drainTimeoutSeconds: 60 }],
      ["same", { nodes: ["hv02", "hv01"] }],
      ["replace", { staticAddresses: ["10.0.0.51"] }],
      ["replace", { administrativeAccessPoint: "Dns" }],
      ["replace", { name: "OTHER" }],
      ["update", { name: "OTHER", allowDestroy: false }],
      ["update", { name: "OTHER", adopt: true }],
    ] as const) {
      const before = (await stack.resources()).find(({ type }) => type.endsWith(":Cluster"))?.inputs ?? {};
      const kept = Object.fromEntries(Object.entries(before).filter(([key]) => !key.startsWith("__")));
      declare({ ...kept, ...args });
      await up(step);
    }
  });

  it("is imported as it is, and read by get", async () => {
    const options = ["--no-config", "--simulator", stack.worldFile, "--nodes", "HV01,HV02", "--only", "clusters"];
    const out = join(stack.folder, "imported");
    await promisify(execFile)(process.execPath, [cli, "import", ...options, "--out", out]);
    const made = (await stack.resources()).find(({ type }) => type.endsWith(":Cluster"));
    const forgotten = await stack.pulumi(["state", "delete", made?.urn ?? "", "--yes"]);
    assert.equal(forgotten.code, 0, forgotten.output);
    const taken = await stack.pulumi(["import", "--file", "imported/import.json", "--generate-code=false", "-y"]);
    assert.equal(taken.code, 0, taken.output);
    const [imported] = (await stack.resources()).filter(({ type }) => type.endsWith(":Cluster"));
    const said = Object.entries(imported?.inputs ?? {}).filter(([key]) => !key.startsWith("__"));
    const own = { kind: "Cluster", name: imported?.urn.split("::").pop() ?? "", args: Object.fromEntries(said) };
    stack.declare([own]);
    const same = await stack.preview("--expect-no-changes");
    assert.equal(same.code, 0, same.output);
    stack.declare([own, { kind: "Cluster", name: "theirs", get: "other" }]);
    const got = await stack.up();
    assert.equal(got.code, 0, got.output);
    const theirs = (await stack.resources()).find(({ urn }) => urn.endsWith("::theirs"));
    assert.deepEqual([theirs?.outputs.nodes].flat().sort(), ["HV01", "HV02"]);
  });
});
