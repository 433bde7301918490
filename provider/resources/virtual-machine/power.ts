import { type Call, result } from "../../calls";
import type { Problem } from "../../schema";
import { type Plan, type Step, valuesOf } from "../definition";
import type { Change } from "./change";
import { machineCall, type Observed } from "./observed";
import type { Desired } from "./schema";

type Rest = "Running" | "Off" | "Saved" | "Paused";

const resting: readonly string[] = ["Running", "Off", "Saved", "Paused"];

/**
 * Puts the changes in order around the machine's power: those that it takes as it runs, then, if any needs it off, one
 * shutdown, all of these, and one start; at the end the state that the program wants, or the one it had.
 */
export function inOrder(observed: Observed, desired: Desired, changes: readonly Change[]): Plan {
  if (!resting.includes(observed.state)) return settled(observed);
  const now = observed.state as Rest;
  const target = desired.state ?? now;
  const step = (change: Change): Step => ({
    does: change.does,
    properties: [change.property],
    calls: [machineCall(observed.id), ...change.calls],
  });
  const suspended = now === "Saved" || now === "Paused";
  const staysSuspended = suspended && (target === "Saved" || target === "Paused");
  const cold = (change: Change) => change.when === "off" || (change.when === "awake" && staysSuspended);
  const power = (from: Rest, to: Rest) => transition(observed.id, desired, from, to);

  const hot = changes.filter((change) => !cold(change)).map(step);
  const off = changes.filter(cold);
  if (off.length === 0 || now === "Off") {
    // going up from off, or down to it, everything is done where nothing runs
    if (now === "Off") return plan([...hot, ...off.map(step), ...power(now, target)]);
    if (target === "Off" || suspended) return plan([...power(now, target), ...hot]);
    return plan([...hot, ...power(now, target)]);
  }
  if (target !== "Off" && !desired.allowRestart) return refused(off, now);
  const [before, after] = suspended ? [[], hot] : [hot, []];
  return plan([...before, ...power(now, "Off"), ...after, ...off.map(step), ...power("Off", target)]);
}

function plan(steps: readonly Step[]): Plan {
  return { steps, refusals: [], replaces: [] };
}

function refused(changes: readonly Change[], now: Rest): Plan {
  const refusals = changes.map(
    ({ property }): Problem => ({
      path: [property],
      reason:
        `changes only while the machine is off, and it is ${now}. Set allowRestart: true to have it restarted for this, ` +
        `or state: "Off"`,
    }),
  );
  return { steps: [], refusals, replaces: [] };
}

/** A machine on its way from one state to another is waited for, and then looked at again. */
function settled(observed: Observed): Plan {
  return plan([
    {
      does: `wait until it is no longer ${observed.state}`,
      calls: [],
      wait: {
        calls: [{ ...machineCall(observed.id), select: { State: null } } as Call],
        until: (results) => resting.includes(stateIn(results)),
        deadlineSeconds: 600,
        everySeconds: 2,
        failure: `it is still ${observed.state} after 10 minutes`,
      },
    },
  ]);
}

/** Steps from one state to another. */
export function transition(id: string, desired: Desired, from: Rest, to: Rest): Step[] {
  if (from === to) return [];
  const vm = result("vm");
  const act = (does: string, call: Call): Step => ({
    does,
    properties: ["state"],
    calls: [machineCall(id), call],
  });
  const start = act("start the machine", { cmdlet: "Start-VM", parameters: { VM: vm } });
  const resume = act("resume the machine", { cmdlet: "Resume-VM", parameters: { VM: vm } });
  if (to === "Off") {
    if (from === "Saved") return [start, shutDown(id, desired)];
    if (from === "Paused") return [resume, shutDown(id, desired)];
    return [shutDown(id, desired)];
  }
  // Start-VM resumes what is saved and refuses what is paused (recorded, hyper-v.md 2.7)
  const running = from === "Running" ? [] : from === "Paused" ? [resume] : [start];
  if (to === "Running") return running;
  if (to === "Saved" && from === "Paused")
    return [act("save the machine", { cmdlet: "Save-VM", parameters: { VM: vm } })];
  if (to === "Saved") return [...running, act("save the machine", { cmdlet: "Save-VM", parameters: { VM: vm } })];
  return [...running, act("pause the machine", { cmdlet: "Suspend-VM", parameters: { VM: vm } })];
}

/**
 * Asks the guest, as a job: Stop-VM waits for it without limit, and ending the session would not end that. Without
 * -Force it asks a person instead (recorded, hyper-v.md 2.7).
 */
export function shutDown(id: string, { shutdown }: Desired): Step {
  const { timeoutSeconds = 300, onTimeout = "Fail" } = shutdown ?? {};
  const turnOff: Step = {
    does: "turn it off, as the guest did not shut down in time",
    properties: ["state"],
    calls: [machineCall(id), { cmdlet: "Stop-VM", parameters: { VM: result("vm"), TurnOff: true, Force: true } }],
  };
  return {
    does: "shut the machine down",
    properties: ["state"],
    calls: [machineCall(id), { cmdlet: "Stop-VM", parameters: { VM: result("vm"), Force: true, AsJob: true } }],
    wait: {
      calls: [{ ...machineCall(id), select: { State: null } } as Call],
      until: (results) => stateIn(results) === "Off",
      deadlineSeconds: timeoutSeconds,
      everySeconds: 2,
      ...(onTimeout === "TurnOff" && { otherwise: turnOff }),
      failure:
        `the guest did not shut down within ${timeoutSeconds} seconds. Shut it down from inside, raise ` +
        `shutdown.timeoutSeconds, or set shutdown.onTimeout: "TurnOff"`,
    },
  };
}

function stateIn(results: Parameters<typeof valuesOf>[0]): string {
  const [machine] = valuesOf(results, 0);
  return typeof machine === "object" && machine !== null && "State" in machine ? String(machine.State) : "";
}
