import assert from "node:assert/strict";
import { definitions } from "../../provider";
import { Handlers } from "../../provider/lifecycle/handlers";
import { unknown } from "../../provider/lifecycle/values";
import { Run } from "../../provider/lifecycle/work/run";
import { DiskWorld } from "../disk-world";

const volume = "C:\\ClusterStorage\\Volume1";
const set = `${volume}\\sql.vhds`;
const system = (name: string) => ({ path: `${volume}\\${name}.vhdx` });
const flag = { supportPersistentReservations: true };
const nodes = ["HV01", "HV02"];

type Inputs = Record<string, unknown>;

const machines = (run = new Run()) => {
  const definition = definitions.find(({ kind }) => kind === "VirtualMachine") ?? assert.fail();
  const handlers = new Handlers(definition, run);
  return (name: string, inputs: Inputs) =>
    handlers.check({ name, __urn: `dev::tests::*::${name}`, ...inputs }, nodes).problems;
};
const drives = (...hardDiskDrives: unknown[]) => ({ hardDiskDrives });

describe("a disk that a machine shares", () => {
  const cases: [string, Inputs, RegExp[]][] = [
    ["is a second one on a shared volume", drives(system("a"), { path: set, ...flag }), []],
    ["may be on a file share", drives(system("a"), { path: "\\\\files\\vms\\sql.vhds", ...flag }), []],
    [
      "is not on the host's own volume",
      drives(system("a"), { path: "D:\\sql.vhdx", ...flag }),
      [
        /^hardDiskDrives\[1\]\.supportPersistentReservations needs a disk on a cluster's shared volume .* D:\\sql\.vhdx is on a host's own volume$/,
      ],
    ],
    [
      "is not on IDE",
      {
        generation: 1,
        ...drives({ ...system("a"), controllerType: "IDE" }, { path: set, ...flag, controllerType: "IDE" }),
      },
      [/^hardDiskDrives\[1\]\.supportPersistentReservations is only for SCSI/],
    ],
    [
      "is not the first drive, where nothing says what the machine boots from",
      drives({ path: set, ...flag }, system("a")),
      [
        /^hardDiskDrives\[0\]\.supportPersistentReservations is not for the disk that the machine boots from, .*sql\.vhds/,
      ],
    ],
    [
      "may be the first drive, where the machine boots from another",
      {
        ...drives({ path: set, ...flag }, system("a")),
        firmware: { bootOrder: [{ hardDiskDrive: system("a").path }] },
      },
      [],
    ],
    [
      "is not the first disk of the boot order, wherever its drive is",
      {
        ...drives(system("a"), { path: set, ...flag }),
        networkAdapters: [{ name: "front" }],
        firmware: {
          bootOrder: [
            { networkAdapter: "front" },
            { hardDiskDrive: set.toUpperCase().replace(".VHDS", ".vhds") },
            { hardDiskDrive: system("a").path },
          ],
        },
      },
      [/^hardDiskDrives\[1\]\.supportPersistentReservations is not for the disk that the machine boots from/],
    ],
    [
      "may be any where the machine boots from no disk",
      {
        ...drives({ path: set, ...flag }),
        networkAdapters: [{ name: "front" }],
        firmware: { bootOrder: [{ networkAdapter: "front" }] },
      },
      [],
    ],
  ];
  for (const [claim, inputs, expected] of cases)
    it(claim, () => {
      const problems = machines()("one", inputs);
      assert.equal(problems.length, expected.length, problems.join("\n"));
      for (const [index, pattern] of expected.entries()) assert.match(problems[index] ?? "", pattern);
    });
});

