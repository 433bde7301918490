import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { type Command, CommanderError } from "commander";
import { simulatorCommand } from "../../cli/simulator";

describe("the simulator's command line", () => {
  const home = process.cwd();
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-cli-"));
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a command in the folder of the test. */
  async function simulator(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const { log, error } = console;
    let [out, err] = ["", ""];
    let code = 0;
    console.log = (line: string) => (out += `${line}\n`);
    console.error = (line: string) => (err += `${line}\n`);
    try {
      await within(simulatorCommand(), (text) => (err += text)).parseAsync(args, { from: "user" });
    } catch (thrown) {
      code = 1;
      // commander has said its own
      if (!(thrown instanceof CommanderError)) err += `error: ${(thrown as Error).message}\n`;
    } finally {
      Object.assign(console, { log, error });
    }
    return { code, out: stripVTControlCharacters(out), err };
  }

  const works = async (...args: string[]) => {
    const { code, out, err } = await simulator(...args);
    assert.equal(code, 0, err);
    return { out, err };
  };
  const refuses = async (message: string | RegExp, ...args: string[]) => {
    const { code, err } = await simulator(...args);
    assert.equal(code, 1, err);
    if (typeof message === "string") assert.equal(err, message);
    else assert.match(err, message);
  };

  it("refuses a host that is named twice, and none at all", async () => {
    await refuses("error: --nodes names the host hv01 twice.\n", "create", "--nodes", "HV01,hv01");
    for (const nodes of ["", "HV01,,HV02", " "])
      await refuses(
        "error: --nodes must be names of hosts with commas between them, such as HV01,HV02.\n",
        "create",
        "--nodes",
        nodes,
      );
    await refuses(/There is no simulator at/, "show");
  });

  it("refuses a folder where it needs a file", async () => {
    for (const [command, ...more] of [["show"], ["run", "Get-VM"], ["create", "--force"], ["fault", "clear"]])
      await refuses(
        /^error: option '-f, --file <path>' argument '\.' is invalid\. It is a folder, and must be a file\.\n$/,
        command ?? "",
        ...more,
        "-f",
        ".",
      );
  });

  it("prints how to use a new world, in words that every shell takes", async () => {
    const { out } = await works("create", "--nodes", "HV01, HV02", "--cluster", "LAB", "-f", "my world.json");
    assert.deepEqual(out.split("\n"), [
      "Made my world.json with the hosts HV01, HV02. Use it with:",
      "  pulumi config set hyperv:transport simulator",
      '  pulumi config set hyperv:simulator "my world.json"',
      '  pulumi config set --path "hyperv:nodes[0]" HV01',
      '  pulumi config set --path "hyperv:nodes[1]" HV02',
      "",
    ]);
  });

  it("names the hosts there are where one is meant that is not there", async () => {
    await works("create", "--nodes", "HV01,HV02");
    for (const command of [
      ["run", "Get-VM"],
      ["fault", "fail"],
      ["fault", "drop"],
    ])
      await refuses('error: There is no host "HV09". There are: HV01, HV02.\n', ...command, "--on", "HV09");
    await works("run", "Get-VM", "--on", "hv02");
  });

  it("names cmdlets that are near to one that is not there", async () => {
    await works("create");
    await refuses(
      'error: "Strat-VM" is no cmdlet that the simulator knows. Did you mean Start-VM?\n',
      "fault",
      "fail",
      "--cmdlet",
      "Strat-VM",
    );
    await refuses(
      /^error: "Get-VMSwich" is no cmdlet that the simulator knows\. Did you mean Get-VMSwitch/,
      "run",
      "Get-VMSwich",
    );
    await refuses('error: "zzzzzzzzzz" is no cmdlet that the simulator knows.\n', "run", "zzzzzzzzzz");
    await works("fault", "fail", "--cmdlet", "start-vm");
    assert.match((await works("show")).out, /Start-VM/);
  });

  it("says so when there is nothing to show", async () => {
    await works("create");
    assert.deepEqual(await works("run", "Get-VM"), { out: "", err: "(no results)\n" });
    assert.deepEqual((await works("run", "New-VMSwitch -Name lan -SwitchType Private")).err, "");
    assert.deepEqual(await works("run", "Set-VMSwitch lan -Notes x"), { out: "", err: "(done, no output)\n" });
  });

  it("gives each host two network adapters, enough for a team", async () => {
    await works("create", "--nodes", "HV01,HV02", "--cluster", "LAB");
    for (const host of ["HV01", "HV02"]) {
      const { out } = await works("run", "Get-NetAdapter", "--on", host);
      assert.match(out, /^2 results\n/);
      assert.match(out, /│ Ethernet +│ Intel.*SFP\+ +│ Up /);
      assert.match(out, /│ Ethernet 2 +│ Intel.*SFP\+ #2 +│ Up /);
    }
    const macs = (await works("show", "--json")).out.match(/3CFDFE\w{6}/g) ?? [];
    assert.deepEqual(macs, ["3CFDFE000101", "3CFDFE000102", "3CFDFE000201", "3CFDFE000202"]);
    await works(
      "run",
      "New-VMSwitch -Name uplink -NetAdapterName 'Ethernet','Ethernet 2' -EnableEmbeddedTeaming $true -AllowManagementOS $true",
    );
    assert.match((await works("run", "Get-VMSwitchTeam")).out, /uplink.*SFP\+, Intel.*SFP\+ #2/);
    assert.match((await works("show")).out, /│ HV01 │ Up .*│ Ethernet, Ethernet 2 │/);
  });

  it("shows of every noun what says something, and of no column only blanks", async () => {
    await works("create", "--nodes", "HV01,HV02", "--cluster", "LAB");
    const volume = "C:\\ClusterStorage\\Volume1";
    for (const line of [
      "New-VMSwitch -Name lan -SwitchType Internal",
      `New-VHD -Path ${volume}\\web.vhdx -SizeBytes 1GB`,
      `New-VM -Name web -Generation 2 -VHDPath ${volume}\\web.vhdx -Path ${volume} -SwitchName lan`,
      "Add-VMDvdDrive -VMName web",
      "Add-ClusterVirtualMachineRole -VMName web",
      "Set-ClusterOwnerNode -Group web -Owners HV01,HV02",
      "New-VM -Name old -Generation 1 -NoVHD",
      "Checkpoint-VM old -SnapshotName before",
      "New-NetIPAddress -InterfaceAlias 'vEthernet (lan)' -IPAddress 10.0.0.1 -PrefixLength 24",
      "New-NetNat -Name nat -InternalIPInterfaceAddressPrefix 10.0.0.0/24",
      "Add-NetNatStaticMapping -NatName nat -Protocol TCP -ExternalIPAddress 0.0.0.0 -ExternalPort 80 -InternalIPAddress 10.0.0.2 -InternalPort 80",
    ])
      await works("run", line);
    const lines: [line: string, columns: string][] = [
      ["Get-VM web", "Name State ProcessorCount MemoryStartup Id"],
      ["Get-VMSwitch", "Name SwitchType Id"],
      ["Get-VMHost", "Name LogicalProcessorCount MemoryCapacity VirtualMachinePath VirtualHardDiskPath"],
      ["Get-VMHostSupportedVersion", "Name Version IsDefault"],
      ["Get-VMProcessor web", "VMName Count Reserve Maximum RelativeWeight"],
      ["Get-VMMemory web", "VMName DynamicMemoryEnabled Startup Minimum Maximum Buffer Priority"],
      ["Get-VMFirmware web", "VMName SecureBoot SecureBootTemplate BootOrder"],
      ["Get-VMBios old", "VMName NumLockEnabled StartupOrder"],
      ["Get-VMSecurity web", "VMName TpmEnabled Shielded EncryptStateAndVmMigrationTraffic"],
      ["Get-VMComPort web", "VMName Name"],
      ["Get-VMIdeController old", "VMName Name ControllerNumber"],
      ["Get-VMScsiController web", "VMName Name ControllerNumber"],
      ["Get-VMIntegrationService web", "VMName Name Enabled PrimaryStatusDescription"],
      ["Get-VMNetworkAdapter web", "Name VMName SwitchName MacAddress"],
      ["Get-VMNetworkAdapterVlan web", "ParentAdapter OperationMode AccessVlanId NativeVlanId"],
      ["Get-VMNetworkAdapterIsolation web", "IsolationMode DefaultIsolationID AllowUntaggedTraffic"],
      ["Get-VMHardDiskDrive web", "VMName ControllerType ControllerNumber ControllerLocation Path"],
      ["Get-VMDvdDrive web", "VMName ControllerType ControllerNumber ControllerLocation"],
      ["Get-VMSnapshot old", "Name VMName SnapshotType Id"],
      [`Get-VHD ${volume}\\web.vhdx`, "Path VhdType Size FileSize"],
      [`Get-Item ${volume}\\web.vhdx`, "FullName Length PSIsContainer"],
      [`Get-ChildItem ${volume}`, "FullName Length PSIsContainer"],
      [`Test-Path ${volume}`, "Value"],
      ["Get-NetAdapter", "Name InterfaceDescription Status LinkSpeed MacAddress"],
      ["Get-NetIPAddress", "InterfaceAlias IPAddress PrefixLength"],
      ["Get-NetNat", "Name InternalIPInterfaceAddressPrefix Active"],
      ["Get-NetNatStaticMapping", "NatName Protocol ExternalIPAddress ExternalPort InternalIPAddress InternalPort"],
      ["Get-Cluster", "Name Domain Id"],
      ["Get-ClusterNode", "Name State DrainStatus Id"],
      ["Get-ClusterGroup", "Name State OwnerNode Priority Id"],
      ["Get-ClusterQuorum", "Cluster QuorumType"],
      ["Get-ClusterResource", "Name State OwnerGroup ResourceType Id"],
      ["Get-ClusterResourceType", "Name DisplayName"],
      ["Get-ClusterSharedVolume", "Name State OwnerNode SharedVolumeInfo"],
      ["Get-ClusterSharedVolumeState", "Name Node StateInfo VolumeFriendlyName"],
      ["Get-ClusterOwnerNode -Group web", "ClusterObject OwnerNodes"],
      [
        "Get-ClusterParameter -InputObject (Get-ClusterResource 'Virtual Machine web')",
        "ClusterObject Name Value ParameterType",
      ],
    ];
    for (const [line, columns] of lines) {
      const { out, err } = await works("run", line);
      assert.equal(err, "", line);
      const [title = "", , head = "", , ...rows] = out.split("\n");
      assert.match(title, /^\d+ results?$/, line);
      const cells = (row: string) =>
        row
          .split("│")
          .slice(1, -1)
          .map((cell) => cell.trim());
      assert.equal(cells(head).join(" "), columns, line);
      // objects within are told by their names
      assert.doesNotMatch(rows.join(), /\[object|[{}]/, line);
    }
  });

  it("shows a result as a list that would be too wide for a table, or a property that is asked for", async () => {
    await works("create");
    await works("run", "New-VM -Name web -Generation 2 -NoVHD");
    await works("run", `Set-VM web -Notes '${"long ".repeat(40)}'`);
    const { out } = await works("run", "Get-VM web");
    assert.match(out, /^1 result\n┌[─┬]+┐\n│ Name +│ web +│\n/);
    assert.match(out, /│ Notes +│ long long/);
    const asked = await works("run", "Get-VM web", "--select", "Name,Generation");
    assert.match(asked.out, /│ Name │ Generation │\n.*\n│ web +│ 2 +│/);
  });

  it("obeys nothing that stands in a name or in notes", async () => {
    await works("create");
    const hostile = "\u001b]0;owned\u0007";
    const { out } = await works("run", `New-VM -Name 'web' -NoVHD`);
    assert.match(out, /web/);
    await works("run", `Set-VM web -Notes '${hostile}\u202e'`);
    for (const command of [["run", "Get-VM web"], ["show"]]) {
      const { log } = console;
      let raw = "";
      console.log = (line: string) => (raw += line);
      try {
        await within(simulatorCommand(), () => {}).parseAsync(command, { from: "user" });
      } finally {
        console.log = log;
      }
      assert.match(raw, /<U\+001B>\]0;owned<U\+0007><U\+202E>/);
      for (const obeyed of [hostile, "\u0007", "\u202e"]) assert.ok(!raw.includes(obeyed));
    }
  });

  it("means the world of the project's program, wherever in the project it is called", async () => {
    mkdirSync("src/deep", { recursive: true });
    writeFileSync("Pulumi.yaml", "name: a\nruntime: nodejs\nmain: src\n");
    const { out } = await works("create");
    assert.match(out, /Made src.hyperv-simulator\.json /);
    assert.match(out, /pulumi config set hyperv:simulator hyperv-simulator\.json\n/);
    assert.ok(existsSync("src/hyperv-simulator.json"));
    process.chdir("src/deep");
    await works("run", "New-VM -Name web -NoVHD");
    assert.match((await works("show")).out, /│ web/);
    const other = await works("create", "--file", "other.json");
    assert.match(other.out, /Made other\.json /);
    assert.match(other.out, /hyperv:simulator "?deep.other\.json"?\n/);
  });

  it("shows the world as the cluster leaves it after a host failed", async () => {
    await works("create", "--nodes", "HV01,HV02", "--cluster", "LAB");
    for (const line of [
      "New-VM -Name web -Generation 2 -NoVHD -Path C:\\ClusterStorage\\Volume1",
      "Add-ClusterVirtualMachineRole -VMName web",
      "Start-VM web",
    ])
      await works("run", line, "--on", "HV01");
    await works("fault", "node-fails", "HV01");
    assert.match((await works("show")).out, /│ web +│ HV02 +│ Running/);
    const { nodes } = JSON.parse((await works("show", "--json")).out) as {
      nodes: { name: string; machines: unknown[] }[];
    };
    assert.deepEqual(
      nodes.map(({ name, machines }) => [name, machines.length]),
      [
        ["HV01", 0],
        ["HV02", 1],
      ],
    );
  });
});

/** A command and all below it, which throw instead of ending the process. */
function within(command: Command, writeErr: (text: string) => void): Command {
  command.exitOverride().configureOutput({ writeErr });
  for (const below of command.commands) within(below, writeErr);
  return command;
}
