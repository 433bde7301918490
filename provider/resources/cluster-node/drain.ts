import type { CallResult } from "../../calls";
import { allGroups } from "../clusters";
import { type Step, valuesOf, type Wait } from "../definition";
import { type Machine, machinesOn, nodeShape, type Observed, oneNode } from "./observed";

/** What is drained, and where what is on it may go. */
export type Drained = Pick<Observed, "name" | "state" | "drainStatus" | "machines" | "others">;

/** Takes everything off a node, from whatever has been done already; `late` is said at the deadline. */
export function drained(node: Drained, seconds: number, late = goesOn): Step[] {
  const { state, drainStatus, machines } = node;
  // one that is down has nothing to drain: what ran on it runs elsewhere
  if (state === "Down") return [];
  if (state !== "Paused") return [drain(node, seconds, late)];
  if (drainStatus === "InProgress") return [awaitDrain(node, seconds)];
  if (machines.length === 0 || drainStatus === "Completed") return [];
  return drainStatus === "Failed" ? moveAway(node) : [drain(node, seconds, late)];
}

const goesOn = "The drain goes on, and the next pulumi up waits for it";

/** Pauses the node and sees everything off it. Not with -Wait: then nobody could tell how far it has come. */
function drain({ name, machines }: Drained, seconds: number, late: string): Step {
  return {
    does: `drain ${name}`,
    properties: ["state"],
    notice: noticeOf(name, machines),
    calls: [{ cmdlet: "Suspend-ClusterNode", parameters: { Name: name, Drain: true, Cluster: "." } }],
    wait: waitFor({ name, machines }, seconds, late),
  };
}

/** One that somebody has begun, or whose session was lost. */
function awaitDrain({ name, machines }: Drained, seconds: number): Step {
  return {
    does: `wait for the drain of ${name}`,
    properties: ["state"],
    calls: [],
    wait: waitFor({ name, machines }, seconds, goesOn),
  };
}

/**
 * A drain that has failed says of no machine why it stays (D, hyper-v.md 7.3). To send each to another node by itself either
 * succeeds, or is answered with the reason.
 */
function moveAway({ name, machines, others }: Drained): Step[] {
  const [to] = others.filter(({ state }) => state === "Up").sort((one, other) => one.machines - other.machines);
  return machines.map((machine) => ({
    does: `move ${machine.name}${to ? ` to ${to.name}` : ""}, which the drain has left on ${name}; ${name} stays paused`,
    properties: ["state"],
    calls: [
      {
        cmdlet: "Move-ClusterVirtualMachineRole",
        parameters: {
          Name: machine.name,
          // live only for what is online (seen in shipping scripts, hyper-v.md 7.3)
          MigrationType: isOnline(machine) ? "Live" : "Quick",
          Cluster: ".",
          ...(to && { Node: to.name }),
        },
      },
    ],
    advice: 'Remove what is in the way and run pulumi up again, or set state: "Up" to give the node back.',
  }));
}

function waitFor({ name, machines }: Pick<Drained, "name" | "machines">, deadlineSeconds: number, late: string): Wait {
  const left = (results: readonly CallResult[]) => machinesOn(name, valuesOf(results, 1));
  const progress = (results: readonly CallResult[]) => {
    const there = left(results).map((machine) => machine.name);
    const moved = machines.filter((machine) => !there.includes(machine.name)).length;
    return `${moved} of ${machines.length} ${machines.length === 1 ? "machine" : "machines"} moved`;
  };
  return {
    calls: [oneNode(name), allGroups],
    until: (results) => {
      const { State, DrainStatus } = nodeShape.parse(valuesOf(results, 0)[0]);
      // one that went down, or that somebody has resumed, drains no longer
      return State !== "Paused" || DrainStatus === "Completed" || DrainStatus === "Failed";
    },
    progress: machines.length === 0 ? undefined : progress,
    deadlineSeconds,
    everySeconds: 5,
    failure: (results) =>
      `${progress(results)} within ${deadlineSeconds} seconds. Still on ${name}: ${left(results).map(shown).join(", ") || "none of its machines"}. ${late}`,
  };
}

/** What the cluster says of a machine that stays. */
function shown({ name, state, information }: Machine): string {
  const words =
    information === "" || information === "0" || information === "Normal" ? state : `${state}, ${information}`;
  return `${name} (${words})`;
}

const isOnline = ({ state }: Machine): boolean => state === "Online";

/** Live from this priority on, unless the cluster's MoveTypeThreshold says otherwise (D, hyper-v.md 7.3). */
const leastLive = 2000;

function noticeOf(name: string, machines: readonly Machine[]): string {
  const running = machines.filter(isOnline);
  const live = running.filter(({ priority }) => priority >= leastLive).length;
  const off = running.filter(({ priority }) => priority === 0).length;
  const saved = running.length - live - off;
  const still = machines.length - running.length;
  const parts = [
    live > 0 ? `moves ${counted(live)} live` : "",
    saved > 0 ? `saves ${counted(saved)} of low priority and resumes them elsewhere` : "",
    off > 0 ? `turns off ${counted(off)} of priority 0` : "",
    still > 0 ? `moves ${counted(still)} that ${still === 1 ? "does" : "do"} not run` : "",
  ].filter((part) => part !== "");
  return `drains ${name}: ${parts.join(", ") || "no machine is on it"}`;
}

const counted = (count: number): string => `${count} ${count === 1 ? "machine" : "machines"}`;
