import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { parseLine } from "../../cli/powershell-line";
import { engineSuite, Stack } from "./stack";

const cli = resolve(__dirname, "../../dist/cli/index.js");
const nodes = ["HV01", "HV02"];
const volume = "C:\\ClusterStorage\\Volume1";
/** Everything that ends a string somewhere. */
const hostile = `it's "web" \`\${process.exit(1)}\` 日本`;
const typed = hostile.replace(/'/g, "''");
/** As a name to look for, in which a backtick begins an escape. */
const sought = typed.replace(/`/g, "``");

/** What administrators made by hand, by the node that they made it on. */
const made: [node: string, ...lines: string[]][] = [
  [
    "HV01",
    "New-VMSwitch -Name lan -SwitchType Private -Notes 'of the lab'",
    "New-VMSwitch -Name uplink -NetAdapterName Ethernet -AllowManagementOS $false",
    `New-VHD -Path ${volume}\\base.vhdx -SizeBytes 40GB -Dynamic`,
    `New-VHD -Path ${volume}\\web.vhdx -ParentPath ${volume}\\base.vhdx -Differencing`,
    "New-VHD -Path D:\\old.vhd -SizeBytes 8GB -Fixed",
    "New-VHD -Path D:\\kept.vhdx -SizeBytes 10GB -Dynamic -BlockSizeBytes 1MB",
    `New-VM -Name web -Generation 2 -NoVHD -Path ${volume} -MemoryStartupBytes 2GB`,
    "Set-VMMemory -VMName web -DynamicMemoryEnabled $true -MinimumBytes 1GB -MaximumBytes 8GB -Buffer 30 -Priority 80",
    "Set-VMProcessor -VMName web -Count 4 -Reserve 10",
    "Set-VMFirmware -VMName web -EnableSecureBoot On -SecureBootTemplate MicrosoftUEFICertificateAuthority",
    "Set-VM -Name web -Notes 'first line' -AutomaticStopAction ShutDown -CheckpointType Standard",
    "Connect-VMNetworkAdapter -VMName web -SwitchName lan",
    "Set-VMNetworkAdapterVlan -VMName web -Access -VlanId 20",
    `Add-VMHardDiskDrive -VMName web -Path ${volume}\\web.vhdx -MaximumIOPS 500`,
    "Add-ClusterVirtualMachineRole -VMName web",
    "(Get-ClusterGroup web).Priority = 3000",
    "New-VM -Name old -Generation 1 -NoVHD",
    "Rename-VMNetworkAdapter -VMName old -NewName boot",
    "Set-VMNetworkAdapter -VMName old -StaticMacAddress 00155D0A0B0C -MacAddressSpoofing On",
    "Add-VMNetworkAdapter -VMName old -Name legacy -IsLegacy $true",
    "Set-VMBios -VMName old -EnableNumLock",
    "Set-VMComPort -VMName old -Number 1 -Path \\\\.\\pipe\\old",
    "Add-VMHardDiskDrive -VMName old -ControllerType IDE -ControllerNumber 0 -ControllerLocation 0 -Path D:\\old.vhd",
    "Add-VMHardDiskDrive -VMName old -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 5 -Path D:\\kept.vhdx",
    "Checkpoint-VM -Name old -SnapshotName 'before the \"update\"'",
    "Enable-VMIntegrationService -VMName old -Name 'Guest Service Interface'",
  ],
  [
    "HV02",
    "New-VMSwitch -Name lan -SwitchType Private",
    "New-VHD -Path D:\\kept.vhdx -SizeBytes 20GB -Dynamic",
    `New-VM -Name '${typed}' -Generation 2 -NoVHD -Path D:\\machines`,
    `Add-VMHardDiskDrive -VMName '${sought}' -Path D:\\kept.vhdx`,
    `Set-VM -Name '${sought}' -Notes '\${x} \`'`,
    `Connect-VMNetworkAdapter -VMName '${sought}' -SwitchName lan`,
    `Set-VMKeyProtector -VMName '${sought}' -NewLocalKeyProtector`,
    `Enable-VMTPM -VMName '${sought}'`,
    `Start-VM -Name '${sought}'`,
  ],
];

engineSuite("import of what a cluster has", () => {
  let stack: Stack;
  let original: Awaited<ReturnType<Stack["world"]>>;

  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [cli, ...args], { cwd: stack.folder }).then(
      ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        output: error.stdout + error.stderr,
      }),
    );
  const importing = (...more: string[]) =>
    run("import", "--no-config", "--simulator", stack.worldFile, "--nodes", nodes.join(), ...more);

  before(async () => {
    stack = await Stack.make(
      { nodes: nodes.map((name) => ({ name })), cluster: { name: "LAB" }, guestsBoot: true },
      { nodes },
    );
    for (const [node, ...lines] of made) for (const line of lines) await stack.run(parseLine(line), node);
    original = await stack.world();
  });
  after(() => stack?.remove());

  it("writes an import file and a program", async () => {
    const { code, output } = await importing("--out", "imported");
    assert.equal(code, 0, output);
    assert.match(output, /Found 20 to import/);
    assert.match(output, /pulumi import --file imported\/import\.json --generate-code=false -y/);
    assert.deepEqual(await stack.world(), original, "nothing is changed on the host");
  });

  it("keeps files that are there, unless it is told to replace them", async () => {
    const { code, output } = await importing("--out", "imported");
    assert.equal(code, 1);
    assert.match(output, /already there.*--force/s);
    assert.equal((await importing("--out", "imported", "--force")).code, 0);
  });

  it("takes only the kinds and names that are asked for", async () => {
    const { code, output } = await importing("--out", "some", "--only", "machines,roles", "--match", "W?b*");
    assert.equal(code, 0, output);
    const { resources } = JSON.parse(readFileSync(join(stack.folder, "some/import.json"), "utf8")) as {
      resources: { type: string }[];
    };
    assert.deepEqual(
      resources.map(({ type }) => type.split(":").pop()),
      ["VirtualMachine", "ClusterVirtualMachineRole"],
    );
    const none = await importing("--out", "none", "--match", "nothing");
    assert.equal(none.code, 1);
    assert.ok(!existsSync(join(stack.folder, "none")));
    const wrong = await importing("--out", "none", "--only", "cows");
    assert.match(wrong.output, /--only must be some of hosts, switches, .*, monitors; it has "cows"/);
  });

  it("after the import the program previews without a change, and up and refresh find none", async () => {
    const imported = await stack.pulumi(["import", "--file", "imported/import.json", "--generate-code=false", "-y"]);
    assert.equal(imported.code, 0, imported.output);
    copyFileSync(join(stack.folder, "imported/index.ts"), join(stack.folder, "index.ts"));
    writeFileSync(
      join(stack.folder, "package.json"),
      JSON.stringify({ name: "tests", private: true, main: "index.ts" }),
    );
    const literals = async () =>
      (await stack.resources())
        .flatMap(({ type, inputs }) => (type.includes("hyperv:") ? [String(inputs.__provider)] : []))
        .sort();
    const own = await literals();
    for (const step of [stack.preview, stack.up, stack.refresh, stack.preview]) {
      const { code, output, ops } = await step.call(stack, "--expect-no-changes");
      assert.equal(code, 0, output);
      assert.equal(Object.keys(ops).length, 20, output);
    }
    assert.equal(own.length, 20);
    assert.deepEqual(await literals(), own, "the program's own side writes the same text");
    assert.deepEqual(await stack.world(), original);
  });

  it("destroy leaves what is protected, until somebody says that it may go", async () => {
    const { code, output } = await stack.destroy();
    assert.notEqual(code, 0, output);
    assert.match(output, /protect/);
    assert.deepEqual(await stack.world(), original);
    const unprotected = await stack.pulumi(["state", "unprotect", "--all", "--yes"]);
    assert.equal(unprotected.code, 0, unprotected.output);
  });

  it("then it takes everything away, in an order that works", async () => {
    const { code, output } = await stack.destroy();
    assert.equal(code, 0, output);
    const world = await stack.world();
    assert.deepEqual(
      world.nodes.map(({ machines, switches }) => [machines.length, switches.length]),
      [
        [0, 0],
        [0, 0],
      ],
    );
    assert.equal(world.cluster?.groups.length, 0);
    const disks = [...world.nodes, ...(world.cluster ? [world.cluster] : [])].flatMap(({ files }) =>
      Object.values(files).filter(({ vhd }) => vhd),
    );
    assert.deepEqual(disks, []);
  });
});
