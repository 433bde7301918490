import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
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

  it("says so when a query finds nothing", async () => {
    await works("create");
    assert.deepEqual(await works("run", "Get-VM"), { out: "", err: "(no results)\n" });
    assert.deepEqual((await works("run", "New-VMSwitch -Name lan -SwitchType Private")).err, "");
    assert.deepEqual(await works("run", "Set-VMSwitch lan -Notes x"), { out: "", err: "" });
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
