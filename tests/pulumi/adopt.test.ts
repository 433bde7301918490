import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseLine } from "../../cli/powershell-line";
import { type Declared, engineSuite, type Run, Stack } from "./stack";

/** Two machines of one name, one of them at work, and a third that is alone with its name. */
const made = [
  "New-VM -Name web -Generation 2 -NoVHD -MemoryStartupBytes 2GB",
  "Set-VM -Name web -Notes first -ProcessorCount 2 -AutomaticStopAction ShutDown",
  "New-VHD -Path D:\\web.vhdx -SizeBytes 1GB",
  "Add-VMHardDiskDrive -VMName web -Path D:\\web.vhdx",
  "Set-VMFirmware -VMName web -EnableSecureBoot Off",
  "Start-VM -Name web",
  "New-VM -Name second -Generation 1 -NoVHD -MemoryStartupBytes 1GB",
  "Set-VM -Name second -Notes second -ProcessorCount 3",
  "Rename-VM -Name second -NewName web",
  "New-VM -Name db -Generation 2 -NoVHD -MemoryStartupBytes 1GB",
  "Set-VM -Name db -Notes third -ProcessorCount 4",
  "Add-VMNetworkAdapter -VMName db -Name back",
  "Start-VM -Name db",
];

engineSuite("a machine that is taken over, through the real engine", () => {
  let stack: Stack;

  beforeEach(async () => {
    stack = await Stack.make({ nodes: [{ name: "HV01" }], guestsBoot: true });
    stack.setConfig("hyperv:trace", join(stack.folder, "trace.ps1"));
    for (const line of made) await stack.run(parseLine(line));
  });
  afterEach(() => stack?.remove());

  /** Machines by their notes, which no two have alike. */
  const machines = async () =>
    Object.fromEntries((await stack.world()).nodes.flatMap((node) => node.machines).map((one) => [one.notes, one]));
  /** Cmdlets that changed something, in order. */
  const changes = () => {
    const file = join(stack.folder, "trace.ps1");
    const all = existsSync(file) ? (readFileSync(file, "utf8").match(/\b[A-Z][a-z]+-[A-Z]\w+/g) ?? []) : [];
    return all.filter((cmdlet) => !/^(Get|Test|Select)-/.test(cmdlet));
  };

  for (const [which, state] of [
    ["first", "Running"],
    ["second", "Off"],
  ] as const)
    it(`by its id is the one that is meant among two of its name, and stays ${state}; the other is untouched`, async () => {
      const before = await machines();
      const wanted = before[which] ?? assert.fail();
      assert.equal(wanted.state, state);
      const program = (notes?: string) => [web({ adopt: wanted.id, ...(notes && { notes }) })];

      const taken = succeeded(await stack.declare(program()).previewedUp());
      assert.deepEqual(taken.ops, { "VirtualMachine taken": "create" });
      assert.deepEqual(await idsOf(stack), [wanted.id]);
      assert.deepEqual(await machines(), before);
      assert.deepEqual(changes(), []);
      succeeded(await stack.preview("--expect-no-changes"));
      succeeded(await stack.refresh("--expect-no-changes"));

      succeeded(await stack.declare(program("mine")).previewedUp());
      const { [which]: _one, ...others } = before;
      assert.deepEqual(await machines(), { ...others, mine: { ...wanted, notes: "mine" } });
      assert.deepEqual(changes(), ["Set-VM"]);
      succeeded(await stack.preview("--expect-no-changes"));

      const left = await stack.world();
      succeeded(await stack.destroy());
      assert.deepEqual(await stack.world(), left);
      assert.deepEqual(await idsOf(stack), []);
    });

  it("by its id is given its name by the program: what the resource is called would rename it unasked", async () => {
    const { second: wanted = assert.fail() } = await machines();
    const run = await stack.declare([{ kind: "VirtualMachine", name: "taken", args: { adopt: wanted.id } }]).preview();
    assert.notEqual(run.code, 0);
    assert.match(run.output, /name is required/);
  });

  it("by its id takes what the program declares at once, and nothing else", async () => {
    const { second: wanted = assert.fail(), ...others } = await machines();
    succeeded(
      await stack.declare([web({ adopt: wanted.id.toUpperCase(), notes: "mine", processor: { count: 8 } })]).up(),
    );
    const after = await machines();
    const { count } = after.mine?.processor ?? assert.fail();
    assert.equal(count, 8);
    assert.deepEqual(after, {
      ...others,
      mine: { ...wanted, notes: "mine", processor: { ...wanted.processor, count: 8 } },
    });
    assert.deepEqual(changes(), ["Set-VM", "Set-VMProcessor"]);
  });

  it("by its id is refused where the host has no such machine, and nothing is made", async () => {
    const before = await stack.world();
    const id = "6f1d2c3b-0000-4000-8000-00000000dead";
    const run = await stack.declare([web({ adopt: id })]).up();
    assert.notEqual(run.code, 0);
    assert.match(run.output, new RegExp(`adopt names ${id}, and there is no virtual machine of this id`));
    assert.deepEqual(await stack.world(), before);
  });

  it("by its name is refused where two have it, with the ids of both", async () => {
    const before = await machines();
    const run = await stack.declare([web({ adopt: true })]).up();
    assert.notEqual(run.code, 0);
    for (const which of ["first", "second"]) assert.ok(run.output.includes(before[which]?.id ?? assert.fail()));
    assert.match(run.output, /Set it to the id of the one that is meant/);
    assert.deepEqual(await machines(), before);
  });

  it("by its name is the only one that has it, with no change beyond what is declared; destroy leaves it", async () => {
    const { third: wanted = assert.fail(), ...others } = await machines();
    const db: Declared = { kind: "VirtualMachine", name: "db", args: { adopt: true, notes: "mine" } };
    succeeded(await stack.declare([db]).previewedUp());
    assert.deepEqual(await idsOf(stack), [wanted.id]);
    assert.deepEqual(await machines(), { ...others, mine: { ...wanted, notes: "mine" } });
    assert.deepEqual(changes(), ["Set-VM"]);
    succeeded(await stack.preview("--expect-no-changes"));
    const left = await stack.world();
    succeeded(await stack.destroy());
    assert.deepEqual(await stack.world(), left);
  });
});

const web = (args: Record<string, unknown>): Declared => ({
  kind: "VirtualMachine",
  name: "taken",
  args: { name: "web", ...args },
});

async function idsOf(stack: Stack): Promise<(string | undefined)[]> {
  return (await stack.resources()).filter(({ type }) => type.includes("hyperv:")).map(({ id }) => id);
}

function succeeded(run: Run): Run {
  assert.equal(run.code, 0, run.output);
  return run;
}
