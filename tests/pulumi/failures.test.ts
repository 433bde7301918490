import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parseLine } from "../../cli/powershell-line";
import { host, machine, succeeded } from "./machine-on-a-host";
import { type Declared, engineSuite, Stack } from "./stack";

const GiB = 2 ** 30;

engineSuite("through the real engine", () => {
  let stack: Stack;
  const made = async (...args: Parameters<typeof Stack.make>) => {
    stack = await Stack.make(...args);
    return stack;
  };
  afterEach(() => stack?.remove());
  const machines = async () => (await stack.world()).nodes.flatMap((node) => node.machines);
  /** What the interrupted run made is named by the next up, and then taken over. */
  const takesOver = async () => {
    await stack.simulator.clearFaults();
    const again = await stack.up();
    assert.notEqual(again.code, 0, again.output);
    assert.match(again.output, /already exists, with the id [0-9a-f-]{36}\. .* set adopt: true to take it over/);
    assert.equal((await machines()).length, 1);
    succeeded(await stack.declare([machine({ notes: "x", adopt: true })]).up());
    assert.deepEqual(
      (await machines()).map(({ notes }) => notes),
      ["x"],
    );
  };

  it("a machine whose creation fails half-way stays in the state with its id, and the next up finishes it", async () => {
    await made(host);
    stack.declare([machine({ notes: "x", state: "Running" })]);
    await stack.simulator.order({ cmdlet: "Start-VM", effect: { kind: "fail", errorId: "OutOfMemory" } });
    const failed = await stack.up();
    assert.notEqual(failed.code, 0, failed.output);
    assert.match(
      failed.output,
      /Unable to create virtual machine "web" on .*: could not start the machine: .*\n.*Start-VM: OutOfMemory,Microsoft\.HyperV\.PowerShell\.Commands\.StartVM/,
    );
    const [first] = await machines();
    const kept = (await stack.resources()).find(({ type }) => type.endsWith("VirtualMachine"));
    assert.equal(kept?.id, first?.id);
    assert.equal(kept?.initErrors?.length, 1);
    succeeded(await stack.refresh());
    succeeded(await stack.up());
    const all = await machines();
    assert.deepEqual(
      all.map(({ id, state }) => [id, state]),
      [[first?.id, "Running"]],
    );
    succeeded(await stack.preview("--expect-no-changes"));
  });

  it("a half-made machine is destroyed like any other", async () => {
    await made(host);
    stack.declare([machine({ notes: "x" })]);
    await stack.simulator.order({ cmdlet: "Set-VM", effect: { kind: "fail" } });
    assert.notEqual((await stack.up()).code, 0);
    assert.equal((await machines()).length, 1);
    succeeded(await stack.destroy());
    assert.deepEqual(await machines(), []);
  });

  it("a run that is killed in the middle of a creation makes nothing twice", async () => {
    await made(host);
    stack.declare([machine({ notes: "x" })]);
    await stack.simulator.order({ cmdlet: "Set-VM", effect: { kind: "late", milliseconds: 60_000 } });
    const child = stack.start(["up", "--yes", "--skip-preview"]);
    while ((await machines()).length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    // the whole group: the engine, and the provider in the middle of its call
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await new Promise((resolve) => child.on("close", resolve));
    await stack.pulumi(["cancel", "--yes"]);
    await takesOver();
  });

  it("a provider that dies alone fails the run, and the next up makes nothing twice", async function () {
    // there is no telling a process by its arguments with what Windows has
    if (process.platform === "win32") return this.skip();
    await made(host);
    stack.declare([machine({ notes: "x" })]);
    await stack.simulator.order({ cmdlet: "Set-VM", effect: { kind: "late", milliseconds: 60_000 } });
    const child = stack.start(["up", "--yes", "--skip-preview"]);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (output += data));
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    while ((await machines()).length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    const providers = descendants(child.pid ?? 0).filter(({ args }) => /dynamic-provider/.test(args));
    assert.notDeepEqual(providers, []);
    for (const { pid } of providers) process.kill(pid, "SIGKILL");
    assert.notEqual(await ended, 0, output);
    await takesOver();
  });

  it("what was removed by hand is made again after a refresh", async () => {
    await made(host);
    succeeded(await stack.declare([machine()]).up());
    await stack.run(parseLine("Remove-VM -Name web -Force"));
    succeeded(await stack.refresh());
    assert.deepEqual((await stack.previewedUp()).ops, { "VirtualMachine web": "create" });
    assert.equal((await machines()).length, 1);
  });

  it("a host that does not answer fails a refresh, and nothing is forgotten", async () => {
    await made({ nodes: [{ name: "HV01" }, { name: "HV02" }] });
    succeeded(await stack.declare([machine()]).up());
    await stack.simulator.happen({ fail: "HV01" });
    const run = await stack.refresh();
    assert.notEqual(run.code, 0);
    assert.match(run.output, /Unable to read virtual machine "web"/);
    assert.ok((await stack.resources()).some(({ type }) => type.endsWith("VirtualMachine")));
    await stack.simulator.happen({ return: "HV01" });
    succeeded(await stack.preview("--expect-no-changes"));
  });

  it("a host whose Hyper-V service is stopped fails refresh, up and destroy, and nothing is forgotten or made anew", async () => {
    await made(host);
    const program = (notes: string): Declared[] => [
      { kind: "VirtualSwitch", name: "lan", args: { switchType: "Private", notes } },
      { kind: "VirtualHardDisk", name: "disk", args: { path: "D:\\a.vhdx", sizeBytes: GiB } },
      machine({ notes, hardDiskDrives: [{ path: { $of: "disk", property: "path" } }] }),
      { kind: "Checkpoint", name: "before", args: { vmId: { $of: "web", property: "id" } } },
    ];
    succeeded(await stack.declare(program("one")).up());
    // what has nothing to do with each other is recorded in any order
    const recorded = async () => new Map((await stack.resources()).map(({ urn, id, inputs }) => [urn, { id, inputs }]));
    const kept = await recorded();
    const { nodes: before } = await stack.world();
    await stack.simulator.happen({ stopService: "vmms" });
    for (const target of ["VirtualSwitch::lan", "VirtualHardDisk::disk", "VirtualMachine::web", "Checkpoint::before"]) {
      const run = await stack.refresh("--target", `**${target}`);
      assert.notEqual(run.code, 0, run.output);
      assert.match(run.output, /Unable to read .* on .*: .*\n?.*The state on .* is unknown/s);
    }
    for (const run of [
      await stack.refresh(),
      await stack.declare(program("two")).up("--continue-on-error"),
      await stack.destroy("--continue-on-error"),
    ])
      assert.notEqual(run.code, 0, run.output);
    assert.deepEqual(await recorded(), kept);
    await stack.simulator.happen({ startService: "vmms" });
    assert.deepEqual((await stack.world()).nodes, before);
    succeeded(await stack.declare(program("one")).refresh("--expect-no-changes"));
    succeeded(await stack.preview("--expect-no-changes"));
  });

  it("a damaged world is reported, and left as it is", async () => {
    await made(host);
    writeFileSync(stack.worldFile, "{ not json");
    const run = await stack.declare([machine()]).up();
    assert.notEqual(run.code, 0);
    assert.match(run.output, /The simulator's file .* is damaged .* and was left as it is/);
    assert.equal(readFileSync(stack.worldFile, "utf8"), "{ not json");
  });
});

/** Every process below one, with its command line. */
function descendants(root: number): { pid: number; args: string }[] {
  const all = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8", maxBuffer: 2 ** 26 })
    .split("\n")
    .flatMap((line) => {
      const [, pid, parent, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
    });
  const below = (parent: number): typeof all =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return below(root);
}
