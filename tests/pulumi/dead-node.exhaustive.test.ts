import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { hasSshd, sshReason } from "../host/sshd";
import { powershell, reason } from "../powershell";
import { cluster, nodes, PowerShellHosts, volume } from "./powershell-hosts";
import { type Declared, engineSuite, type Run, Stack } from "./stack";

const GiB = 2 ** 30;

/** The first of the nodes is the one that dies: it is asked first for whatever any node can answer. */
engineSuite(`a cluster of which a node died, through SSH and PowerShell${reason || sshReason}`, () => {
  let stack: Stack;
  let hosts: PowerShellHosts;

  before(function () {
    if (powershell === undefined || !hasSshd) this.skip();
  });
  beforeEach(async () => {
    stack = await Stack.make(cluster, {
      nodes,
      hosts: async (worldFile) => {
        hosts = await PowerShellHosts.of(Simulator.open(worldFile), nodes);
        return hosts.config;
      },
    });
    for (const node of nodes) await stack.run(parseLine("New-VMSwitch -Name lan -SwitchType Private"), node);
  });
  afterEach(async () => {
    await hosts?.close();
    stack?.remove();
  });

  const dies = async (node: string) => {
    await hosts.stop(node);
    await stack.simulator.happen({ fail: node });
  };
  /** What is on each node, as an administrator sees it. */
  const seen = async () => {
    const { nodes: all, cluster: { groups = [] } = {} } = await stack.world();
    return all.map(({ name, machines }) => ({
      node: name,
      machines: machines
        .map((machine) => ({
          name: machine.name,
          state: machine.state,
          notes: machine.notes,
          count: machine.processor.count,
          priority: groups.find(({ id }) => id === machine.groupId)?.properties.Priority,
        }))
        .sort((one, other) => (one.name < other.name ? -1 : 1)),
    }));
  };
  const idsOf = async () =>
    Object.fromEntries((await stack.resources()).map(({ urn, id }) => [urn.split("::").pop(), id]));

  it("its machines and roles are followed to the other node: refreshed, changed and destroyed, and none is made anew", async () => {
    succeeded(await stack.declare(roles({ notes: "one" })).up());
    assert.deepEqual(
      (await seen()).map(({ machines }) => machines.map(({ name, state }) => [name, state])),
      [[["web", "Running"]], [["db", "Running"]]],
    );
    const ids = await idsOf();
    await dies("HV01");

    const refreshed = succeeded(await stack.refresh());
    assert.deepEqual(
      Object.keys(refreshed.ops).sort(),
      roles({})
        .map(({ kind, name }) => `${kind} ${name}`)
        .sort(),
    );
    assert.deepEqual(await idsOf(), ids);
    assert.deepEqual(await runsOn(stack), { web: "HV02", db: "HV02" });
    succeeded(await stack.preview("--expect-no-changes"));

    const changed = roles({ notes: "two", priority: 3000, sizeBytes: 2 * GiB });
    const { ops } = succeeded(await stack.declare(changed).previewedUp());
    assert.deepEqual(new Set(Object.values(ops)), new Set(["update"]));
    const later = { state: "Running", notes: "two", count: 1, priority: 3000 };
    assert.deepEqual(await seen(), [
      { node: "HV01", machines: [] },
      {
        node: "HV02",
        machines: [
          { name: "db", ...later },
          { name: "web", ...later },
        ],
      },
    ]);
    assert.deepEqual(await idsOf(), ids);
    succeeded(await stack.preview("--expect-no-changes"));

    const restarted = roles({ notes: "two", priority: 3000, sizeBytes: 2 * GiB, count: 4 });
    succeeded(await stack.declare([...restarted, ...clustered("new", "HV02", {})]).up());
    assert.deepEqual(
      (await seen()).map(({ machines }) => machines.map(({ name, count, state }) => [name, count, state])),
      [
        [],
        [
          ["db", 4, "Running"],
          ["new", 1, "Running"],
          ["web", 4, "Running"],
        ],
      ],
    );

    succeeded(await stack.destroy());
    const world = await stack.world();
    assert.deepEqual([world.nodes.flatMap(({ machines }) => machines), world.cluster?.groups], [[], []]);
  });

  it("a machine that moved while nobody looked is changed where it is, without a refresh before", async () => {
    succeeded(await stack.declare(roles({ notes: "one" })).up());
    const ids = await idsOf();
    await dies("HV01");
    const { ops } = succeeded(await stack.declare(roles({ notes: "two" })).up());
    assert.deepEqual([ops["VirtualMachine web"], ops["VirtualMachine db"]], ["update", "update"]);
    assert.deepEqual(
      (await seen()).map(({ machines }) => machines.map(({ name, notes }) => [name, notes])),
      [
        [],
        [
          ["db", "two"],
          ["web", "two"],
        ],
      ],
    );
    assert.deepEqual(await idsOf(), ids);
  });

  it("what is on it alone is an error that names it; nothing of it is dropped, and the rest goes on", async () => {
    succeeded(await stack.declare([...roles({ notes: "one" }), ...ownOf("HV01", "one"), ...ownOf("HV02", "one")]).up());
    const ids = await idsOf();
    await dies("HV01");

    const refreshed = await stack.refresh();
    assert.notEqual(refreshed.code, 0);
    const about = (verb: string, noun: string, title: string) =>
      new RegExp(`Unable to ${verb} ${noun} "${title}" on HV01: no SSH server answered`);
    assert.match(refreshed.output, /Unable to read .* on HV01: no SSH server answered/);
    assert.doesNotMatch(refreshed.output, /on HV02: /);
    // how many of them it tells of is the engine's choice, so each is asked alone too
    for (const [target, noun, title] of [
      ["VirtualMachine::own-HV01", "virtual machine", "own-HV01"],
      ["VirtualSwitch::inner-HV01", "virtual switch", "inner-HV01"],
      ["VirtualHardDisk::disk-HV01", "virtual hard disk", String.raw`D:\\disk\.vhdx`],
    ] as const) {
      const { code, output } = await stack.refresh("--target", `**${target}`);
      assert.notEqual(code, 0, output);
      assert.match(output, about("read", noun, title));
    }
    succeeded(
      await stack.refresh("--target", "**own-HV02", "--target", "**web-role", "--target", "**VirtualMachine::web"),
    );
    assert.deepEqual(await idsOf(), ids);

    const run = await stack
      .declare([...roles({ notes: "two" }), ...ownOf("HV01", "two"), ...ownOf("HV02", "two")])
      .up("--continue-on-error");
    assert.notEqual(run.code, 0);
    assert.match(run.output, about("update", "virtual machine", "own-HV01"));
    assert.match(run.output, about("update", "virtual switch", "inner-HV01"));
    assert.match(run.output, about("update", "virtual hard disk", String.raw`D:\\disk\.vhdx`));
    assert.doesNotMatch(run.output, /on HV02: /);
    assert.deepEqual(
      Object.values(run.ops).filter((op) => op !== "update" && op !== "same"),
      [],
    );
    assert.deepEqual(
      (await seen()).map(({ machines }) => machines.map(({ name, notes }) => [name, notes])),
      [
        [["own-HV01", "one"]],
        [
          ["db", "two"],
          ["own-HV02", "two"],
          ["web", "two"],
        ],
      ],
    );
    assert.deepEqual(await idsOf(), ids);

    const destroyed = await stack.destroy("--continue-on-error");
    assert.notEqual(destroyed.code, 0);
    assert.match(destroyed.output, about("delete", "virtual machine", "own-HV01"));
    assert.deepEqual(
      Object.keys(await idsOf())
        .filter((name) => name.includes("HV0"))
        .sort(),
      ["disk-HV01", "inner-HV01", "own-HV01"],
    );
  });
});

