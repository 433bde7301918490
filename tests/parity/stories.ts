import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { definitions } from "../../provider";
import type { Call } from "../../provider/calls";
import type { Hosts } from "../../provider/host/host";
import { PartialFailure, type State } from "../../provider/lifecycle/handlers";
import { Simulator, type World, type WorldDescription } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

export const GiB = 2 ** 30;
export const volume = "C:\\ClusterStorage\\Volume1";
type Inputs = Record<string, unknown>;

/** A program that says one thing, and then another. Without the one it is created, without the other deleted. */
export interface Story {
  kind: string;
  does: "create" | "update" | "replace" | "delete" | "live-migrate";
  title: string;
  first?: Inputs;
  later?: Inputs;
  nodes?: readonly string[];
  /** What an administrator types before, and between the one and the other. */
  setup?: readonly string[];
  between?: readonly string[];
  /** Whether the machine that it is about runs before, and must again. */
  runs?: boolean;
  /** Things of the kind in a world, by what nobody has two of. */
  things: (world: World) => readonly string[];
}

const standalone: WorldDescription = {
  nodes: [
    {
      name: "HV01",
      netAdapters: [1, 2].map((number) => ({
        name: `Ethernet ${number}`,
        interfaceDescription: `Intel(R) Ethernet Controller X710 for 10GbE SFP+ #${number}`,
        macAddress: `3CFDFE00010${number}`,
        linkSpeedBps: 10_000_000_000,
      })),
    },
  ],
  guestsBoot: true,
  seed: "faults",
};

const clustered = (nodes: readonly string[]): WorldDescription => ({
  nodes: nodes.map((name) => ({ name })),
  cluster: { name: "LAB" },
  guestsBoot: true,
  seed: "faults",
});

const machinesOf = ({ nodes }: World) => nodes.flatMap(({ machines }) => machines);
const nodes = ["HV01", "HV02"];

const lan: Inputs = { name: "lan", switchType: "External", netAdapterNames: ["Ethernet 1"], notes: "one" };
const ofSwitch = {
  kind: "VirtualSwitch",
  things: ({ nodes: all }: World) => all.flatMap(({ switches }) => switches.map(({ name }) => name)),
};

const disk: Inputs = { path: "D:\\copy.vhdx", sourcePath: "D:\\image.vhdx", sizeBytes: 4 * GiB };
const ofDisk = {
  kind: "VirtualHardDisk",
  setup: ["New-VHD -Path D:\\image.vhdx -SizeBytes 1GB"],
  things: ({ nodes: all }: World) =>
    all.flatMap(({ files }) => Object.keys(files).filter((key) => key.startsWith("d:\\copy"))),
};

const web: Inputs = {
  name: "web",
  notes: "x",
  processor: { count: 2 },
  memory: { startupBytes: GiB },
  networkAdapters: [{ name: "front", switchName: "s", vlan: 5 }],
  hardDiskDrives: [{ path: "D:\\a.vhdx" }, { path: "D:\\b.vhdx" }],
  dvdDrives: [{}],
  allowRestart: true,
  state: "Running",
};
const ofMachine = {
  kind: "VirtualMachine",
  setup: ["New-VMSwitch -Name s -SwitchType Private", ...["a", "b", "c"].map(newDisk)],
  things: (world: World) => machinesOf(world).map(({ name }) => name),
};
const moving: Inputs = {
  name: "web",
  node: "HV01",
  path: volume,
  networkAdapters: [],
  memory: { startupBytes: GiB },
  state: "Running",
};

const ofCheckpoint = {
  kind: "Checkpoint",
  setup: ["New-VM -Name web -Generation 2", newDisk("a"), "Add-VMHardDiskDrive -VMName web -Path D:\\a.vhdx"],
  things: (world: World) => machinesOf(world).flatMap(({ checkpoints }) => checkpoints.map(({ name }) => name)),
};
const before: Inputs = { vmId: "$web", name: "before", checkpointType: "Standard" };

const ofRole = {
  kind: "ClusterVirtualMachineRole",
  nodes,
  setup: [
    `New-VM -Name web -Generation 2 -NoVHD -Path ${volume}`,
    `New-VM -Name other -Generation 2 -NoVHD -Path ${volume}`,
  ],
  things: ({ cluster }: World) => (cluster?.groups ?? []).map(({ name }) => name),
};
const role: Inputs = { vmId: "$web", priority: 3000, preferredOwners: ["HV02"], antiAffinityClassNames: ["a"] };

function newDisk(name: string): string {
  return `New-VHD -Path D:\\${name}.vhdx -SizeBytes 1GB`;
}

