import { type Action, result } from "../../calls";
import type { Plan, Refusal, Step } from "../definition";
import { drained } from "./drain";
import type { Observed } from "./observed";
import { type Desired, drainSeconds } from "./schema";

export function plan(observed: Observed, desired: Desired): Plan {
  const seconds = desired.drainTimeoutSeconds ?? drainSeconds;
  const steps = [...vote(observed, desired)];
  const refusals: Refusal[] = [];
  if (desired.state === "Paused") {
    refusals.push(...alone(observed, desired));
    steps.push(...drained(observed, seconds));
  }
  if (desired.state === "Up") {
    refusals.push(...present(observed));
    if (observed.state === "Paused") steps.push(resume(observed, desired));
  }
  return { steps, refusals, replaces: [] };
}

function vote({ name, nodeWeight }: Observed, desired: Desired): Step[] {
  if (desired.nodeWeight === undefined || desired.nodeWeight === nodeWeight) return [];
  const find: Action = { cmdlet: "Get-ClusterNode", parameters: { Name: name, Cluster: "." }, as: "node" };
  return [
    {
      does: desired.nodeWeight ? "give the node a vote in the quorum" : "remove the node's vote from the quorum",
      properties: ["nodeWeight"],
      calls: [find, { assign: "NodeWeight", target: result("node"), value: desired.nodeWeight ? 1 : 0 }],
      ...(!desired.nodeWeight && { notice: `removes the vote of ${name} from the quorum` }),
    },
  ];
}

/** Before anything is taken off it: what is on a node needs another one, and a cluster its quorum. */
function alone({ state, others }: Observed, { allowTogether }: Desired): Refusal[] {
  const away = others.filter((node) => node.state !== "Up");
  if (state === "Down" || state === "Paused" || allowTogether || away.length === 0) return [];
  const these = away.map((node) => `${node.name} is ${node.state.toLowerCase()}`).join(" and ");
  return [
    {
      path: ["state"],
      passing: true,
      reason: `cannot become "Paused" while ${these}. Bring that back first, in a run of its own, or set allowTogether: true`,
    },
  ];
}

function present({ name, state }: Observed): Refusal[] {
  if (state === "Up" || state === "Paused") return [];
  return [
    {
      path: ["state"],
      passing: true,
      reason: `cannot become "Up": ${name} is ${state.toLowerCase()}. Start it and its cluster service, then run pulumi up again, or leave state out`,
    },
  ];
}

function resume({ name }: Observed, { failback = "NoFailback" }: Desired): Step {
  const back = {
    Immediate: ", and what was drained from it comes back at once",
    NoFailback: ", and nothing comes back by itself",
    Policy: ", and what fails back by its own policy comes back",
  }[failback];
  return {
    does: `resume ${name}`,
    properties: ["state"],
    notice: `resumes ${name}${back}`,
    calls: [{ cmdlet: "Resume-ClusterNode", parameters: { Name: name, Failback: failback, Cluster: "." } }],
  };
}
