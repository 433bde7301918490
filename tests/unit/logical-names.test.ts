import assert from "node:assert/strict";
import { logicalNames, type Nameable } from "../../cli/logical-names";

interface Thing extends Nameable {
  users?: string[];
}

const machine = (title: string, node?: string): Thing => ({ kind: "VirtualMachine", id: title, title, node });
const disk = (id: string, users: string[] = [], node?: string): Thing => ({
  kind: "VirtualHardDisk",
  id,
  title: (id.split("\\").at(-1) ?? "").replace(/\.[^.]*$/, ""),
  node,
  users,
});
const namesOf = (things: Thing[]) => {
  const names = logicalNames(things, ({ users = [] }) => users);
  return things.map((one) => names.get(one));
};

describe("what an import calls a disk", () => {
  const cases: [claim: string, things: Thing[], expected: string[]][] = [
    [
      "is its file's name, where that says what it is",
      [disk("D:\\disks\\web.vhdx"), disk("D:\\disks\\golden image.vhdx")],
      ["web", "golden-image"],
    ],
    [
      "is its file's name and what it is, beside a machine of that name",
      [machine("web"), disk("D:\\disks\\web.vhdx", ["web"])],
      ["web", "web-disk"],
    ],
    [
      "begins with its machine, where its file's name says nothing",
      [disk("D:\\vms\\disk.vhdx", ["web"]), disk("D:\\a\\os.vhdx", ["db"])],
      ["web-disk", "db-os"],
    ],
    [
      "begins with its folder, where no machine or several have it",
      [disk("D:\\web\\disk.vhdx"), disk("D:\\db\\disk.vhdx", ["a", "b"])],
      ["web-disk", "db-disk"],
    ],
    ["leaves out folders of every machine", [disk("D:\\VMs\\web\\Virtual Hard Disks\\disk0.vhdx")], ["web-disk0"]],
    [
      "is told apart by the machines from others of the same name",
      [disk("D:\\a\\logs.vhdx", ["web"]), disk("E:\\a\\logs.vhdx", ["db"])],
      ["web-logs", "db-logs"],
    ],
    [
      "is told apart by the folders, where one machine has them",
      [disk("D:\\fast\\logs.vhdx", ["web"]), disk("D:\\slow\\logs.vhdx", ["web"])],
      ["web-fast-logs", "web-slow-logs"],
    ],
    [
      "is told apart by folders further up, and by the drive",
      [disk("D:\\a\\web\\disk.vhdx"), disk("E:\\a\\web\\disk.vhdx")],
      ["D-a-web-disk", "E-a-web-disk"],
    ],
    [
      "is told apart by the node, where nothing else does",
      [disk("D:\\logs.vhdx", [], "HV01"), disk("D:\\logs.vhdx", [], "HV02")],
      ["HV01-logs", "HV02-logs"],
    ],
    [
      "does not say its machine twice",
      [disk("D:\\web\\web-os.vhdx", ["web"]), disk("E:\\web-os.vhdx", ["db"]), disk("D:\\x\\disk-web.vhdx", ["web"])],
      ["web-os", "db-web-os", "disk-web"],
    ],
    [
      "is not that of another disk in other letters",
      [disk("D:\\a\\Logs.vhdx"), disk("D:\\b\\logs.vhdx")],
      ["a-Logs", "b-logs"],
    ],
    [
      "is its file's where nothing tells more",
      [disk("D:\\disk.vhdx"), disk("E:\\images\\base.vhdx")],
      ["disk", "base"],
    ],
  ];
  for (const [claim, things, expected] of cases)
    it(claim, () => {
      assert.deepEqual(namesOf(things), expected);
      // whatever comes first
      assert.deepEqual(namesOf([...things].reverse()).reverse(), expected);
    });

  it("has a number only where two are the same by all that is known of them", () => {
    const names = namesOf([machine("web-disk"), machine("web-disk-disk"), disk("D:\\web\\disk.vhdx")]);
    assert.deepEqual(names, ["web-disk", "web-disk-disk", "web-disk-2"]);
  });
});
