import { answers } from "../devices/integration-service";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { answer, jobThing } from "../engine/job";
import { machinesOf } from "../engine/selection";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import { enterState, freeMemory } from "../world/machine-state";
import type { Machine, MachineState } from "../world/world";
import { bootGuest, start, stop, takenBefore, whyNotStart } from "./start";
import { machineThing } from "./virtual-machine";

export const powerCmdlets: Cmdlets = {
  "Start-VM": (call) => move(call, { Off: startAll, Saved: startAll, Running: already, Paused: refuse }),
  "Stop-VM": stopBy,
  "Save-VM": (call) => move(call, saving),
  "Suspend-VM": (call) => move(call, { Off: refuse, Running: enter("Paused"), Paused: already, Saved: refuse }),
  "Resume-VM": (call) => move(call, { Off: refuse, Running: already, Paused: enter("Running"), Saved: refuse }),
  "Restart-VM": restart,
  "Wait-VM": wait,
};

/** What a cmdlet does with the machines that it finds in a state: looks whether it may, and answers what does it. */
type Move = (call: Running, machines: Machine[]) => () => void;
type Moves = Readonly<Record<MachineState, Move>>;

const saving: Moves = { Off: refuse, Running: enter("Saved"), Paused: enter("Saved"), Saved: already };
const turningOff: Moves = { Off: already, Running: turnOff, Paused: turnOff, Saved: turnOff };
const shuttingDown: Moves = { Off: already, Running: shutDown, Paused: refuse, Saved: refuse };

/** A row of the table of states (hyper-v.md 2.7): all machines are looked at before any is moved. */
function move(call: Running, moves: Moves): readonly Thing[] {
  const machines = machinesOf(call);
  const steps = (["Off", "Running", "Paused", "Saved"] as const).flatMap((state) => {
    const those = machines.filter((machine) => machine.state === state);
    return those.length === 0 ? [] : [moves[state](call, those)];
  });
  for (const step of steps) step();
  return answer(call, () => machines.map(machineThing));
}

/** Already in the wanted state: a warning and no error (verified, hyper-v.md 1.4). */
function already(call: Running, machines: Machine[]): () => void {
  return () => {
    for (const { name } of machines) call.warn(`The virtual machine "${name}" is already in the specified state.`);
  };
}

function refuse(call: Running, [machine]: Machine[]): never {
  call.invalidState(
    `'${machine?.name}' failed to change state. The operation cannot be performed while the virtual machine is in its current state.`,
  );
}

function enter(state: MachineState): Move {
  return (call, machines) => () => {
    for (const machine of machines) enterState(call.world, machine, state);
  };
}

function turnOff({ world, node }: Running, machines: Machine[]): () => void {
  return () => {
    for (const machine of machines) stop(world, node, machine);
  };
}

function startAll(call: Running, machines: Machine[]): () => void {
  const { world, node } = call;
  let memory = freeMemory(node);
  const disks = new Map<string, { isShared: boolean }>();
  for (const machine of machines) {
    const why = whyNotStart(world, node, machine, memory) ?? takenBefore(machine, disks);
    if (why) call.fail(why.errorId, why.category, why.message, { hresult: why.hresult });
    memory -= machine.memory.startupBytes;
  }
  return () => {
    for (const machine of machines)
      if (!start(world, node, machine))
        call.operationFailed(`'${machine.name}' failed to start. The host has no MAC address left.`);
  };
}

function stopBy(call: Running): readonly Thing[] {
  if (call.flag("TurnOff") && call.flag("Save")) call.invalid("TurnOff and Save exclude each other.");
  if (call.flag("TurnOff")) return move(call, turningOff);
  if (call.flag("Save")) return move(call, saving);
  if (call.flag("AsJob")) return shutDownInBackground(call);
  return move(call, shuttingDown);
}

/**
 * Asks the guest. One that does not answer, or that somebody has locked, is a question first, and with nobody to ask an error
 * (recorded, hyper-v.md 2.7); with -Force one that does not answer cannot be shut down (WMI 32768, S).
 */
function shutDown(call: Running, machines: Machine[]): () => void {
  for (const machine of machines) {
    if (!answers(machine, "Shutdown") || machine.guest.locked) call.needsForce();
    if (!answers(machine, "Shutdown"))
      call.operationFailed(
        `'${machine.name}' failed to shut down. The shutdown service of the guest does not answer. (32768)`,
      );
  }
  return turnOff(call, machines);
}

/** A job says nothing of what goes wrong in it: the state of the machine does. */
function shutDownInBackground(call: Running): readonly Thing[] {
  const machines = machinesOf(call);
  const willing = machines.filter(
    (machine) =>
      machine.state === "Running" && answers(machine, "Shutdown") && (call.flag("Force") || !machine.guest.locked),
  );
  for (const machine of willing) stop(call.world, call.node, machine);
  const waits = machines.some(({ state }) => state !== "Off");
  return [jobThing(call, waits ? "Running" : "Completed")];
}

/** Asks before it acts. A reset begins the guest anew, a reboot needs it to answer. */
function restart(call: Running): readonly Thing[] {
  const reboots = call.text("Type") === "Reboot";
  const again: Move = (_, machines) => {
    call.needsForce();
    for (const machine of machines)
      if (reboots && !answers(machine, "Shutdown"))
        call.operationFailed(`'${machine.name}' failed to reboot: the guest does not answer. (32768)`);
    return () => {
      for (const machine of machines) {
        enterState(call.world, machine, "Running");
        bootGuest(call.world, machine);
      }
      if (call.flag("Wait")) for (const machine of machines) requireReached(call, machine);
    };
  };
  return move(call, { Off: refuse, Running: again, Paused: again, Saved: refuse });
}

function wait(call: Running): readonly Thing[] {
  const machines = machinesOf(call);
  for (const machine of machines) requireReached(call, machine);
  return answer(call, () => machines.map(machineThing));
}

/** There is no clock: what has not come by now does not come within the timeout. */
function requireReached(call: Running, machine: Machine): void {
  const forAddress = given<string>(call, "For") === "IPAddress";
  const reached = forAddress
    ? answers(machine, "Key-Value Pair Exchange") && machine.guest.ipAddresses.length > 0
    : answers(machine, "Heartbeat");
  if (!reached)
    call.operationFailed(
      `The operation timed out while waiting for the virtual machine "${machine.name}". (0x800705B4)`,
      -2147023436,
    );
}
