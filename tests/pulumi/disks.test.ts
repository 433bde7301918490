import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { hasSshd, sshReason } from "../host/sshd";
import { powershell, reason } from "../powershell";
import { PowerShellHosts } from "./powershell-hosts";
import { type Declared, engineSuite, type Run, Stack } from "./stack";

const GiB = 2 ** 30;
const volumes = ["C:\\", "D:\\", "E:\\"].map((root) => ({ root, sizeBytes: 2 ** 40 }));

engineSuite("virtual hard disks that move, through the real engine", () => {
  let stack: Stack;

  beforeEach(async () => {
    stack = await Stack.make({ nodes: [{ name: "HV01", volumes }], guestsBoot: true });
  });
  afterEach(() => stack?.remove());

  const types = async (...lines: string[]) => {
    for (const line of lines) await stack.run(parseLine(line));
  };
  const files = async () => {
    const [node] = (await stack.world()).nodes;
    return Object.fromEntries(
      Object.values(node?.files ?? {}).flatMap(({ path, vhd }) => (vhd ? [[path, vhd.identifier] as const] : [])),
    );
  };
  const machine = async (name: string) => {
    const found = (await stack.world()).nodes.flatMap(({ machines }) => machines).find((one) => one.name === name);
    return found ?? assert.fail(`there is no machine ${name}`);
  };
  /** That nothing more is to be done or seen. */
  const settled = async () => {
    succeeded(await stack.preview("--expect-no-changes"));
    succeeded(await stack.refresh("--expect-no-changes"));
    succeeded(await stack.preview("--expect-no-changes"));
  };

  const path = "D:\\disks\\db.vhdx";
  const db = (args: Record<string, unknown> = {}, state = "Running"): Declared[] => [
    { kind: "VirtualHardDisk", name: "disk", args: { path, sizeBytes: 10 * GiB, ...args } },
    {
      kind: "VirtualMachine",
      name: "db",
      args: { name: "db", hardDiskDrives: [{ path: { $of: "disk", property: "path" } }], state },
    },
  ];

  it("one that an administrator has moved is brought back, as the same disk, under a machine that runs on", async () => {
    succeeded(await stack.declare(db()).up());
    const before = await files();
    const { id } = await machine("db");
    await types("Move-VMStorage -VMName db -DestinationStoragePath D:\\fast");
    assert.notDeepEqual(await files(), before);
    const run = succeeded(await stack.up("--refresh"));
    assert.ok(!Object.values(run.ops).some((op) => /replace|create|delete/.test(op)), JSON.stringify(run.ops));
    assert.deepEqual(await files(), before);
    const after = await machine("db");
    assert.deepEqual([after.id, after.state, after.drives[0]?.path], [id, "Running", path]);
    await settled();
  });

  it("one that an administrator has moved stays there where the program says so, and nothing is made or copied", async () => {
    succeeded(await stack.declare(db()).up());
    await types("Move-VMStorage -VMName db -DestinationStoragePath D:\\fast");
    const there = await files();
    const [moved = ""] = Object.keys(there);
    const run = succeeded(await stack.declare(db({ path: moved })).up("--refresh"));
    assert.ok(!Object.values(run.ops).some((op) => /replace|create|delete/.test(op)), JSON.stringify(run.ops));
    assert.deepEqual(await files(), there);
    await settled();
  });

  for (const to of ["D:\\fast\\db.vhdx", "E:\\db.vhdx"])
    it(`one whose path becomes ${to} moves under a machine that runs on`, async () => {
      succeeded(await stack.declare(db()).up());
      const { [path]: identifier } = await files();
      const before = await machine("db");
      const run = succeeded(await stack.declare(db({ path: to })).previewedUp());
      assert.deepEqual(run.ops, { "VirtualHardDisk disk": "update", "VirtualMachine db": "update" });
      assert.deepEqual(await files(), { [to]: identifier });
      const after = await machine("db");
      assert.deepEqual([after.id, after.state, after.drives[0]?.path], [before.id, "Running", to]);
      await settled();
      succeeded(await stack.destroy());
      assert.deepEqual(await files(), {});
    });

  it("one that is detached moves across volumes", async () => {
    const disk = (at: string): Declared[] => [
      { kind: "VirtualHardDisk", name: "data", args: { path: at, sizeBytes: GiB } },
    ];
    succeeded(await stack.declare(disk("D:\\data.vhdx")).up());
    const { "D:\\data.vhdx": identifier } = await files();
    const run = succeeded(await stack.declare(disk("E:\\data\\data.vhdx")).previewedUp());
    assert.deepEqual(run.ops, { "VirtualHardDisk data": "update" });
    assert.deepEqual(await files(), { "E:\\data\\data.vhdx": identifier });
    await settled();
  });

  it("a golden image moves, and neither of its children is another disk", async () => {
    const golden = (at: string): Declared[] => [
      { kind: "VirtualHardDisk", name: "golden", args: { path: at, sizeBytes: GiB } },
      ...["a", "b"].map(
        (name): Declared => ({
          kind: "VirtualHardDisk",
          name,
          args: { path: `D:\\disks\\${name}.vhdx`, parentPath: { $of: "golden", property: "path" } },
        }),
      ),
    ];
    succeeded(await stack.declare(golden("D:\\golden.vhdx")).up());
    const before = await files();
    const run = succeeded(await stack.declare(golden("E:\\images\\golden.vhdx")).previewedUp());
    assert.deepEqual(run.ops, {
      "VirtualHardDisk a": "update",
      "VirtualHardDisk b": "update",
      "VirtualHardDisk golden": "update",
    });
    const { "D:\\golden.vhdx": identifier, ...children } = before;
    assert.deepEqual(await files(), { ...children, "E:\\images\\golden.vhdx": identifier });
    await settled();
    succeeded(await stack.destroy());
    assert.deepEqual(await files(), {});
  });

  it("one whose machine is saved is not replaced: the saved memory belongs to it", async () => {
    const program = (blocks: number) => db({ blockSizeBytes: blocks * 2 ** 20 }, "Saved");
    succeeded(await stack.declare(program(32)).up());
    const before = await files();
    const up = await stack.declare(program(1)).up();
    assert.notEqual(up.code, 0, up.output);
    assert.deepEqual(await files(), before);
    assert.equal((await machine("db")).state, "Saved");
    succeeded(await stack.refresh());
    const preview = await stack.preview();
    assert.notEqual(preview.code, 0, preview.output);
    assert.match(preview.output, /blockSizeBytes would replace the disk, and its data is used by virtual machine "db"/);
  });

  it("a copy is refused over a file that exists", async () => {
    await types("New-VHD -Path D:\\data.vhdx -SizeBytes 5GB");
    const { "D:\\data.vhdx": identifier } = await files();
    const run = await stack.declare(overAnExisting).up();
    assert.notEqual(run.code, 0, run.output);
    assert.match(run.output, /a virtual hard disk with this path already exists/);
    assert.equal((await files())["D:\\data.vhdx"], identifier);
  });
});

