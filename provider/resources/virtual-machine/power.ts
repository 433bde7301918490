import { z } from "zod";
import { type Call, result } from "../../calls";
import { type Plan, type Refusal, type Step, valuesOf } from "../definition";
import { type Change, joined } from "./change";
import { looks } from "./looks";
import { machineCall } from "./machine-call";
import { transientStatus } from "./observed";
import type { Observed } from "./recorded";
import type { Desired } from "./schema";

export type Rest = "Running" | "Off" | "Saved" | "Paused";

export const resting: readonly string[] = ["Running", "Off", "Saved", "Paused"];

/**
 * Puts the changes in order around the machine's power: those that it takes as it runs, then, if any needs it off, one
 * shutdown, all of these, and one start; at the end the state that the program wants, or the one it had.
 */
export function inOrder(observed: Observed, desired: Desired, changes: readonly Change[]): Plan {
  const refusals = changes.flatMap(({ properties, refusal }): Refusal[] =>
    refusal === undefined ? [] : [{ path: [properties.join(", ")], reason: refusal }],
  );
  if (refusals.length > 0) return { steps: [], refusals, replaces: [] };
  if (!resting.includes(observed.state)) return settled(observed, desired);
  const whole = looked(observed, changes, aroundPower(observed, desired, observed.state as Rest, changes));
  return observed.busy !== undefined && whole.steps.length > 0 ? plan([untilIdle(observed, desired)]) : whole;
}

/** The state that a machine must be in at the end. One that is off has none to keep. */
export function keeps({ state }: Observed, desired: Desired): Pick<Desired, "state"> {
  if (desired.state !== undefined) return { state: desired.state };
  return resting.includes(state) && state !== "Off" ? { state: state as Rest } : {};
}

/** What is to come is looked at before anything goes, be it a disk or the machine's power. */
function looked({ state, drives }: Observed, changes: readonly Change[], whole: Plan): Plan {
  const stops = state !== "Off" && whole.steps.some(({ calls }) => calls.some(isStop));
  if (whole.steps.length === 0 || !(stops || changes.some(({ takes }) => takes))) return whole;
  const opened = stops && state !== "Saved" ? drives.flatMap(({ path }) => path ?? []) : [];
  const first = looks(
    changes.flatMap(({ needs = [] }) => needs),
    opened,
  );
  return { ...whole, steps: [...first, ...whole.steps] };
}

const isStop = (call: Call) => "cmdlet" in call && /^(Stop|Save|Suspend)-VM$/.test(call.cmdlet);

function aroundPower(observed: Observed, desired: Desired, now: Rest, changes: readonly Change[]): Plan {
  const target = desired.state ?? now;
  const step = (change: Change): Step => ({
    does: change.does,
    properties: change.properties,
    calls: [machineCall(observed.id), ...change.calls],
    ...(change.looksUp && { looksUp: change.looksUp }),
    ...(change.mayBeRefused && { mayBeRefused: true }),
    ...(change.undo && { undo: [machineCall(observed.id), ...change.undo] }),
  });
  const suspended = now === "Saved" || now === "Paused";
  const staysSuspended = suspended && (target === "Saved" || target === "Paused");
  const cold = (change: Change) => change.when === "off" || (change.when === "awake" && staysSuspended);
  const power = (from: Rest, to: Rest, notice?: string) =>
    transition(observed.id, desired, from, to).map((one, at): Step => (at === 0 && notice ? { ...one, notice } : one));
  const toTarget = powerNotices[target];

  // off takes everything, in as few calls as there are cmdlets and devices
  if (now === "Off") return plan([...joined(changes).map(step), ...power(now, target)]);
  const hot = changes.filter((change) => !cold(change)).map(step);
  const off = changes.filter(cold);
  // going down to off, everything is done where nothing runs
  if (target === "Off") return plan([...power(now, target, toTarget), ...joined(changes).map(step)]);
  if (off.length === 0)
    return plan(suspended ? [...power(now, target), ...hot] : [...hot, ...power(now, target, toTarget)]);
  if (!desired.allowRestart) return refused(off, now);
  const restart = `restarts the machine, for ${[...new Set(off.flatMap(({ properties }) => properties))].join(", ")}`;
  if (suspended) return plan([...power(now, "Off", restart), ...joined(changes).map(step), ...power("Off", target)]);
  return plan([...hot, ...power(now, "Off", restart), ...joined(off).map(step), ...power("Off", target)]);
}