export const stories: readonly Story[] = [
  { ...ofSwitch, does: "create", title: "is created", later: lan },
  {
    ...ofSwitch,
    does: "update",
    title: "is changed",
    first: lan,
    later: { ...lan, name: "wan", netAdapterNames: ["Ethernet 2"], allowManagementOS: false, notes: "two" },
  },
  {
    ...ofSwitch,
    does: "replace",
    title: "is replaced",
    nodes,
    first: { name: "lan", node: "HV01", switchType: "Internal" },
    later: { name: "lan", node: "HV02", switchType: "Internal" },
  },
  { ...ofSwitch, does: "delete", title: "is deleted", first: lan },

  { ...ofDisk, does: "create", title: "is created", later: disk },
  { ...ofDisk, does: "update", title: "grows", first: disk, later: { ...disk, sizeBytes: 8 * GiB } },
  {
    ...ofDisk,
    does: "replace",
    title: "is replaced",
    first: { path: "D:\\copy.vhdx", sizeBytes: GiB },
    later: { path: "D:\\copy.vhdx", sizeBytes: GiB, vhdType: "Fixed" },
  },
  { ...ofDisk, does: "delete", title: "is deleted", first: disk },

  { ...ofMachine, does: "create", title: "is created", later: web },
  {
    ...ofMachine,
    does: "update",
    title: "is changed with a restart",
    runs: true,
    first: web,
    later: {
      ...web,
      name: "web2",
      notes: "y",
      processor: { count: 4 },
      networkAdapters: [{ name: "front" }, { name: "back", switchName: "s" }],
      hardDiskDrives: [{ path: "D:\\a.vhdx" }, { path: "D:\\c.vhdx" }],
      automaticStopAction: "TurnOff",
    },
  },
  {
    ...ofMachine,
    does: "replace",
    title: "is replaced",
    runs: true,
    first: web,
    later: { ...web, generation: 1 },
  },
  { ...ofMachine, does: "delete", title: "is deleted", first: web },
  {
    ...ofMachine,
    does: "live-migrate",
    title: "is changed where it was live-migrated to",
    nodes,
    setup: [],
    runs: true,
    first: moving,
    between: [
      "Add-ClusterVirtualMachineRole -VirtualMachine web",
      "Move-ClusterVirtualMachineRole -Name web -Node HV02 -MigrationType Live",
    ],
    later: { ...moving, node: "HV02", notes: "moved" },
  },

  { ...ofCheckpoint, does: "create", title: "is taken", later: before },
  { ...ofCheckpoint, does: "update", title: "gets another name", first: before, later: { ...before, name: "later" } },
  {
    ...ofCheckpoint,
    does: "replace",
    title: "is replaced",
    first: before,
    later: { ...before, checkpointType: "Production" },
  },
  { ...ofCheckpoint, does: "delete", title: "is deleted", first: before },

  { ...ofRole, does: "create", title: "is created", later: role },
  {
    ...ofRole,
    does: "update",
    title: "is changed",
    first: role,
    later: { ...role, priority: 1000, preferredOwners: ["HV01", "HV02"], autoFailback: true, failoverThreshold: 2 },
  },
  { ...ofRole, does: "replace", title: "is replaced", first: role, later: { ...role, vmId: "$other" } },
  { ...ofRole, does: "delete", title: "is deleted", first: role },
  {
    ...ofRole,
    does: "live-migrate",
    title: "is live-migrated",
    runs: true,
    setup: [...ofRole.setup, "Start-VM -Name web"],
    first: { ...role, ownerNode: "HV01" },
    later: { ...role, ownerNode: "HV02" },
  },
];

/** A story up to where its change begins. */
export interface Scene {
  story: Story;
  world: World;
  state: State | undefined;
  later: Inputs | undefined;
}

export async function sceneOf(story: Story): Promise<Scene> {
  const simulator = Simulator.inMemory(story.nodes ? clustered(story.nodes) : standalone);
  const types = async (lines: readonly string[] = []) => {
    for (const line of lines)
      for (const { error } of await simulator.run("HV01", parseLine(line))) assert.equal(error, undefined, line);
  };
  await types(story.setup);
  const ids = new Map(machinesOf(await simulator.world()).map(({ name, id }) => [name, id]));
  const known = (inputs: Inputs | undefined) =>
    inputs && { ...inputs, ...(typeof inputs.vmId === "string" && { vmId: ids.get(inputs.vmId.slice(1)) }) };
  const first = known(story.first);
  const state = first && (await new Lifecycle(story.kind, simulator, story.nodes).create(first));
  await types(story.between);
  return { story, world: await simulator.world(), state, later: known(story.later) };
}

/** What the engine does with a resource, and what it keeps of it in its state. */
export class Engine {
  readonly simulator: Simulator;
  readonly lifecycle: Lifecycle;
  state: State | undefined;
  /** What was replaced, and is still to be deleted. */
  private readonly replaced: State[] = [];
  private isHalfMade = false;
  private readonly later: Inputs | undefined;

