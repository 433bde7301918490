import { sameNode } from "../../calls/node-name";
import type { Plan, Refusal, Step } from "../definition";
import { same } from "../definition";
import { evictions, refusedEvictions } from "./evicting";
import { joins } from "./joining";
import type { Member, Observed } from "./observed";
import { type Desired, drainSeconds } from "./schema";

export function plan(observed: Observed, desired: Desired): Plan {
  const fixed = differing(observed, desired);
  if (fixed.length > 0) {
    const refusals = refusedReplacement(observed, desired, fixed);
    return { steps: [], refusals, replaces: refusals.length > 0 ? [] : fixed };
  }
  const { joining, leaving, staying } = changes(observed, desired);
  return {
    steps: nodeSteps(observed, desired),
    refusals: refusedEvictions(observed, { joining, leaving, staying }),
    replaces: [],
  };
}

function nodeSteps(observed: Observed, desired: Desired): Step[] {
  const { joining, leaving, staying } = changes(observed, desired);
  const [first] = [...acting(staying), ...acting(observed.nodes)];
  const seconds = desired.drainTimeoutSeconds ?? drainSeconds;
  // of those who leave none speaks for the cluster: it would be gone with its answer
  const then = acting(staying)[0]?.name ?? joining[0];
  return [
    ...joins({ joining, arriving: staying.filter(({ state }) => state === "Joining"), via: first?.name }),
    ...evictions(observed, { leaving, via: then, seconds }),
  ];
}

/** Who can speak for the cluster, those first that are in nothing's way. */
function acting(nodes: readonly Member[]): Member[] {
  const up = nodes.filter(({ state }) => state === "Up");
  return [...up, ...nodes.filter(({ state }) => state === "Paused")];
}

function changes({ nodes }: Observed, desired: Desired) {
  const { nodes: wanted = nodes.map(({ name }) => name) } = desired;
  return {
    joining: wanted.filter((name) => !nodes.some((node) => sameNode(node.name, name))),
    leaving: nodes.filter(({ name }) => !wanted.some((other) => sameNode(other, name))),
    staying: nodes.filter(({ name }) => wanted.some((other) => sameNode(other, name))),
  };
}

type Fixed = "name" | "staticAddresses" | "administrativeAccessPoint";

/** What a cluster is made with, and keeps (D, V; hyper-v-host.md 8). */
function differing(observed: Observed, desired: Desired): Fixed[] {
  const { name, staticAddresses, administrativeAccessPoint: point } = desired;
  const different: Record<Fixed, boolean> = {
    name: name !== undefined && !same(name, observed.name),
    staticAddresses: staticAddresses !== undefined && !sameAddresses(staticAddresses, observed.staticAddresses),
    administrativeAccessPoint: point !== undefined && point !== observed.accessPoint,
  };
  return (Object.keys(different) as Fixed[]).filter((key) => different[key]);
}

export function sameAddresses(one: readonly string[], other: readonly string[]): boolean {
  return [...new Set(one)].sort().join() === [...new Set(other)].sort().join();
}

/** Before anything is taken away: in place of a cluster that may not be destroyed none is made. */
function refusedReplacement(observed: Observed, desired: Desired, fixed: readonly Fixed[]): Refusal[] {
  const [why] = obstacles(observed, desired.allowDestroy === true);
  if (!why) return [];
  return fixed.map((key) => ({
    path: [key],
    reason: `is ${is(observed, key)}, and cannot change in place: the cluster would be destroyed and created again. ${why.because}${byHand(key)}`,
    ...(why.passing && { passing: true as const }),
  }));
}

const is = (observed: Observed, key: Fixed): string =>
  ({
    name: observed.name,
    staticAddresses: observed.staticAddresses.join(", ") || "given by DHCP",
    administrativeAccessPoint: observed.accessPoint,
  })[key];

const byHand = (key: Fixed): string =>
  ({
    name: '. To rename it, run (Get-Cluster).Name = "..." on a node, then pulumi refresh',
    staticAddresses:
      ". To change them in place, use Set-ClusterParameter on the cluster's IP address, then pulumi refresh",
    administrativeAccessPoint: "",
  })[key];

interface Obstacle {
  /** A sentence, without its end. */
  because: string;
  /** Whether it may have changed since. */
  passing: boolean;
}

/** Why a cluster may not be destroyed, what a program cannot settle first. */
export function obstacles({ groups, nodes }: Observed, isAllowed: boolean): Obstacle[] {
  const away = nodes.filter(({ state }) => state !== "Up" && state !== "Paused");
  const roles = listed(groups.map(({ name }) => name));
  const missing = away.map(({ name, state }) => `${name} is ${state.toLowerCase()}`).join(" and ");
  return [
    ...(groups.length > 0 ? [{ because: `It still has roles: ${roles}. Remove them first`, passing: true }] : []),
    ...(away.length > 0
      ? [
          {
            because: `${missing}, and would take itself for a member afterwards. Bring it back, or take it out of nodes first`,
            passing: true,
          },
        ]
      : []),
    ...(isAllowed
      ? []
      : [{ because: "allowDestroy is not true. Set it, run pulumi up, then try again", passing: false }]),
  ];
}

const most = 10;

/** The first of many, and how many more there are. */
export function listed(names: readonly string[]): string {
  const more = names.length > most ? ` and ${names.length - most} more` : "";
  return `${names.slice(0, most).join(", ")}${more}`;
}