const powerNotices: Readonly<Partial<Record<Rest, string>>> = {
  Off: "shuts the machine down",
  Saved: "saves the machine, which stops it",
  Paused: "pauses the machine",
};

function plan(steps: readonly Step[]): Plan {
  return { steps, refusals: [], replaces: [] };
}

function refused(changes: readonly Change[], now: Rest): Plan {
  const refusals = changes.map(
    ({ properties }): Refusal => ({
      path: [properties.join(", ")],
      // somebody may have turned it off since
      passing: true,
      reason:
        `changes only while the machine is off, and it is ${now}. Set allowRestart: true to have it restarted for this, ` +
        `or state: "Off"`,
    }),
  );
  return { steps: [], refusals, replaces: [] };
}

/** A machine on its way from one state to another, or without its storage, is waited for, and then looked at again. */
function settled(observed: Observed, desired: Desired): Plan {
  const { state } = observed;
  const critical = state.endsWith("Critical");
  // nothing else gets a machine out of it that has lost its storage (hyper-v.md 2.7)
  if (critical && desired.state === "Off" && desired.shutdown?.onTimeout === "TurnOff")
    return plan([turnOff(observed.id, "turn the machine off, which has lost its storage")]);
  const way = critical
    ? ". Its storage is lost: it continues by itself when that returns. To give it up, turn it off with Stop-VM -TurnOff"
    : "";
  return plan([
    wait(observed, desired, {
      what: `no longer ${state}`,
      until: (machine) => resting.includes(machine.state),
      still: `${state}${way}`,
    }),
  ]);
}

export function untilIdle(observed: Observed, desired: Desired): Step {
  return wait(observed, desired, {
    what: `no longer busy with ${observed.busy}`,
    until: ({ busy }) => busy === undefined,
    still: `busy with ${observed.busy}`,
  });
}

interface Awaited {
  what: string;
  until: (machine: { state: string; busy: string | undefined }) => boolean;
  /** What it still is at the deadline. */
  still: string;
}

export function wait({ id }: Observed, { busyTimeoutSeconds = 600 }: Desired, { what, until, still }: Awaited): Step {
  return {
    does: `wait until it is ${what}`,
    calls: [],
    wait: {
      calls: [{ ...machineCall(id), select: { State: null, OperationalStatus: null } }],
      until: (results) => until(powerIn(results)),
      deadlineSeconds: busyTimeoutSeconds,
      everySeconds: 2,
      failure: () => `after ${busyTimeoutSeconds} seconds (busyTimeoutSeconds) it is still ${still}`,
    },
  };
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
export function shutDown(id: string, { shutdown }: Desired, until: readonly Rest[] = ["Off"]): Step {
  const { timeoutSeconds = 300, onTimeout = "Fail" } = shutdown ?? {};
  return {
    does: "shut the machine down",
    properties: ["state"],
    calls: [machineCall(id), { cmdlet: "Stop-VM", parameters: { VM: result("vm"), Force: true, AsJob: true } }],
    wait: {
      calls: [{ ...machineCall(id), select: { State: null } }],
      until: (results) => until.some((state) => state === powerIn(results).state),
      deadlineSeconds: timeoutSeconds,
      everySeconds: 2,
      ...(onTimeout === "TurnOff" && {
        otherwise: turnOff(id, "turn it off, as the guest did not shut down in time"),
      }),
      failure: () =>
        `the guest did not shut down within ${timeoutSeconds} seconds. Shut it down from inside, raise ` +
        `shutdown.timeoutSeconds, or set shutdown.onTimeout: "TurnOff"`,
    },
  };
}

export function turnOff(id: string, does: string): Step {
  return {
    does,
    properties: ["state"],
    calls: [machineCall(id), { cmdlet: "Stop-VM", parameters: { VM: result("vm"), TurnOff: true, Force: true } }],
  };
}

const shownPower = z.object({ State: z.string(), OperationalStatus: z.array(z.string()).nullish() });

function powerIn(results: Parameters<typeof valuesOf>[0]): { state: string; busy: string | undefined } {
  const { State, OperationalStatus } = shownPower.parse(valuesOf(results, 0)[0]);
  return { state: State, busy: transientStatus(OperationalStatus) };
}