interface Changes {
  notes?: string;
  priority?: number;
  sizeBytes?: number;
  count?: number;
}

/** A machine that runs as a role, with a disk on the shared volume. */
function clustered(name: string, node: string, { notes, priority, sizeBytes = GiB, count = 1 }: Changes): Declared[] {
  return [
    { kind: "VirtualHardDisk", name: `${name}-disk`, args: { path: `${volume}\\${name}.vhdx`, sizeBytes } },
    {
      kind: "VirtualMachine",
      name,
      args: {
        node,
        path: volume,
        notes,
        processor: { count },
        networkAdapters: [{ name: "front", switchName: "lan" }],
        hardDiskDrives: [{ path: { $of: `${name}-disk`, property: "path" } }],
        state: "Running",
        allowRestart: true,
        shutdown: { timeoutSeconds: 30, onTimeout: "TurnOff" },
      },
    },
    {
      kind: "ClusterVirtualMachineRole",
      name: `${name}-role`,
      args: { vmId: { $of: name, property: "id" }, priority },
    },
  ];
}

const roles = (changes: Changes): Declared[] => [
  ...clustered("web", "HV01", changes),
  ...clustered("db", "HV02", changes),
];

/** What only the node has: a machine that is no role, a switch and a disk. */
function ownOf(node: string, notes: string): Declared[] {
  return [
    { kind: "VirtualMachine", name: `own-${node}`, args: { node, notes } },
    { kind: "VirtualSwitch", name: `inner-${node}`, args: { node, switchType: "Private", notes } },
    {
      kind: "VirtualHardDisk",
      name: `disk-${node}`,
      args: { node, path: "D:\\disk.vhdx", sizeBytes: notes === "one" ? GiB : 2 * GiB },
    },
  ];
}

async function runsOn(stack: Stack): Promise<Record<string, unknown>> {
  const machines = (await stack.resources()).filter(({ type }) => type.endsWith(":VirtualMachine"));
  return Object.fromEntries(machines.map(({ urn, outputs }) => [urn.split("::").pop(), outputs.runsOn]));
}

function succeeded(run: Run): Run {
  assert.equal(run.code, 0, run.output);
  return run;
}
