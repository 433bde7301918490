import assert from "node:assert/strict";
import { resolve } from "node:path";
import { parseLine } from "../../cli/powershell-line";
import { observedIn } from "../../provider/lifecycle/state/recorded";
import { createWorld, Simulator, saveWorld, type World, type WorldDescription } from "../../provider/simulator";
import { hasSshd, sshReason } from "../host/sshd";
import { powershell, reason } from "../powershell";
import { cluster, nodes, PowerShellHosts, volume } from "./powershell-hosts";
import { type Declared, engineSuite, type Run, Stack, type StackOptions } from "./stack";

const GiB = 2 ** 30;

const examples: readonly { name: string; description: WorldDescription; names?: string[]; setup?: string[] }[] = [
  { name: "01-machine", description: { nodes: [{ name: "HV01" }], guestsBoot: true } },
  {
    name: "02-golden-image",
    description: { nodes: [{ name: "HV01" }], guestsBoot: true },
    setup: [
      "New-Item -Path D:\\images -ItemType Directory",
      "New-VHD -Path D:\\images\\windows-2025.vhdx -SizeBytes 40GB",
    ],
  },
  { name: "03-cluster", description: cluster, names: nodes },
  {
    name: "05-guest-cluster",
    description: { ...cluster, nodes: ["HV01", "HV02", "HV03"].map((name) => ({ name })) },
    names: ["HV01", "HV02", "HV03"],
  },
  { name: "06-host-service", description: cluster, names: nodes },
];

