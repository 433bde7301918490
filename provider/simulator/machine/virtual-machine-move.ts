import { drivePool } from "../devices/drive-change";
import { type Cmdlets, Running } from "../engine/cmdlet";
import { CallFailure } from "../engine/failure";
import { answer } from "../engine/job";
import { given } from "../engine/settings";
import { record, Thing } from "../engine/thing";
import { fileName, pathKey } from "../storage/file-system";
import type { Machine, Node } from "../world/world";
import { type Incompatibility, incompatibilities, switchOn } from "./incompatibility";
import { destinationOf, refuse } from "./migration-connection";
import { oneMachine } from "./one-machine";
import { planStorage, relocate, type StoragePlan } from "./storage-move";
import { machineThing } from "./virtual-machine";

export { localPaths, whyNotOn } from "./incompatibility";

export const moveCmdlets: Cmdlets = {
  "Move-VM": moveMachine,
  "Compare-VM": compareMachine,
};

/** A move that was looked at: where to, with what, and what is against it. */
interface Move {
  machine: Machine;
  target: Node;
  plan?: StoragePlan;
  against: Incompatibility[];
}

function moveMachine(call: Running): readonly Thing[] {
  const told = given<Thing>(call, "CompatibilityReport");
  const asked = told ? askedBy(call, told) : call;
  const { machine, target, plan, against } = look(asked);
  const [first] = against;
  if (first) refuse(call, machine, first.message.replace(/ \(0x[0-9A-F]+\)$/, ""), first.code);
  if (plan) relocate(asked, machine, plan, target);
  transfer(call.node, target, machine);
  return answer(call, () => [machineThing(machine)]);
}

function look(call: Running): Move {
  const machine = oneMachine(call);
  const target = destinationOf(call, machine);
  drivePool(call);
  const plan = takesStorage(call) ? planMove(call, machine, target) : undefined;
  const gone = new Set(plan?.disks.map(({ file }) => pathKey(file.path)));
  const moves = (path: string): boolean => (path === machine.path ? plan?.path !== undefined : gone.has(pathKey(path)));
  const against = incompatibilities({ world: call.world, from: call.node, to: target, machine }, moves);
  return { machine, target, plan, against };
}

function takesStorage(call: Running): boolean {
  const single = ["VirtualMachinePath", "SnapshotFilePath", "SmartPagingFilePath", "Vhds"];
  return call.flag("IncludeStorage") || single.some((parameter) => call.has(parameter));
}

/** With its storage a machine needs a destination for it, and its files keep their names (D, hyper-v-host.md 7). */
function planMove(call: Running, machine: Machine, target: Node): StoragePlan {
  if (call.flag("IncludeStorage") && !call.has("DestinationStoragePath"))
    call.invalid(`'${machine.name}' cannot be moved with its storage: a destination is missing.`);
  const plan = planStorage(call, machine, target);
  const renamed = plan.disks.find(({ file, to }) => pathKey(fileName(file.path)) !== pathKey(fileName(to)));
  if (renamed) call.invalid(`'${renamed.file.path}' keeps its name: '${renamed.to}' has another one.`);
  return plan;
}

/** Puts a machine as it is on another node. */
export function transfer(from: Node, to: Node, machine: Machine): void {
  reconnect(from, to, machine);
  from.machines = from.machines.filter((candidate) => candidate !== machine);
  to.machines.push(machine);
}

/** Connects a machine's adapters to the switches of the same names on another node. */
export function reconnect(from: Node, to: Node, machine: Machine): void {
  for (const adapter of machine.adapters) {
    const name = from.switches.find(({ id }) => id === adapter.switchId)?.name ?? adapter.switchName;
    if (name === null) continue;
    adapter.switchName = name;
    adapter.switchId = switchOn(to, name)?.id ?? adapter.switchId;
  }
}

/** Changes nothing. What could not be compared at all has one id (recorded, hyper-v-host.md 7). */
function compareMachine(call: Running): readonly Thing[] {
  const told = given<Thing>(call, "CompatibilityReport");
  // a report of a move stays as it was, whatever was repaired in it (V)
  if (told) return [told];
  if (call.has("Path")) call.fail("NotSupported", "NotImplemented", "The simulator does not play imports.");
  oneMachine(call);
  try {
    return [reportThing(call, look(call))];
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    const { message, hresult } = error.error;
    call.fail("Unspecified", "NotSpecified", message, { hresult });
  }
}

function reportThing(call: Running, { machine, target, plan, against }: Move): Thing {
  const view = {
    VM: machineThing(machine),
    OperationType: plan ? "MoveVirtualMachineAndStorage" : "MoveVirtualMachine",
    Destination: target.name,
    Path: plan?.path ?? null,
    SnapshotPath: plan?.snapshotFileLocation ?? null,
    VhdDestinationPath: null,
    VhdSourcePath: null,
    Incompatibilities: against.length === 0 ? [] : [...against, wrapper(call, machine)].map(incompatibilityThing),
  };
  const { CompatibilityReport: _, ...parameters } = call.bound.parameters;
  const asked = { ...parameters, VM: machineThing(machine), Compatible: against.length === 0 };
  return new Thing(
    "VMCompatibilityReport",
    `VMCompatibilityReport:${machine.id}/${target.name}`,
    { asked },
    () => view,
  );
}

/** What stands beside the causes and says no more than that there are some (V). */
function wrapper({ node }: Running, machine: Machine): Incompatibility {
  return {
    messageId: 21024,
    message: `Virtual machine migration operation for '${machine.name}' failed at migration source '${node.name}'.`,
    source: machineThing(machine),
  };
}

function incompatibilityThing({ messageId, message, source }: Incompatibility): Thing {
  return record("VMCompatibilityError", { Message: message, MessageId: messageId, Source: source });
}

/** The move that a report was made for, if nothing was against it. */
function askedBy(call: Running, report: Thing): Running {
  const asked = report.identity.asked as Record<string, unknown> | undefined;
  if (!asked) call.invalid("The report is not one of a move.");
  if (asked.Compatible !== true)
    call.operationFailed("The virtual machine cannot be moved: its report has incompatibilities.");
  return new Running(call.world, call.node, {
    ...call.bound,
    parameters: { ...asked, Passthru: call.flag("Passthru") },
  });
}