  constructor(
    readonly scene: Scene,
    simulator = Simulator.inMemory(structuredClone(scene.world)),
    hosts?: Hosts,
  ) {
    this.simulator = simulator;
    this.state = structuredClone(scene.state);
    this.later = scene.later;
    this.lifecycle = new Lifecycle(scene.story.kind, simulator, scene.story.nodes, hosts);
  }

  /** One up. */
  async up(): Promise<void> {
    const { lifecycle, later } = this;
    const { state } = this;
    if (!later) {
      if (state) await lifecycle.delete(state);
      this.state = undefined;
    } else if (!state) await this.keeping(() => lifecycle.create(later));
    else {
      const { changes, replaces, deleteBeforeReplace } = lifecycle.diff(state, later);
      if (replaces.length > 0 && deleteBeforeReplace) {
        await lifecycle.delete(state);
        this.state = undefined;
        await this.keeping(() => lifecycle.create(later));
      } else if (replaces.length > 0) {
        const old = state;
        await this.keeping(
          () => lifecycle.create(later),
          () => this.replaced.push(old),
        );
        // what failed on its way is finished by the next up, as an update
      } else if (changes || this.isHalfMade) await this.keeping(() => lifecycle.update(state, later));
    }
    for (const old of this.replaced) await lifecycle.delete(old);
    this.replaced.length = 0;
  }

  /** A thing half made is kept with its id, and finished by the next up whatever its state says. */
  private async keeping(work: () => Promise<State>, known: () => unknown = () => undefined): Promise<void> {
    try {
      this.state = await work();
      this.isHalfMade = false;
      known();
    } catch (error) {
      if (error instanceof PartialFailure) {
        this.state = { id: error.id, outputs: error.outputs };
        this.isHalfMade = true;
        known();
      }
      throw error;
    }
  }

  /** The states of all that the engine knows. */
  get states(): State[] {
    return [...(this.state ? [this.state] : []), ...this.replaced];
  }
}

export const nameOf = (call: Call | undefined): string =>
  call === undefined ? "none" : "cmdlet" in call ? call.cmdlet : `assign ${call.assign}`;

/** Every call that is made during an up, in order, also of those that go to every node. */
export async function callsDuring(engine: Engine, work = (): Promise<unknown> => engine.up()): Promise<Call[]> {
  const { simulator } = engine;
  const batches: (readonly Call[])[] = [];
  const run = simulator.run.bind(simulator);
  simulator.run = async (node, calls, options) => {
    const at = batches.push(calls) - 1;
    const results = await run(node, calls, options);
    // after the first that fails there is none
    batches[at] = calls.slice(0, results.length);
    return results;
  };
  await work();
  simulator.run = run;
  return batches.flat();
}

/** A message that says what was attempted on what and where, once. */
export function complainsWell(kind: string, error: unknown): string | undefined {
  const noun = definitions.find((definition) => definition.kind === kind)?.noun;
  if (!(error instanceof Error)) return `what was thrown is no error: ${String(error)}`;
  const { message } = error;
  const form = new RegExp(`^Unable to (create|read|update|delete) ${noun} "[^"]+" on (the simulated host|HV0\\d)\\b`);
  if (!form.test(message)) return `the message does not say what, which and where: ${message}`;
  const times = message.match(/Unable to /g)?.length ?? 0;
  const more = message.match(/And after that: Unable to /g)?.length ?? 0;
  if (times - more !== 1 || more > 1) return `the message is several: ${message}`;
  return undefined;
}

/** All that must hold after a change that may have failed, and no longer fails; nothing if it does. */
export async function wrongAfter(engine: Engine, failed: unknown): Promise<string[]> {
  const { scene, simulator, lifecycle } = engine;
  const { story } = scene;
  const wrong: string[] = [];
  const check = (isRight: boolean, says: string) => !isRight && wrong.push(says);
  const twice = (names: readonly string[]) => names.length !== new Set(names.map((name) => name.toLowerCase())).size;

  if (failed !== undefined) {
    const complaint = complainsWell(story.kind, failed);
    check(complaint === undefined, String(complaint));
  }
  const world = await simulator.world();
  const made = story.things(world);
  check(!twice(made), `made twice: ${made.join(", ")}`);
  check(
    made.length <= engine.states.length,
    `made, and lost: ${made.join(", ")} of which the state knows ${engine.states.length} (${messageOf(failed)})`,
  );
  for (const state of engine.states) {
    const isThere = isIn(world, story.kind, state.id);
    const read = await lifecycle.read(state).catch((error: unknown) => `a read fails: ${messageOf(error)}`);
    check(typeof read !== "string", String(read));
    check(read !== undefined || !isThere, `a read says that ${state.id} is gone, which is there`);
    check(read === undefined || isThere, `a read says that ${state.id} is there, which is gone`);
  }
  wrong.push(...lostFiles(scene.world, world, story));
  if (story.runs && scene.state && (story.does === "update" || story.does === "live-migrate")) {
    const [was] = machinesOf(scene.world).filter(({ state }) => state === "Running");
    const is = machinesOf(world).find(({ id }) => id === was?.id);
    check(is?.state === "Running", `the machine ran before, and is ${is?.state ?? "gone"} now`);
    wrong.push(...lostDisks(scene, was?.drives ?? [], is?.drives ?? []));
  }
  return wrong;
}

