import { z } from "zod";
import type { Question } from "../../calls";
import { sameNode } from "../../calls/node-name";
import { namedShape } from "../cluster-node/observed";
import type { Step, Wait } from "../definition";
import { valuesOf } from "../definition";
import { allNodes, type Member } from "./observed";

interface Joining {
  joining: readonly string[];
  /** Who has begun to. */
  arriving: readonly Member[];
  /** The node that lets them in. */
  via: string | undefined;
}

/** Everybody is looked at before anybody is let in. */
export function joins({ joining, arriving, via }: Joining): Step[] {
  return [
    ...arriving.map(({ name }) => ({ ...waiting(name), at: { node: via } })),
    ...joining.map(free),
    ...joining.map(
      (name): Step => ({
        does: `add ${name} to the cluster`,
        properties: ["nodes"],
        notice: `adds ${name} to the cluster`,
        at: { node: via },
        // without it the cluster takes every disk that the node sees (D, hyper-v-host.md 8)
        calls: [{ cmdlet: "Add-ClusterNode", parameters: { Name: name, NoStorage: true, Cluster: "." } }],
        wait: isUp(name),
      }),
    ),
  ];
}

function waiting(name: string): Step {
  return { does: `wait for ${name} to join`, properties: ["nodes"], calls: [], wait: isUp(name) };
}

/** Seconds for the service of a node that joins to start there. */
const arrivalSeconds = 300;

function isUp(name: string): Wait {
  const stateOf: (values: readonly unknown[]) => string = (values) =>
    values.map((value) => namedShape.parse(value)).find((node) => sameNode(node.Name, name))?.State ?? "not there";
  return {
    calls: [allNodes],
    until: (results) => ["Up", "Paused"].includes(stateOf(valuesOf(results, 0))),
    deadlineSeconds: arrivalSeconds,
    everySeconds: 5,
    failure: (results) =>
      `it is ${stateOf(valuesOf(results, 0))} after ${arrivalSeconds} seconds. Look at its service ClusSvc; where it was left half done, ` +
      `evict it, run Clear-ClusterNode -Force on ${name}, then run pulumi up again`,
  };
}

export const ownName: Question = { cmdlet: "Get-VMHost", select: { Name: null } };

/** What a node keeps for as long as it is a member, or takes itself for one: also while its service is stopped (V, hyper-v-host.md 8). */
export const trace: Question = {
  cmdlet: "Test-Path",
  parameters: { LiteralPath: "C:\\Windows\\Cluster\\CLUSDB" },
  select: {},
};

export const hasTrace = (values: readonly unknown[]): boolean => values[0] === true;

export const hostShape = z.object({ Name: z.string() });

/** A node that is in a cluster, or was, joins no other; one that has another name is somebody else. */
function free(name: string): Step {
  return {
    does: `add ${name} to the cluster`,
    properties: ["nodes"],
    at: { node: name },
    calls: [],
    wait: {
      calls: [ownName, trace],
      until: (results) => isNamed(valuesOf(results, 0), name) && !hasTrace(valuesOf(results, 1)),
      deadlineSeconds: 0,
      everySeconds: 1,
      failure: (results) => {
        const [host] = valuesOf(results, 0);
        return isNamed(valuesOf(results, 0), name)
          ? taken(name)
          : `the host's own name is ${hostShape.parse(host).Name}: write that in nodes, and in the provider's`;
      },
    },
  };
}

function isNamed([host]: readonly unknown[], name: string): boolean {
  return sameNode(hostShape.parse(host).Name, name);
}

/** What to do about a node that keeps what a member keeps. */
export const taken = (name: string): string =>
  `${name} has the database of a cluster, as a member has, whether its cluster service runs or not. If it is a member of another one, evict it ` +
  "there first. If it was evicted while it was down, or was left half done by New-Cluster or Add-ClusterNode, run Clear-ClusterNode " +
  `-Force on ${name}`;