engineSuite(`the real engine, SSH and PowerShell${reason || sshReason}`, () => {
  const ends: (() => Promise<void> | void)[] = [];

  before(function () {
    if (powershell === undefined || !hasSshd) this.skip();
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const hostsOf = async (...args: Parameters<typeof PowerShellHosts.of>) => {
    const hosts = await PowerShellHosts.of(...args);
    ends.push(() => hosts.close());
    return hosts;
  };
  const stackOf = async (...args: Parameters<typeof Stack.make>) => {
    const stack = await Stack.make(...args);
    ends.push(() => stack.remove());
    return stack;
  };
  /** A stack on a simulated world, reached as its provider does alone, or over SSH and PowerShell. */
  const reached = async (
    how: "alone" | "PowerShell",
    description: WorldDescription,
    options: Omit<StackOptions, "hosts"> = {},
  ) => {
    if (how === "alone") return { stack: await stackOf(description, options) };
    let hosts: PowerShellHosts | undefined;
    const stack = await stackOf(description, {
      ...options,
      hosts: async (worldFile) => {
        hosts = await hostsOf(Simulator.open(worldFile), options.nodes);
        return hosts.config;
      },
    });
    return { stack, hosts: hosts ?? assert.fail() };
  };

  for (const { name, description, names, setup = [] } of examples)
    it(`example ${name} gives the same outputs and the same state as on the simulator alone`, async () => {
      const run = async (how: "alone" | "PowerShell") => {
        const { stack } = await reached(how, description, { example: exampleFolder(name), nodes: names });
        for (const line of setup) await stack.run(parseLine(line));
        const done = succeeded(await stack.up());
        const story = { ops: done.ops, outputs: await stack.outputs(), ...(await kept(stack)) };
        if (how === "PowerShell") {
          succeeded(await stack.refresh("--expect-no-changes"));
          succeeded(await stack.destroy());
          assert.deepEqual(machinesOf(await stack.world()), []);
        }
        return anonymous(story);
      };
      assert.deepEqual(await run("PowerShell"), await run("alone"));
    });

  it("example 04-two-providers makes a machine on each of two hosts", async () => {
    const stack = await stackOf({ nodes: [{ name: "UNUSED" }] }, { example: exampleFolder("04-two-providers") });
    for (const site of ["office", "branch"]) {
      const file = `${stack.worldFile}.${site}.json`;
      await saveWorld(file, createWorld({ nodes: [{ name: "HV01" }], seed: site }));
      const hosts = await hostsOf(Simulator.open(file));
      stack.setConfig(`hyperv-two-providers:${site}`, JSON.stringify(hosts.settings));
    }
    succeeded(await stack.up());
    succeeded(await stack.preview("--expect-no-changes"));
    succeeded(await stack.destroy());
  });

  it("every resource is made, left alone, changed, repaired and destroyed in the steps of the simulator alone", async () => {
    const life = async (how: "alone" | "PowerShell") => {
      const { stack, hosts } = await reached(how, cluster, { nodes });
      const story: unknown[] = [];
      const tell = async (run: Run) => story.push(anonymous({ ops: succeeded(run).ops, ...(await kept(stack)) }));
      const nothingIsLeft = async () => hosts && succeeded(await stack.preview("--expect-no-changes"));
      await tell(await stack.declare(first).up());
      await nothingIsLeft();
      await tell(await stack.declare(later)[hosts ? "previewedUp" : "up"]());
      for (const [line, node] of drift) await stack.run(parseLine(line), node);
      await tell(await stack.refresh());
      await tell(await stack.up());
      await nothingIsLeft();
      await tell(await stack.destroy());
      if (hosts) assert.equal(hosts.open, 0, "no PowerShell is left");
      return story;
    };
    const [played, alone] = [await life("PowerShell"), await life("alone")];
    for (const [index, chapter] of alone.entries()) assert.deepEqual(played[index], chapter, `chapter ${index + 1}`);
  });

  it("one machine takes one PowerShell, and eight at a time are read by two, in fewer calls than each alone", async () => {
    const { stack, hosts } = await reached("PowerShell", { nodes: [{ name: "HV01" }] });
    const machines = (count: number) =>
      Array.from({ length: count }, (_, at): Declared => ({ kind: "VirtualMachine", name: `m${at}` }));
    const spent = async (work: () => Promise<Run>) => {
      assert(hosts);
      const { started, called } = hosts;
      succeeded(await work());
      return { starts: hosts.started - started, cmdlets: hosts.called - called };
    };
    assert.equal((await spent(() => stack.declare(machines(1)).up())).starts, 1);
    const one = await spent(() => stack.refresh());
    assert.equal(one.starts, 1);
    succeeded(await stack.declare(machines(16)).up());
    // a PowerShell that was being started when the changes ended makes its first call in here
    await spent(() => stack.refresh());
    const all = await spent(() => stack.refresh("--expect-no-changes", "--parallel", "8"));
    assert(all.starts <= 2, `${all.starts} PowerShells`);
    assert(all.cmdlets < 16 * one.cmdlets, `${all.cmdlets} cmdlets, ${one.cmdlets} for one machine`);
  });

  it("a machine is found on its node, and followed when it moves between two commands", async () => {
    const { stack, hosts } = await reached("PowerShell", cluster, { nodes });
    succeeded(await stack.declare(first).up());
    await stack.run(parseLine("Move-ClusterVirtualMachineRole -Name web -Node HV02"), "HV01");
    const before = hosts?.callsOn("HV02").length ?? 0;
    succeeded(await stack.declare(first.map((each) => withArgs(each, "web", { notes: "moved" }))).up());
    assert((hosts?.callsOn("HV02") ?? []).slice(before).includes("Set-VM"));
    const { nodes: all } = await stack.world();
    assert.deepEqual(
      all.map(({ machines }) => machines.map((machine) => machine.notes)),
      [[], ["moved"]],
    );
    succeeded(await stack.destroy());
  });

  it("a node that is down stops work on its own machines only", async () => {
    const { stack, hosts } = await reached("PowerShell", { nodes: nodes.map((name) => ({ name })) }, { nodes });
    const program = (notes: string) =>
      nodes.map((node): Declared => ({ kind: "VirtualMachine", name: `on-${node}`, args: { node, notes } }));
    succeeded(await stack.declare(program("one")).up());
    await hosts?.stop("HV02");
    const run = await stack.declare(program("two")).up("--continue-on-error");
    assert.notEqual(run.code, 0);
    assert.match(run.output, /Unable to update virtual machine "on-HV02" on HV02: no SSH server answered/);
    const { nodes: all } = await stack.world();
    assert.deepEqual(
      all.map(({ machines }) => machines.map(({ notes }) => notes)),
      [["two"], ["one"]],
    );
    assert.equal((await stack.resources()).filter(({ type }) => type.endsWith("VirtualMachine")).length, 2);
  });
});

const exampleFolder = (name: string) => resolve(__dirname, "../../examples", name);

const first: Declared[] = [
  ...nodes.map(
    (node): Declared => ({
      kind: "VirtualSwitch",
      name: `lan-${node}`,
      args: { name: "lan", node, switchType: "Private" },
    }),
  ),
  { kind: "VirtualHardDisk", name: "disk", args: { path: `${volume}\\web.vhdx`, sizeBytes: GiB } },
  {
    kind: "VirtualMachine",
    name: "web",
    dependsOn: nodes.map((node) => `lan-${node}`),
    args: {
      name: "web",
      node: "HV01",
      path: volume,
      memory: { startupBytes: GiB },
      networkAdapters: [{ name: "front", switchName: "lan", vlan: 5 }],
      hardDiskDrives: [{ path: { $of: "disk", property: "path" } }],
      dvdDrives: [{}],
      state: "Running",
      shutdown: { timeoutSeconds: 30, onTimeout: "TurnOff" },
    },
  },
  { kind: "ClusterVirtualMachineRole", name: "role", args: { vmId: { $of: "web", property: "id" } } },
];

const changes: Record<string, Record<string, unknown>> = {
  "lan-HV01": { notes: "$(x) `\n日本 'it''s'" },
  disk: { sizeBytes: 2 * GiB },
  web: {
    allowRestart: true,
    notes: "O'Brien",
    processor: { count: 4 },
    memory: { dynamicMemoryEnabled: true, startupBytes: GiB, minimumBytes: GiB / 2, maximumBytes: 4 * GiB },
    networkAdapters: [
      { name: "front", switchName: "lan" },
      { name: "back", switchName: "lan", macAddress: "00155D010203" },
    ],
    dvdDrives: [],
  },
  role: {
    priority: 3000,
    antiAffinityClassNames: ["one", "two"],
    preferredOwners: ["HV02", "HV01"],
    autoFailback: true,
  },
};

const later = first.map((each) => withArgs(each, each.name, changes[each.name] ?? {}));

/** What somebody types on a node. */
const drift: readonly [line: string, node: string][] = [
  ["Set-VMSwitch -Name lan -Notes drifted", "HV02"],
  ["Set-VM -Name web -Notes drifted", "HV01"],
  ["Remove-VMNetworkAdapter -VMName web -Name back", "HV01"],
  ["Move-ClusterVirtualMachineRole -Name web -Node HV02", "HV01"],
  ["Set-ClusterOwnerNode -Group web -Owners HV01", "HV01"],
];

function withArgs(declared: Declared, name: string, args: Record<string, unknown>): Declared {
  return declared.name === name ? { ...declared, args: { ...declared.args, ...args } } : declared;
}

function succeeded<Done extends { code: number; output: string }>(run: Done): Done {
  assert.equal(run.code, 0, run.output);
  return run;
}

function machinesOf(world: World) {
  return world.nodes.flatMap(({ machines }) => machines);
}

/** What the engine keeps of our resources, and what is on the hosts. */
async function kept(stack: Stack): Promise<{ state: unknown; machines: unknown }> {
  const state = (await stack.resources())
    .filter(({ type }) => type.includes("hyperv:"))
    .map(({ urn, id = "", inputs, outputs, dependencies = [] }) => ({
      urn,
      id,
      inputs,
      outputs: { ...outputs, __observed: observedIn(id, outputs) },
      dependencies: dependencies.sort(),
    }))
    .sort((one, other) => (one.urn < other.urn ? -1 : 1));
  return { state, machines: machinesOf(await stack.world()).sort((one, other) => (one.name < other.name ? -1 : 1)) };
}

/** With numbers, in order of appearance, for what is made up at each run, and without the host's address. */
function anonymous(data: unknown): unknown {
  const numbers = new Map<string, number>();
  const numbered = (found: string) => {
    const key = found.toLowerCase();
    numbers.set(key, numbers.get(key) ?? numbers.size + 1);
    return `(made up ${numbers.get(key)})`;
  };
  const text = JSON.stringify(data, (key, value: unknown) => (key === "__provider" ? undefined : value))
    .replace(
      /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}|\b00155D[\dA-F]{6}\b|\b10\.\d+\.\d+\.\d+\b/gi,
      numbered,
    )
    .replaceAll('"the simulated host"', '"127.0.0.1"');
  return JSON.parse(text);
}
