import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { importCommand } from "../../cli/import";
import { parseLine } from "../../cli/powershell-line";
import { createWorld, Simulator, saveWorld } from "../../provider/simulator";

const nodes = ["HV01", "HV02"];
const volume = "C:\\ClusterStorage\\Volume1";
const made: [node: string, ...lines: string[]][] = [
  [
    "HV01",
    "New-VMSwitch -Name lan -SwitchType Private",
    `New-VHD -Path ${volume}\\web.vhdx -SizeBytes 1GB`,
    `New-VM -Name web -Generation 2 -NoVHD -Path ${volume}`,
    `Add-VMHardDiskDrive -VMName web -Path ${volume}\\web.vhdx`,
    "Add-ClusterVirtualMachineRole -VMName web",
    "New-VM -Name own -Generation 2 -NoVHD",
  ],
  ["HV02", "New-VM -Name other -Generation 2 -NoVHD", "Checkpoint-VM -Name other -SnapshotName before"],
];

describe("import of a cluster of which a node does not answer", () => {
  let folder: string;
  let simulator: Simulator;

  const file = (...parts: string[]) => join(folder, ...parts);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-import-"));
    await saveWorld(
      file("world.json"),
      createWorld({ nodes: nodes.map((name) => ({ name })), cluster: { name: "LAB" }, seed: "import" }),
    );
    simulator = Simulator.open(file("world.json"));
    for (const [node, ...lines] of made)
      for (const line of lines)
        for (const { error } of await simulator.run(node, parseLine(line))) assert.equal(error, undefined, line);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the command; the message of the error that it ends with is its last line on a terminal. */
  const importing = async (...more: string[]) => {
    const { log } = console;
    const { exitCode } = process;
    let out = "";
    console.log = (line: string) => (out += `${line}\n`);
    try {
      const where = ["--no-config", "--simulator", file("world.json"), "--nodes", nodes.join()];
      await importCommand().parseAsync([...where, "--out", file("out"), ...more], { from: "user" });
      return { out: stripVTControlCharacters(out), error: undefined };
    } catch (error) {
      return { out: stripVTControlCharacters(out), error: (error as Error).message };
    } finally {
      console.log = log;
      process.exitCode = exitCode;
    }
  };
  const written = () => {
    if (!existsSync(file("out"))) return undefined;
    return Object.fromEntries(readdirSync(file("out")).map((name) => [name, readFileSync(file("out", name), "utf8")]));
  };

  for (const node of nodes)
    it(`ends with an error that names ${node}, which is down, and writes nothing`, async () => {
      await simulator.happen({ fail: node });
      const { out, error } = await importing();
      assert.match(error ?? "", new RegExp(`^Unable to list host settings on ${node}: `));
      assert.equal(out, "");
      assert.equal(written(), undefined);
    });

  it("does the same where the node's Hyper-V service is down, also for a part", async () => {
    await simulator.happen({ stopService: "vmms", on: "HV02" });
    for (const only of ["switches", "disks", "machines", "checkpoints", "roles"]) {
      const { error } = await importing("--only", only);
      assert.match(error ?? "", /^Unable to list .* on HV02: /, only);
    }
    assert.equal(written(), undefined);
  });

  it("leaves files that are there as they are, also with --force", async () => {
    assert.equal((await importing()).error, undefined);
    const before = written();
    assert.deepEqual(Object.keys(before ?? {}), ["import.json", "index.ts"]);
    await simulator.happen({ fail: "HV02" });
    assert.match((await importing("--force")).error ?? "", / on HV02: /);
    assert.deepEqual(written(), before);
  });

  it("does the same for a node that goes away while what it has is looked at", async () => {
    assert.equal((await importing()).error, undefined);
    const before = written();
    // what lists the machines does not ask for this
    await simulator.order({
      on: "HV02",
      cmdlet: "Get-VMMemory",
      times: 99,
      effect: { kind: "drop", effectDone: false },
    });
    const { out, error } = await importing("--force");
    assert.match(error ?? "", /^Unable to read virtual machine "other" on HV02: the session to HV02 was lost/);
    assert.equal(out, "");
    assert.deepEqual(written(), before);
  });

  it("names disks after their machines or folders, where the files' own names say nothing or are the same", async () => {
    for (const line of [
      "New-Item -Path D:\\db -ItemType Directory",
      "New-VHD -Path D:\\db\\disk.vhdx -SizeBytes 1GB",
      "New-VHD -Path D:\\db\\logs.vhdx -SizeBytes 1GB",
      "New-VHD -Path D:\\logs.vhdx -SizeBytes 1GB",
      "Add-VMHardDiskDrive -VMName own -Path D:\\db\\disk.vhdx",
      "Add-VMHardDiskDrive -VMName own -Path D:\\db\\logs.vhdx",
      "New-VM -Name late -Generation 2 -NoVHD",
      "Add-VMHardDiskDrive -VMName late -Path D:\\logs.vhdx",
      "Add-VMHardDiskDrive -VMName late -Path D:\\db\\disk.vhdx",
    ])
      for (const { error } of await simulator.run("HV01", parseLine(line))) assert.equal(error, undefined, line);
    assert.equal((await importing()).error, undefined);
    const { resources } = JSON.parse(written()?.["import.json"] ?? "") as {
      resources: { type: string; name: string; id: string }[];
    };
    const disks = resources.filter(({ type }) => type.endsWith(":VirtualHardDisk"));
    assert.deepEqual(disks.map(({ id, name }) => [id, name]).sort(), [
      [`${volume}\\web.vhdx`, "web-disk"],
      ["D:\\db\\disk.vhdx", "db-disk"],
      ["D:\\db\\logs.vhdx", "own-logs"],
      ["D:\\logs.vhdx", "late-logs"],
    ]);
    assert.match(written()?.["index.ts"] ?? "", /path: dbDisk\.path.*path: ownLogs\.path/s);
  });
});
