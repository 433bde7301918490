import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { type Declared, engineSuite, type Run, Stack } from "./stack";

engineSuite("two resources and one thing, in the real engine", () => {
  let stack: Stack;
  afterEach(() => stack?.remove());

  const program = (suffix: string, more: Record<string, unknown> = {}): Declared[] => [
    { kind: "VirtualSwitch", name: `lan${suffix}`, args: { name: "lan", switchType: "Private", ...more } },
    { kind: "VirtualHardDisk", name: `disk${suffix}`, args: { path: "D:\\app.vhdx", sizeBytes: 2 ** 30, ...more } },
    {
      kind: "VirtualMachine",
      name: `app${suffix}`,
      args: { name: "app", state: "Running", shutdown: { timeoutSeconds: 5, onTimeout: "TurnOff" }, ...more },
    },
  ];

  it("a rename without alias is told of aliases; who adopts instead loses nothing, and the run says so", async () => {
    stack = await Stack.make({ nodes: [{ name: "HV01" }] });
    succeeded(await stack.declare(program("")).up());
    const before = await things(stack);
    const refused = await stack.declare(program("-2")).up("--continue-on-error");
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      /a virtual switch with this name already exists.*\n?.*aliases: \[\{ name: "<its old name>" \}\]/,
    );
    assert.match(
      refused.output,
      /Unable to delete virtual switch "lan": the resource "lan-2" of the program declares it as well/,
    );
    assert.deepEqual(await things(stack), before);

    const adopted = succeeded(await stack.declare(program("-2", { adopt: true })).up());
    assert.deepEqual(await things(stack), before);
    assert.match(adopted.output, /The virtual switch "lan" is left in place: the resource "lan-2" owns it now\./);
    assert.match(adopted.output, /The virtual machine "app" is left in place: the resource "app-2" owns it now\./);
    succeeded(await stack.preview("--expect-no-changes"));
    succeeded(await stack.destroy());
    assert.deepEqual(await things(stack), before, "what was adopted stays");
  });

  it("a rename with alias keeps everything, and is destroyed as ever", async () => {
    stack = await Stack.make({ nodes: [{ name: "HV01" }] });
    succeeded(await stack.declare(program("")).up());
    const before = await things(stack);
    const renamed = program("-2").map((each) => ({
      ...each,
      options: { aliases: [{ name: each.name.replace(/-2$/, "") }] },
    }));
    succeeded(await stack.declare(renamed).previewedUp());
    assert.deepEqual(await things(stack), before);
    succeeded(await stack.destroy());
    assert.deepEqual(await things(stack), { switches: [], machines: [], disk: false });
  });

  it("two machines that have one disk, which one of them does not share: the first preview names both, and an alias is no other", async () => {
    const nodes = ["HV01", "HV02"];
    stack = await Stack.make({ nodes: nodes.map((name) => ({ name })), cluster: { name: "LAB" } }, { nodes });
    const volume = "C:\\ClusterStorage\\Volume1";
    const disk = (name: string, file: string): Declared => ({
      kind: "VirtualHardDisk",
      name,
      args: { path: `${volume}\\${file}`, sizeBytes: 2 ** 30 },
    });
    const member = (name: string, node: string, isShared: boolean): Declared => ({
      kind: "VirtualMachine",
      name,
      args: {
        node,
        path: volume,
        hardDiskDrives: [
          { path: { $of: `system-${name}`, property: "path" } },
          { path: { $of: "sql", property: "path" }, ...(isShared && { supportPersistentReservations: true }) },
        ],
      },
    });
    const whole = (isShared: boolean) => [
      disk("sql", "sql.vhds"),
      disk("system-one", "one.vhdx"),
      disk("system-two", "two.vhdx"),
      member("one", "HV01", true),
      member("two", "HV02", isShared),
    ];
    const refused = await stack.declare(whole(false)).preview();
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      /hardDiskDrives\[1\]\.path names \S+sql\.vhds, which the resource "(one|two)" of this program names as well\. Set supportPersistentReservations: true/,
    );
    succeeded(await stack.declare(whole(true)).previewedUp());
    const renamed = whole(true).map((each) =>
      each.name === "one"
        ? { ...each, name: "first", args: { ...each.args, name: "one" }, options: { aliases: [{ name: "one" }] } }
        : each,
    );
    succeeded(await stack.declare(renamed).preview());
    succeeded(await stack.destroy());
  });

  it("two resources of one name in one program: the message names the other", async () => {
    stack = await Stack.make({ nodes: [{ name: "HV01" }] });
    const first: Declared = { kind: "VirtualSwitch", name: "one", args: { name: "lan", switchType: "Private" } };
    const run = await stack.declare([first, { ...first, name: "other", dependsOn: ["one"] }]).up();
    assert.notEqual(run.code, 0);
    assert.match(
      run.output,
      /already exists.*and it belongs to the resource "one" of this program\. Choose another name/,
    );
  });
});

engineSuite("a machine that turned itself off since the last up", () => {
  let stack: Stack;
  afterEach(() => stack?.remove());

  const program = (count: number, state?: string): Declared[] => [
    { kind: "VirtualHardDisk", name: "d", args: { path: "D:\\d.vhdx", sizeBytes: 10 * 2 ** 30 } },
    {
      kind: "VirtualMachine",
      name: "web",
      args: {
        hardDiskDrives: [{ path: { $of: "d", property: "path" } }],
        processor: { count },
        ...(state && { state }),
      },
    },
  ];

  it("is changed, as it is off: the host is asked before a refusal", async () => {
    stack = await Stack.make({ nodes: [{ name: "HV01" }] });
    succeeded(await stack.declare(program(1, "Running")).up());
    await stack.run(parseLine("Stop-VM -Name web -TurnOff -Force"));
    succeeded(await stack.declare(program(2)).previewedUp());
    const [machine] = (await stack.world()).nodes[0]?.machines ?? [];
    assert.deepEqual([machine?.processor.count, machine?.state], [2, "Off"]);
    succeeded(await stack.preview("--expect-no-changes"));
  });

  it("is refused in preview while it runs, also where nobody answers", async () => {
    stack = await Stack.make({ nodes: [{ name: "HV01" }] });
    succeeded(await stack.declare(program(1, "Running")).up());
    const running = await stack.declare(program(2)).preview();
    assert.match(
      running.output,
      /processor\.count changes only while the machine is off, and it is Running\. Set allowRestart/,
    );
    await stack.simulator.happen({ fail: "HV01" });
    const silent = await stack.preview();
    assert.match(
      silent.output,
      /processor\.count changes only while the machine is off, and it is Running\. Set allowRestart/,
    );
  });
});

async function things(stack: Stack) {
  const [node] = (await stack.world()).nodes;
  return {
    switches: node?.switches.map(({ id }) => id),
    machines: node?.machines.map(({ id, state }) => ({ id, state })),
    disk: Object.values(node?.files ?? {}).some(({ path }) => path === "D:\\app.vhdx"),
  };
}

function succeeded(run: Run): Run {
  assert.equal(run.code, 0, run.output);
  return run;
}