engineSuite(`a copy of a virtual hard disk, through SSH and PowerShell${reason || sshReason}`, () => {
  let stack: Stack | undefined;
  let hosts: PowerShellHosts | undefined;

  before(function () {
    if (powershell === undefined || !hasSshd) this.skip();
  });
  afterEach(async () => {
    await hosts?.close();
    stack?.remove();
  });

  it("is refused over a file that exists, and otherwise made with an identifier of its own", async () => {
    stack = await Stack.make(
      { nodes: [{ name: "HV01", volumes }] },
      {
        hosts: async (worldFile) => {
          hosts = await PowerShellHosts.of(Simulator.open(worldFile));
          return hosts.config;
        },
      },
    );
    await stack.run(parseLine("New-VHD -Path D:\\data.vhdx -SizeBytes 5GB"));
    const run = await stack.declare(overAnExisting).up();
    assert.notEqual(run.code, 0, run.output);
    assert.match(run.output, /a virtual hard disk with this path already exists/);
    const sizes = async () =>
      Object.values((await stack?.world())?.nodes[0]?.files ?? {}).flatMap(({ path, vhd }) =>
        vhd ? [[path, vhd.sizeBytes / GiB]] : [],
      );
    assert.deepEqual(Object.fromEntries(await sizes())["D:\\data.vhdx"], 5);
    await stack.run(parseLine("Remove-Item -LiteralPath D:\\data.vhdx"));
    succeeded(await stack.up());
    assert.deepEqual((await sizes()).sort(), [
      ["D:\\data.vhdx", 1],
      ["D:\\golden.vhdx", 1],
    ]);
    succeeded(await stack.preview("--expect-no-changes"));
  });
});

const overAnExisting: Declared[] = [
  { kind: "VirtualHardDisk", name: "golden", args: { path: "D:\\golden.vhdx", sizeBytes: GiB } },
  {
    kind: "VirtualHardDisk",
    name: "data",
    args: { path: "D:\\data.vhdx", sourcePath: { $of: "golden", property: "path" } },
  },
];

function succeeded(run: Run): Run {
  assert.equal(run.code, 0, run.output);
  return run;
}
