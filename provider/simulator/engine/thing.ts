import type { Machine, Node, World } from "../world/world";

/**
 * An object that a cmdlet returned: live, as a host's are, so a property is read when it is used. It holds no data, only
 * how to find the thing in a world; what is gone still knows its identity.
 */
export class Thing {
  constructor(
    /** Class name of the reference, such as `VirtualMachine`. */
    readonly type: string,
    /** Its key, or what works that out where it costs something: few ask for it. */
    private readonly keyed: string | (() => string),
    /** Properties that hold for ever, answered even when the thing is gone. */
    readonly identity: Readonly<Record<string, unknown>>,
    private readonly view: (world: World) => View | readonly View[] | undefined,
    /** What it is where a string is wanted: the name of a cluster's object. */
    private readonly text?: string,
  ) {}

  toString(): string {
    return this.text ?? this.type;
  }

  /** Type and identity as text: the same thing has the same key in every process. */
  get key(): string {
    return typeof this.keyed === "string" ? this.keyed : this.keyed();
  }

  exists(world: World): boolean {
    return this.view(world) !== undefined;
  }

  /** Null for what the class has and nobody modelled, as PowerShell gives for what an object does not have. */
  read(world: World, property: string): unknown {
    return this.reader(world)(property);
  }

  /** Reads properties of one moment: the view is made once for all of them. */
  reader(world: World): (property: string) => unknown {
    const bags = [...viewsOf(this.view(world)), this.identity];
    return (property) => {
      for (const bag of bags) if (property in bag) return shown(bag[property]);
      const name = otherName(bags, property);
      return name === undefined ? null : shown(bags.find((bag) => name in bag)?.[name]);
    };
  }

  /** Names of the properties that have a value now. */
  properties(world: World): string[] {
    return [...new Set([this.view(world) ?? this.identity].flat().flatMap(Object.keys))];
  }
}

/**
 * Property by property what an object shows: values, or functions where working one out costs something. Of several views
 * of one object the first that has a property tells it.
 */
export type View = Readonly<Record<string, unknown>>;

/** Views that come as one or as several. */
export function viewsOf(view: View | readonly View[] | undefined): readonly View[] {
  return view === undefined ? [] : isList(view) ? view : [view];
}

const isList = (view: View | readonly View[]): view is readonly View[] => Array.isArray(view);

function shown(value: unknown): unknown {
  return typeof value === "function" ? value() : (value ?? null);
}

/** PowerShell finds a property in any case of letters. */
function otherName(bags: readonly View[], property: string): string | undefined {
  const wanted = property.toLowerCase();
  return bags.flatMap(Object.keys).find((key) => key.toLowerCase() === wanted);
}

/** A record of the moment, such as a VirtualHardDisk: nothing about it changes any more. */
export function record(type: string, properties: View): Thing {
  return new Thing(
    type,
    () => `${type}:${JSON.stringify(properties)}`,
    {},
    () => properties,
  );
}

export interface Located {
  node: Node;
  machine: Machine;
}

/** Where each machine of a node was found last, for as long as it is still there: every part of a machine looks for it. */
const places = new WeakMap<Node, Map<string, number>>();

/** Finds a machine by id on one node. */
export function machineOn(node: Node, id: string): Machine | undefined {
  const known = places.get(node) ?? new Map<string, number>();
  const there = node.machines[known.get(id) ?? 0];
  if (there?.id === id) return there;
  const index = node.machines.findIndex((candidate) => candidate.id === id);
  places.set(node, known.set(id, index));
  return node.machines[index];
}

/** Finds a machine by id wherever it lives; a replica of it has the same id, and a mark of its own (K, hyper-v-host.md 6.1). */
export function locate(world: World, id: string, copy?: string): Located | undefined {
  for (const node of world.nodes) {
    const machine = machineOn(node, id);
    if (machine && machine.copy === copy) return { node, machine };
  }
  return undefined;
}

/** The mark of a replica in the key of what belongs to it. */
export function copyMark({ copy }: { copy?: string }): string {
  return copy === undefined ? "" : `@${copy}`;
}
