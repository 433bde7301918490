import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import type { State } from "../../provider/lifecycle/handlers";
import { connectSimulated } from "../../provider/simulated-hosts";
import { Simulator, type World, type WorldDescription } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

export const GiB = 2 ** 30;
export const volume = "C:\\ClusterStorage\\Volume1";
export type Inputs = Record<string, unknown>;

/** A program that says one thing, and then another. Without the one it is created, without the other deleted. */
export interface Story {
  kind: string;
  does: "create" | "update" | "replace" | "delete" | "live-migrate";
  title: string;
  first?: Inputs;
  later?: Inputs;
  nodes?: readonly string[];
  /** Whether the nodes are in no cluster. */
  sharesNothing?: true;
  /** What an administrator types before, and between the one and the other. */
  setup?: readonly string[];
  between?: readonly string[];
  /** Whether the thing is there whatever programs do: they only set it. */
  isOnlySet?: true;
  /** What there is in its world beside the nodes. */
  more?: Partial<WorldDescription>;
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

/** Hosts that send each other machines. */
const apart = (nodes: readonly string[]): WorldDescription => ({
  nodes: nodes.map((name) => ({ name })),
  session: "remote",
  guestsBoot: true,
  seed: "faults",
});

export const machinesOf = ({ nodes }: World) => nodes.flatMap(({ machines }) => machines);

/** A story up to where its change begins. */
export interface Scene {
  story: Story;
  world: World;
  state: State | undefined;
  later: Inputs | undefined;
}

export async function sceneOf(story: Story): Promise<Scene> {
  const { nodes: names, sharesNothing } = story;
  const described = { ...(names ? (sharesNothing ? apart(names) : clustered(names)) : standalone), ...story.more };
  const simulator = Simulator.inMemory(described);
  const types = async (lines: readonly string[] = []) => {
    for (const line of lines) {
      const [, on = "HV01", typed = line] = /^(\w+): (.*)$/.exec(line) ?? [];
      for (const { error } of await simulator.run(on, parseLine(typed))) assert.equal(error, undefined, line);
    }
  };
  await types(story.setup);
  const ids = new Map(machinesOf(await simulator.world()).map(({ name, id }) => [name, id]));
  const idOf = (name: unknown) => ids.get(String(name).slice(1));
  const known = (inputs: Inputs | undefined) =>
    inputs && {
      ...inputs,
      ...(typeof inputs.vmId === "string" && { vmId: idOf(inputs.vmId) }),
      ...(Array.isArray(inputs.vmIds) && { vmIds: inputs.vmIds.map(idOf) }),
    };
  const first = known(story.first);
  const hosts = connectSimulated(simulator, names, !sharesNothing);
  const state = first && (await new Lifecycle(story.kind, simulator, names, hosts).create(first));
  await types(story.between);
  return { story, world: await simulator.world(), state, later: known(story.later) };
}