describe("a disk that two machines of a program name", () => {
  const refused =
    /^hardDiskDrives\[1\]\.path names C:\\ClusterStorage\\Volume1\\sql\.vhds, which the resource "one" of this program names as well\. Set supportPersistentReservations: true on the drives of both, or give each a disk of its own$/;
  const plain = (name: string, path = set) => drives(system(name), { path });
  const shared = (name: string, path = set) => drives(system(name), { path, ...flag });

  it("is shared by both, or refused at the second", () => {
    for (const [one, two, expected] of [
      [shared("one"), shared("two"), 0],
      [plain("one"), shared("two"), 1],
      [shared("one"), plain("two", set.toLowerCase()), 1],
      [plain("one"), plain("two"), 1],
    ] as const) {
      const check = machines();
      assert.deepEqual(check("one", one), []);
      const problems = check("two", two);
      assert.equal(problems.length, expected);
      if (expected > 0) assert.match(problems[0] ?? "", new RegExp(refused.source, "i"));
    }
  });

  it("may be two files of one path, on two nodes", () => {
    const check = machines();
    const local = { hardDiskDrives: [{ path: "D:\\a.vhdx" }] };
    assert.deepEqual(check("one", { node: "HV01", ...local }), []);
    assert.deepEqual(check("two", { node: "HV02", ...local }), []);
    assert.match(
      check("three", { node: "hv01", ...local })[0] ?? "",
      /^hardDiskDrives\[0\]\.path names D:\\a\.vhdx, which/,
    );
  });

  it("is no conflict of a machine with itself, nor with what another has given up", () => {
    const check = machines();
    assert.deepEqual(check("one", plain("one")), []);
    assert.deepEqual(check("one", plain("one")), []);
    assert.deepEqual(check("one", drives(system("one"))), []);
    assert.deepEqual(check("two", plain("two")), []);
  });

  it("is none where a preview does not know the path, or whether it is shared", () => {
    const check = machines();
    assert.deepEqual(check("one", drives(system("one"), { path: unknown }, { path: set })), []);
    assert.deepEqual(check("two", drives(system("two"), { path: set, supportPersistentReservations: unknown })), []);
    assert.match(check("three", drives(unknown, { path: set }))[0] ?? "", refused);
  });

  it("is none where a machine is taken over whose drives say nothing of it", () => {
    const check = machines();
    assert.deepEqual(check("one", { adopt: true, ...plain("one") }), []);
    assert.deepEqual(check("two", shared("two")), []);
  });

  it("is none in another provider's program, or another run", () => {
    assert.deepEqual(machines()("one", plain("one")), []);
    assert.deepEqual(machines()("two", plain("two")), []);
  });

  it("is said of a secret path without the path", () => {
    const check = machines();
    assert.deepEqual(check("one", plain("one")), []);
    const problems = check("two", { ...plain("two"), __secret: true });
    assert.equal(problems.length, 1);
    assert.doesNotMatch(problems[0] ?? "", /sql\.vhds/);
  });
});

describe("a checkpoint of a machine that shares a disk", () => {
  for (const [what, file, drive] of [
    ["a VHD Set", set, ""],
    ["a VHDX", `${volume}\\data.vhdx`, " -SupportPersistentReservations"],
  ])
    it(`(${what}) is refused in an up, and in a preview that verifies, before anything is done`, async () => {
      const world = await DiskWorld.make(
        [
          `New-VHD -Path ${file} -SizeBytes 1GB`,
          `New-VM -Name one -Generation 2 -NoVHD -Path ${volume}`,
          `Add-VMHardDiskDrive -VMName one -Path ${file}${drive}`,
        ],
        { nodes: nodes.map((name) => ({ name })), cluster: { name: "LAB" } },
      );
      const { id: vmId } = await world.machine("one");
      const before = await world.simulator.world();
      const refused =
        /vmId names a machine that shares the disk .* with others, and Hyper-V takes no checkpoint of such a machine/;
      await assert.rejects(world.checkpoints.create({ vmId, name: "before" }), refused);
      const { handlers, surroundings } = world.checkpoints;
      const problems = await handlers.verify({}, { vmId, name: "before", __urn: "dev::tests::*::a" }, surroundings);
      assert.match(problems.join(), refused);
      assert.deepEqual(await world.simulator.world(), before);
    });
});