/** What must hold after another up that nothing disturbs. */
export async function wrongAtLast(engine: Engine): Promise<string[]> {
  const { scene, simulator, lifecycle, state } = engine;
  const { story, later } = scene;
  const wrong: string[] = [];
  const check = (isRight: boolean, says: string) => !isRight && wrong.push(says);
  const made = story.things(await simulator.world());
  check(made.length === (later ? 1 : 0), `at last there are: ${made.join(", ") || "none"}`);
  const [machine, ...others] = story.kind === "VirtualMachine" ? machinesOf(await simulator.world()) : [];
  check(others.length === 0, "there is more than one machine");
  if (machine && later) {
    check(machine.state === "Running", `at last the machine is ${machine.state}`);
    const adapters = (later.networkAdapters as unknown[]).length;
    check(machine.adapters.length === adapters, `at last it has ${machine.adapters.length} adapters`);
    const paths = machine.drives.flatMap(({ path }) => path ?? []).sort();
    const wanted = ((later.hardDiskDrives as { path: string }[] | undefined) ?? []).map(({ path }) => path).sort();
    check(paths.join() === wanted.join(), `at last its disks are ${paths.join(", ")}`);
  }
  if (!later || !state) {
    check(!later, "at last the state has nothing");
    return wrong;
  }
  check(!lifecycle.diff(state, later).changes, "a next up would change something");
  const changes = await lifecycle.changesDuring(() => lifecycle.update(state, later));
  check(changes.length === 0, `a next up does ${changes.join(" ")}`);
  const read = await lifecycle.read(state);
  check(read !== undefined, "a read says that it is gone");
  const inputs = Object.entries(read?.inputs ?? {}).filter(([key]) => !key.startsWith("__"));
  try {
    assert.deepEqual(Object.fromEntries(inputs), later);
  } catch (error) {
    wrong.push(`a read gives something else: ${messageOf(error)}`);
  }
  return wrong;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function isIn({ nodes: all, cluster }: World, kind: string, id: string): boolean {
  const same = (other: string) => other.toLowerCase() === id.toLowerCase();
  switch (kind) {
    case "VirtualSwitch":
      return all.some(({ switches }) => switches.some((one) => same(one.id)));
    case "VirtualHardDisk":
      return all.some(({ files }) => Object.keys(files).some(same));
    case "VirtualMachine":
      return all.some(({ machines }) => machines.some((one) => same(one.id)));
    case "Checkpoint":
      return all.some(({ machines }) => machines.some(({ checkpoints }) => checkpoints.some((one) => same(one.id))));
    default:
      return (cluster?.groups ?? []).some((group) => JSON.stringify(group).toLowerCase().includes(id.toLowerCase()));
  }
}

/** Files that the program did not make, or still wants. */
function lostFiles(before: World, after: World, story: Story): string[] {
  const own = (path: string) =>
    story.kind === "VirtualHardDisk" && story.does !== "update" && path.toLowerCase() === "d:\\copy.vhdx";
  return before.nodes.flatMap(({ name, files }) => {
    const now = after.nodes.find((node) => node.name === name)?.files ?? {};
    return Object.entries(files)
      .filter(([key, { path, kind }]) => kind === "file" && /\.(vhdx|iso)$/i.test(path) && !own(path) && !now[key])
      .map(([, { path }]) => `${path} is gone`);
  });
}

type Drives = World["nodes"][number]["machines"][number]["drives"];

/** Disks that were attached, and that the program wants still. */
function lostDisks({ later }: Scene, were: Drives, are: Drives): string[] {
  const wanted = ((later?.hardDiskDrives ?? []) as { path: string }[]).map(({ path }) => path.toLowerCase());
  return were
    .flatMap(({ path }) => path ?? [])
    .filter(
      (path) =>
        wanted.includes(path.toLowerCase()) && !are.some((drive) => drive.path?.toLowerCase() === path.toLowerCase()),
    )
    .map((path) => `${path} is attached no longer`);
}
