import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseLine } from "../../cli/powershell-line";
import { urnOf } from "../../provider/lifecycle/dynamic-provider";
import { type Declared, engineSuite, Stack } from "./stack";

const GiB = 2 ** 30;
const host = { nodes: [{ name: "HV01" }], guestsBoot: true };
const machine = (args: Record<string, unknown> = {}): Declared => ({
  kind: "VirtualMachine",
  name: "web",
  args: { memory: { startupBytes: GiB }, ...args },
});

engineSuite("through the real engine", function () {
  this.timeout(120_000);
  let stack: Stack;
  const made = async (...args: Parameters<typeof Stack.make>) => {
    stack = await Stack.make(...args);
    return stack;
  };
  afterEach(() => stack?.remove());
  const succeeded = (run: { code: number; output: string }) => assert.equal(run.code, 0, run.output);
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

  it("two stacks at once on one simulator leave each other's machines alone", async () => {
    await made(host);
    const other = await Stack.make(host, { config: { "hyperv:simulator": stack.worldFile } });
    try {
      const names = (kind: string) => [1, 2, 3, 4, 5].map((number) => `${kind}${number}`);
      const declared = (kind: string, notes: string): Declared[] =>
        names(kind).flatMap((name): Declared[] => [
          { kind: "VirtualHardDisk", name: `${name}-disk`, args: { path: `D:\\${name}.vhdx`, sizeBytes: GiB } },
          {
            kind: "VirtualMachine",
            name,
            args: { notes, hardDiskDrives: [{ path: { $of: `${name}-disk`, property: "path" } }] },
          },
        ]);
      for (const notes of ["one", "two"]) {
        stack.declare(declared("a", notes));
        other.declare(declared("b", notes));
        for (const run of await Promise.all([stack.up(), other.up()])) succeeded(run);
        assert.deepEqual(
          (await machines()).map((found) => [found.name, found.notes, found.drives.length]).sort(),
          [...names("a"), ...names("b")].map((name) => [name, notes, 1]),
        );
      }
      for (const run of await Promise.all([stack, other].map((one) => one.preview("--expect-no-changes"))))
        succeeded(run);
      for (const run of await Promise.all([stack.destroy(), other.refresh("--expect-no-changes")])) succeeded(run);
      assert.deepEqual((await machines()).map(({ name }) => name).sort(), names("b"));
      succeeded(await other.destroy());
      assert.deepEqual(await machines(), []);
    } finally {
      other.remove();
    }
  });

  it("a step that takes its time shows on the resource's own row", async () => {
    await made(host);
    stack.declare([machine({ notes: "x" })]);
    await stack.simulator.order({ cmdlet: "Set-VM", effect: { kind: "late", milliseconds: 3000 } });
    const run = await stack.up();
    succeeded(run);
    assert.match(run.output, /VirtualMachine web creating \(\d+s\) set notes/);
  });

  it("a step of what belongs to a component and to another machine shows on its own row, in destroy too", async () => {
    await made(host);
    writeFileSync(
      join(stack.folder, "index.js"),
      `const { ComponentResource } = require("@pulumi/pulumi");
       const { Checkpoint, VirtualMachine } = require("pulumi-hyperv");
       const parent = new ComponentResource("shop:index:Tier", "tier");
       const web = new VirtualMachine("web", {}, { parent });
       const db = new VirtualMachine("db", {}, { parent: web });
       new Checkpoint("before", { vmId: db.id }, { parent: db });`,
    );
    await stack.simulator.order({ cmdlet: "Checkpoint-VM", effect: { kind: "late", milliseconds: 3000 } });
    const up = await stack.up();
    succeeded(up);
    assert.match(up.output, /Checkpoint before creating \(\d+s\) \S/);
    const ours = (await stack.resources()).filter(({ type }) => type.includes("hyperv:"));
    assert.equal(ours.length, 3);
    for (const { urn, type, inputs } of ours) assert.equal(urnOf(type.split(":").pop() ?? "", inputs.__urn), urn);
    await stack.simulator.order({ cmdlet: "Remove-VMSnapshot", effect: { kind: "late", milliseconds: 3000 } });
    const destroy = await stack.destroy();
    succeeded(destroy);
    assert.match(destroy.output, /Checkpoint before deleting \(\d+s\) \S/);
  });

  it("bad input is refused in preview, all of it at once, each with its property", async () => {
    await made(host);
    stack.declare([
      machine({
        cpu: 1,
        memory: { dynamicMemoryEnabled: true, startupBytes: "1GB" },
        networkAdapters: [{ name: "a", vlan: 5000 }],
        hardDiskDrives: [{ path: "a.vhdx" }],
      }),
    ]);
    const { code, output } = await stack.preview();
    assert.notEqual(code, 0);
    for (const pattern of [
      /cpu is not a property of VirtualMachine/,
      /memory\.startupBytes must be a number of bytes/,
      /networkAdapters\[0\]\.vlan must be from 1 to 4094; it is 5000/,
      /hardDiskDrives\[0\]\.path must be absolute/,
    ])
      assert.match(output, pattern);
  });

  it("a change that needs a restart which is not allowed is refused in preview and in up, and nothing is done", async () => {
    await made(host);
    stack.declare([machine({ state: "Running" })]);
    succeeded(await stack.up());
    stack.declare([machine({ state: "Running", processor: { count: 4 }, notes: "not yet" })]);
    for (const run of [await stack.preview(), await stack.up()]) {
      assert.notEqual(run.code, 0, run.output);
      assert.match(
        run.output,
        /Unable to update virtual machine "web" on .*: processor\.count changes only while the machine is off, and it is Running\. Set allowRestart: true/,
      );
      assert.doesNotMatch(run.output, /at .*\.js:\d+/, "no stack trace");
    }
    assert.deepEqual(
      (await machines()).map(({ notes, state }) => [notes, state]),
      [["", "Running"]],
    );
    stack.declare([
      machine({
        state: "Running",
        processor: { count: 4 },
        allowRestart: true,
        shutdown: { timeoutSeconds: 1, onTimeout: "TurnOff" },
      }),
    ]);
    succeeded(await stack.up());
    assert.deepEqual(
      (await machines()).map(({ processor, state }) => [processor.count, state]),
      [[4, "Running"]],
    );
  });

  it("a refresh that finds such a change made by hand reports it instead of failing", async () => {
    await made(host);
    stack.declare([machine({ state: "Running" })]);
    succeeded(await stack.up());
    for (const line of ["Stop-VM web -TurnOff -Force", "Set-VMProcessor -VMName web -Count 8", "Start-VM web"])
      await stack.run(parseLine(line));
    succeeded(await stack.refresh());
    assert.notEqual((await stack.preview()).code, 0);
  });

  it("a disk that would shrink is refused in preview, with the reason", async () => {
    await made(host);
    const disk = (sizeBytes: number): Declared => ({
      kind: "VirtualHardDisk",
      name: "data",
      args: { path: "D:\\data.vhdx", sizeBytes },
    });
    succeeded(await stack.declare([disk(2 * GiB)]).up());
    const run = await stack.declare([disk(1 * GiB)]).preview();
    assert.notEqual(run.code, 0);
    assert.match(
      run.output,
      /sizeBytes would shrink the disk from 2147483648 bytes \(2 GiB\) to 1073741824 bytes \(1 GiB\)/,
    );
  });

  it("names and notes of any kind arrive as they are, and machines named like patterns touch no others", async () => {
    await made(host);
    const names = ["a*", "[x]", "ab", "x", 'O\'Brien "x" $(throw) `n [a]* 日本'];
    const declared = (notes: string) =>
      names.map(
        (name, index): Declared => ({
          kind: "VirtualMachine",
          name: `m${index}`,
          args: { name, notes: `${notes} ${name}`, networkAdapters: [] },
        }),
      );
    succeeded(await stack.declare(declared("one")).up());
    succeeded(await stack.preview("--expect-no-changes"));
    succeeded(await stack.declare([...declared("two").slice(0, 2), ...declared("one").slice(2)]).up());
    assert.deepEqual(
      (await machines()).map(({ name, notes }) => [name, notes]).sort(),
      names.map((name, index) => [name, `${index < 2 ? "two" : "one"} ${name}`]).sort(),
    );
    succeeded(await stack.declare(declared("one").slice(2)).up());
    assert.deepEqual((await machines()).map(({ name }) => name).sort(), names.slice(2).sort());
  });

  it("get reads what is managed elsewhere, and says what is missing", async () => {
    await made(host);
    await stack.run(parseLine("New-VM -Name web -Generation 2"));
    const [{ id = "" } = {}] = await machines();
    const read: Declared = { kind: "VirtualMachine", name: "web", get: id };
    const copy: Declared = {
      kind: "VirtualMachine",
      name: "copy",
      args: {
        name: "copy",
        notes: { $of: "web", property: "name" },
        generation: { $of: "web", property: "generation" },
      },
    };
    succeeded(await stack.declare([read, copy]).up());
    assert.deepEqual(
      (await machines()).map(({ name, notes }) => [name, notes]),
      [
        ["web", ""],
        ["copy", "web"],
      ],
    );
    succeeded(await stack.destroy());
    assert.deepEqual(
      (await machines()).map(({ name }) => name),
      ["web"],
    );
    const missing = await stack.declare([{ ...read, get: "6f1d2c3b-0000-4000-8000-00000000dead" }]).preview();
    assert.notEqual(missing.code, 0);
    assert.match(missing.output, /Unable to get virtual machine 6f1d2c3b-0000-4000-8000-00000000dead: it is not there/);
  });

  it("a replaced disk takes its machine's slot without the machine being replaced", async () => {
    await made(host);
    const program = (blockSizeBytes: number): Declared[] => [
      { kind: "VirtualHardDisk", name: "disk", args: { path: "D:\\a.vhdx", sizeBytes: GiB, blockSizeBytes } },
      machine({ hardDiskDrives: [{ path: { $of: "disk", property: "path" } }] }),
    ];
    succeeded(await stack.declare(program(2 ** 20)).up());
    const run = await stack.declare(program(2 ** 21)).up();
    succeeded(run);
    assert.deepEqual(run.ops, { "VirtualHardDisk disk": "replace", "VirtualMachine web": "same" });
    assert.equal((await machines()).length, 1);
  });

  it("a golden image that is replaced in its place takes its children with it, and their machines stay", async () => {
    await made(host);
    const program = (blockSizeBytes: number): Declared[] => [
      { kind: "VirtualHardDisk", name: "golden", args: { path: "D:\\golden.vhdx", sizeBytes: GiB, blockSizeBytes } },
      {
        kind: "VirtualHardDisk",
        name: "child",
        args: { path: "D:\\child.vhdx", parentPath: { $of: "golden", property: "path" } },
      },
      machine({ hardDiskDrives: [{ path: { $of: "child", property: "path" } }] }),
    ];
    succeeded(await stack.declare(program(2 ** 20)).up());
    const [before] = await machines();
    const run = await stack.declare(program(2 ** 21)).previewedUp();
    succeeded(run);
    assert.deepEqual(run.ops, {
      "VirtualHardDisk child": "replace",
      "VirtualHardDisk golden": "replace",
      "VirtualMachine web": "same",
    });
    assert.deepEqual(await machines(), [before]);
    succeeded(await stack.preview("--expect-no-changes"));
  });

  it("a clustered machine is replaced with its role, which is gone before it", async () => {
    const nodes = ["HV01", "HV02"];
    await made({ nodes: nodes.map((name) => ({ name })), cluster: { name: "LAB" }, guestsBoot: true }, { nodes });
    const program = (generation: number): Declared[] => [
      machine({ generation, node: "HV01", path: "C:\\ClusterStorage\\Volume1" }),
      { kind: "ClusterVirtualMachineRole", name: "role", args: { vmId: { $of: "web", property: "id" } } },
    ];
    succeeded(await stack.declare(program(2)).up());
    const said = await stack.declare(program(1)).preview();
    assert.deepEqual(said.ops, { "ClusterVirtualMachineRole role": "replace", "VirtualMachine web": "replace" });
    const run = await stack.up();
    succeeded(run);
    assert.deepEqual(run.ops, said.ops);
    const world = await stack.world();
    assert.equal(world.cluster?.groups.length, 1);
    assert.deepEqual(
      (await machines()).map(({ generation }) => generation),
      [1],
    );
    succeeded(await stack.preview("--expect-no-changes"));
  });

  it("a machine whose replacement the user orders goes before the new one is made", async () => {
    await made(host);
    const switches = machine({ networkAdapters: [{ name: "front", switchName: { $of: "lan", property: "name" } }] });
    stack.declare([{ kind: "VirtualSwitch", name: "lan", args: { switchType: "Private" } }, switches]);
    succeeded(await stack.up());
    const [before] = await machines();
    const { urn } = (await stack.resources()).find(({ urn: one }) => one.endsWith("::web")) ?? assert.fail();
    const run = await stack.up("--replace", urn);
    succeeded(run);
    assert.deepEqual(run.ops, { "VirtualMachine web": "replace", "VirtualSwitch lan": "same" });
    const [after, ...others] = await machines();
    assert.deepEqual(others, []);
    assert.notEqual(after?.id, before?.id);
    succeeded(await stack.preview("--expect-no-changes"));
  });

  it("a secret is nowhere in the state in clear", async () => {
    await made(host);
    const notes = { $secret: "topsecretvalue" };
    succeeded(await stack.declare([machine({ notes })]).up());
    succeeded(await stack.refresh());
    const { output } = await stack.pulumi(["stack", "export"]);
    assert.doesNotMatch(output, /topsecretvalue/);
    succeeded(await stack.preview("--expect-no-changes"));
    assert.deepEqual(
      (await machines()).map(({ notes: text }) => text),
      ["topsecretvalue"],
    );
  });

  it("get reads every kind", async () => {
    await made({ nodes: [{ name: "HV01" }], cluster: { name: "LAB" } }, { nodes: ["HV01"] });
    for (const line of [
      "New-VM -Name web -Generation 2 -NoVHD -Path C:\\ClusterStorage\\Volume1",
      "Add-ClusterVirtualMachineRole -VMName web",
      "New-VMSwitch -Name lan -SwitchType Private",
      "New-VHD -Path D:\\a.vhdx -SizeBytes 1GB",
    ])
      await stack.run(parseLine(line), "HV01");
    const { nodes } = await stack.world();
    const id = nodes[0]?.machines[0]?.id ?? "";
    succeeded(
      await stack
        .declare([
          { kind: "VirtualSwitch", name: "lan", get: nodes[0]?.switches[0]?.id },
          { kind: "VirtualHardDisk", name: "a", get: "D:\\a.vhdx" },
          { kind: "VirtualMachine", name: "web", get: id },
          { kind: "ClusterVirtualMachineRole", name: "role", get: id },
        ])
        .up(),
    );
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

  it("a provider that is wrongly configured says which argument", async () => {
    await made(host, { config: { "hyperv:port": "many" } });
    const run = await stack.declare([machine()]).preview();
    assert.notEqual(run.code, 0);
    assert.match(run.output, /The provider's configuration is not valid:\s+- hyperv:port/);
  });

  it("a trace that cannot be written is refused before anything is done, without a stack trace", async () => {
    await made(host, { config: { "hyperv:trace": "/none/trace.log" } });
    const run = await stack.declare([machine()]).preview();
    assert.notEqual(run.code, 0);
    assert.match(run.output, /error: hyperv:trace cannot be written: ENOENT/);
    assert.doesNotMatch(run.output, /at .*\.js:\d+/);
  });

  it("an argument of the provider that there is not is named, from stack config and from a program", async () => {
    await made(host, { config: { "hyperv:adress": "hv01" } });
    const configured = await stack.declare([machine()]).preview();
    assert.notEqual(configured.code, 0);
    assert.match(
      configured.output,
      /- hyperv:adress is not a property of the provider; there are: transport, address, /,
    );
    const args = { transport: "simulator", simulator: stack.worldFile, maxSession: 2 };
    const given = await stack
      .declare([
        { kind: "Provider", name: "own", args },
        { ...machine(), provider: "own" },
      ])
      .preview();
    assert.notEqual(given.code, 0);
    assert.match(given.output, /- hyperv:maxSession is not a property of the provider; there are: /);
    assert.doesNotMatch(given.output, /hyperv:adress/);
  });

  it("a project that is called like the provider has settings of its own", async () => {
    await made(host, { config: { "hyperv:colour": "blue" }, project: "hyperv" });
    succeeded(await stack.declare([machine()]).preview());
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
