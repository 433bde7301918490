import { type Drained, drained } from "../cluster-node/drain";
import type { Refusal, Step } from "../definition";
import { same, valuesOf } from "../definition";
import { allGroups, groupsIn, type Member, type Observed } from "./observed";

interface Leaving {
  leaving: readonly Member[];
  /** The node that evicts them. */
  via: string | undefined;
  seconds: number;
}

/** Those first that are down: with them the others would be fewer than half. */
export function evictions(observed: Observed, { leaving, via, seconds }: Leaving): Step[] {
  const at = { node: via };
  const isDown = ({ state }: Member) => state === "Down";
  const inOrder = [...leaving.filter(isDown), ...leaving.filter((node) => !isDown(node))];
  return inOrder
    .flatMap((node) =>
      isDown(node) ? [removed(node.name, unseen(node.name))] : emptied(observed, node, leaving, seconds),
    )
    .map((step) => ({ ...step, at }));
}

const unseen = (name: string) =>
  `evicts ${name}, which is down: when it is back, run Clear-ClusterNode -Force on it, as it still takes itself for a member`;

function emptied(observed: Observed, node: Member, leaving: readonly Member[], seconds: number): Step[] {
  const { name, state } = node;
  const [drain, ...more] = drained(withOthers(observed, node, leaving), seconds, resumed(name)).map((step) => ({
    ...step,
    properties: ["nodes"],
  }));
  const steps = drain ? [withUndo(drain, node), ...more] : [];
  return [...steps, nothingLeft(node), removed(name, state === "Paused" ? `evicts ${name}` : undefined)];
}

/** What fails behind the drain leaves the node as it was; one that somebody paused stays paused. */
function withUndo(drain: Step, { name, state }: Member): Step {
  if (state === "Paused") return drain;
  return {
    ...drain,
    notice: `${drain.notice}; then evicts it`,
    undo: [{ cmdlet: "Resume-ClusterNode", parameters: { Name: name, Failback: "NoFailback", Cluster: "." } }],
  };
}

const resumed = (name: string) =>
  `${name} is not evicted: it is resumed, and what has moved stays where it is. Raise drainTimeoutSeconds, then run pulumi up again`;

/** What is drained goes to those who stay. */
function withOthers({ nodes }: Observed, node: Member, leaving: readonly Member[]): Drained {
  const others = nodes.filter((other) => !leaving.includes(other));
  return {
    ...node,
    others: others.map(({ name, state, machines }) => ({ name, state, machines: machines.length })),
  };
}

/** A role that no other node may have goes with its node: so none is evicted with one. */
function nothingLeft({ name, state }: Member): Step {
  const left = (values: readonly unknown[]) => groupsIn(values).filter(({ owner }) => same(owner, name));
  return {
    does: `evict ${name}`,
    properties: ["nodes"],
    calls: [],
    wait: {
      calls: [allGroups],
      until: (results) => left(valuesOf(results, 0)).length === 0,
      deadlineSeconds: 0,
      everySeconds: 1,
      failure: (results) =>
        `${left(valuesOf(results, 0))
          .map((group) => group.name)
          .join(
            ", ",
          )} could not move to another node. ${name} is not evicted: it ${state === "Paused" ? "stays paused" : "is resumed"}. ` +
        "Move the role, let another node own it (possibleOwners) or remove it, then run pulumi up again",
    },
  };
}

function removed(name: string, notice: string | undefined): Step {
  return {
    does: `evict ${name}`,
    properties: ["nodes"],
    calls: [{ cmdlet: "Remove-ClusterNode", parameters: { Name: name, Force: true, Cluster: "." } }],
    ...(notice !== undefined && { notice }),
  };
}

interface Changes {
  joining: readonly string[];
  leaving: readonly Member[];
  staying: readonly Member[];
}

/** Before anybody is asked to go. */
export function refusedEvictions({ groups }: Observed, { joining, leaving, staying }: Changes): Refusal[] {
  if (leaving.length === 0) return [];
  const stranded = leaving
    .filter(({ state }) => state === "Down")
    .flatMap(({ name }) => groups.filter(({ owner }) => same(owner, name)).map((group) => `${group.name} on ${name}`));
  const lost: Refusal[] =
    stranded.length === 0
      ? []
      : [
          {
            path: ["nodes"],
            passing: true,
            reason: `leaves out a node that is down and still owns a role: ${stranded.join(", ")}. Move or remove the role first`,
          },
        ];
  return [...lost, ...withoutQuorum(joining, staying)];
}

/** More than half of those who stay have to be there, as each may have a vote (hyper-v-host.md 8). */
function withoutQuorum(joining: readonly string[], staying: readonly Member[]): Refusal[] {
  const away = staying.filter(({ state }) => state !== "Up" && state !== "Paused");
  const all = staying.length + joining.length;
  if ((all - away.length) * 2 > all) return [];
  return [
    {
      path: ["nodes"],
      passing: true,
      reason:
        `would leave a cluster in which ${away.map(({ name, state }) => `${name} is ${state.toLowerCase()}`).join(" and ")}, ` +
        "without the majority of its nodes. Bring them back, or leave them out as well",
    },
  ];
}
