import assert from "node:assert/strict";
import { definitions } from "../../provider";
import type { World } from "../../provider/simulator";
import type { Engine } from "./engine";
import { machinesOf, type Scene, type Story } from "./story";

/** A message that says what was attempted on what and where, once. */
export function complainsWell(kind: string, error: unknown): string | undefined {
  const { noun, birth } = definitions.find((definition) => definition.kind === kind) ?? {};
  if (!(error instanceof Error)) return `what was thrown is no error: ${String(error)}`;
  const { message } = error;
  // of what is only set the host tells the name, at the first look
  const begins = birth
    ? `(create|read|update|delete) ${noun} "[^"]+"`
    : `(create ${noun}|(create|read|update) ${noun} "[^"]+")`;
  const form = new RegExp(`^Unable to ${begins} on (the simulated host|HV0\\d)\\b`);
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
    story.isOnlySet || made.length <= engine.states.length,
    `made, and lost: ${made.join(", ")} of which the state knows ${engine.states.length} (${messageOf(failed)})`,
  );
  for (const state of engine.states) {
    const isThere = isIn(world, story, state.id);
    const read = await lifecycle.read(state).catch((error: unknown) => `a read fails: ${messageOf(error)}`);
    // of a thing of two files one may be left, which nobody can read, and which is deleted all the same
    const isHalfGone = story.does === "delete" && String(read).includes("it is deleted unread");
    check(typeof read !== "string" || isHalfGone, String(read));
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
  check(story.isOnlySet || made.length === (later ? 1 : 0), `at last there are: ${made.join(", ") || "none"}`);
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

function isIn(world: World, { kind, isOnlySet, things }: Story, id: string): boolean {
  const { nodes: all, cluster } = world;
  const same = (other: string) => other.toLowerCase() === id.toLowerCase();
  switch (kind) {
    case "VirtualSwitch":
      return all.some(({ switches }) => switches.some((one) => same(one.id)));
    case "VirtualHardDisk":
      return [...all.map(({ files }) => files), cluster?.files ?? {}].some((files) => Object.keys(files).some(same));
    case "VirtualMachine":
      return all.some(({ machines }) => machines.some((one) => same(one.id)));
    case "Checkpoint":
      return all.some(({ machines }) => machines.some(({ checkpoints }) => checkpoints.some((one) => same(one.id))));
    case "ClusterVirtualMachineRole":
      return (cluster?.groups ?? []).some((group) => JSON.stringify(group).toLowerCase().includes(id.toLowerCase()));
    default:
      return isOnlySet || things(world).some(same);
  }
}

/** Files that the program did not make, or still wants. */
function lostFiles(before: World, after: World, story: Story): string[] {
  const own = (path: string) =>
    story.kind === "VirtualHardDisk" && story.does !== "update" && path.toLowerCase() === "d:\\copy.vhdx";
  return before.nodes.flatMap(({ name, files }) => {
    // a machine that moves takes its files along
    const there = after.nodes.filter((node) => story.sharesNothing || node.name === name);
    const now = Object.assign({}, ...there.map((node) => node.files));
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
