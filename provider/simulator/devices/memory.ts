import type { Cmdlets, Running } from "../engine/cmdlet";
import { hardwarePart, instanceId, machinesByPart, type Owner, ownersOf } from "../engine/hardware";
import { apply, given, outside, requireOff } from "../engine/settings";
import type { Thing } from "../engine/thing";
import { compareVersions } from "../engine/versions";
import { freeMemory, isActive, notEnoughMemory } from "../world/machine-state";
import type { Machine, Memory } from "../world/world";
import { wrongPool } from "./processor";

export const memoryCmdlets: Cmdlets = {
  "Get-VMMemory": (call) => ownersOf(call).map(memoryThing),
  "Set-VMMemory"(call) {
    const machines = machinesByPart(call, "VMMemory");
    const change: MemoryChange = {
      startupBytes: given<number>(call, "StartupBytes"),
      dynamicMemoryEnabled: given<boolean>(call, "DynamicMemoryEnabled"),
      minimumBytes: given<number>(call, "MinimumBytes"),
      maximumBytes: given<number>(call, "MaximumBytes"),
      buffer: given<number>(call, "Buffer"),
      priority: given<number>(call, "Priority"),
      perNumaNodeBytes: given<number>(call, "MaximumAmountPerNumaNodeBytes"),
      resourcePoolName: given<string>(call, "ResourcePoolName"),
    };
    apply(machines.map((machine) => prepareMemory(call, machine, onlyStartup(machine, change))));
    return call.flag("Passthru") ? machines.map((machine) => memoryThing({ machine })) : [];
  },
};

/** What Set-VMMemory and Set-VM may say about memory. */
export interface MemoryChange {
  startupBytes?: number;
  dynamicMemoryEnabled?: boolean;
  minimumBytes?: number;
  maximumBytes?: number;
  buffer?: number;
  priority?: number;
  perNumaNodeBytes?: number;
  resourcePoolName?: string;
}

const MiB = 2 ** 20;
const TiB = 2 ** 40;
const smallest = 32 * MiB;
const step = 2 * MiB;

/** Fixed memory has bounds all the same (recorded, hyper-v.md 1.6). */
export function newMemory(startupBytes: number): Memory {
  return {
    startupBytes,
    dynamicMemoryEnabled: false,
    minimumBytes: 512 * MiB,
    maximumBytes: TiB,
    buffer: 20,
    priority: 50,
    maximumPerNumaNodeMiB: 65_536,
    resourcePoolName: "Primordial",
  };
}

/** A machine that is off and has dynamic memory becomes static by a startup size alone (verified, hyper-v.md 2.3). */
function onlyStartup(machine: Machine, change: MemoryChange): MemoryChange {
  const { startupBytes, minimumBytes, maximumBytes, buffer, dynamicMemoryEnabled } = change;
  const alone = [dynamicMemoryEnabled, minimumBytes, maximumBytes, buffer].every((value) => value === undefined);
  return machine.state === "Off" && startupBytes !== undefined && alone
    ? { ...change, dynamicMemoryEnabled: false }
    : change;
}

/** Looks at a change of memory as a whole: values, then the state, then the order of the bounds. Answers what does it. */
export function prepareMemory(call: Running, machine: Machine, change: MemoryChange): () => void {
  const next = changed(machine.memory, change);
  refuseValues(call, machine, change);
  if (machine.state !== "Off") refuseByState(call, machine, change);
  refuseBounds(call, machine, change, next);
  return () => {
    machine.memory = next;
  };
}

function changed(memory: Memory, change: MemoryChange): Memory {
  return {
    startupBytes: change.startupBytes ?? memory.startupBytes,
    dynamicMemoryEnabled: change.dynamicMemoryEnabled ?? memory.dynamicMemoryEnabled,
    minimumBytes: change.minimumBytes ?? memory.minimumBytes,
    maximumBytes: change.maximumBytes ?? memory.maximumBytes,
    buffer: change.buffer ?? memory.buffer,
    priority: change.priority ?? memory.priority,
    maximumPerNumaNodeMiB:
      change.perNumaNodeBytes === undefined ? memory.maximumPerNumaNodeMiB : change.perNumaNodeBytes / MiB,
    resourcePoolName: change.resourcePoolName ?? memory.resourcePoolName,
  };
}

function refuseValues(call: Running, machine: Machine, change: MemoryChange): void {
  for (const bytes of [change.startupBytes, change.minimumBytes, change.maximumBytes]) checkBytes(call, machine, bytes);
  const wrong =
    (change.buffer !== undefined && outside(5, 2000)(change.buffer)) ||
    (change.priority !== undefined && outside(0, 100)(change.priority)) ||
    (change.perNumaNodeBytes !== undefined && misaligned(change.perNumaNodeBytes)) ||
    (change.resourcePoolName !== undefined && wrongPool(change.resourcePoolName));
  if (wrong) call.invalid(`'${machine.name}' failed to modify device 'Memory'. ${wrong}`);
}

/** Also New-VM's `-MemoryStartupBytes`. */
export function checkBytes(
  call: Running,
  { name, generation }: Pick<Machine, "name" | "generation">,
  bytes: number | undefined,
): void {
  if (bytes === undefined) return;
  const wrong = misaligned(bytes);
  if (wrong) call.invalid(`Invalid memory value assigned for '${name}'. ${wrong}`);
  // D, hyper-v.md 2.1; 2025 raises generation 2 (K)
  const most = generation === 1 ? TiB : (call.node.windowsBuild >= 26100 ? 240 : 12) * TiB;
  const range = outside(smallest, most)(bytes);
  if (range) call.invalid(`Invalid memory value assigned for '${name}'. ${range}`);
}

function misaligned(bytes: number): string | undefined {
  return bytes % step === 0 ? undefined : "Memory values must be properly aligned.";
}

/** What cannot change while the machine is in this state (D, hyper-v.md 2.3), the same value included. */
function refuseByState(call: Running, machine: Machine, change: MemoryChange): void {
  const { memory } = machine;
  const rises = change.minimumBytes !== undefined && change.minimumBytes >= memory.minimumBytes;
  const falls = change.maximumBytes !== undefined && change.maximumBytes <= memory.maximumBytes;
  const offOnly =
    change.dynamicMemoryEnabled !== undefined ||
    change.perNumaNodeBytes !== undefined ||
    change.resourcePoolName !== undefined;
  const resizes = change.startupBytes !== undefined && !isResizable(machine);
  if (rises || falls || offOnly || resizes) requireOff(call, machine, "failed to modify device 'Memory'");
  const more = (change.startupBytes ?? memory.startupBytes) - memory.startupBytes;
  if (!isActive(machine) || more <= freeMemory(call.node)) return;
  const { errorId, category, message, hresult } = notEnoughMemory(machine);
  call.fail(errorId, category, message, { hresult });
}

/** Fixed memory, a version that can, and a guest that answers; not under a guest's own hypervisor. */
function isResizable({ state, memory, version, guest, processor }: Machine): boolean {
  const willing = state === "Running" && guest.booted && !processor.exposeVirtualizationExtensions;
  return willing && !memory.dynamicMemoryEnabled && compareVersions(version, "8.0") >= 0;
}

function refuseBounds(call: Running, machine: Machine, change: MemoryChange, next: Memory): void {
  const bounds = [change.minimumBytes, change.maximumBytes, change.buffer].some((value) => value !== undefined);
  if (!next.dynamicMemoryEnabled) {
    if (bounds) call.invalid(`'${machine.name}' has static memory: it takes neither bounds nor buffer.`);
    return;
  }
  if (next.minimumBytes > next.startupBytes || next.startupBytes > next.maximumBytes)
    call.invalid(
      `Invalid memory values assigned for '${machine.name}': minimum (${next.minimumBytes}), startup (${next.startupBytes}) and ` +
        `maximum (${next.maximumBytes}) must be in this order.`,
    );
}

function memoryThing(owner: Owner): Thing {
  const id = instanceId(owner.machine, "4764334D-E001-4176-82EE-5594EC9B530E");
  return hardwarePart(
    { type: "VMMemory", identity: { Id: id } },
    owner,
    ({ memory }) => memory,
    (memory) => ({
      Id: id,
      Name: "Memory",
      ResourcePoolName: memory.resourcePoolName,
      DynamicMemoryEnabled: memory.dynamicMemoryEnabled,
      Startup: memory.startupBytes,
      Minimum: memory.minimumBytes,
      Maximum: memory.maximumBytes,
      Buffer: memory.buffer,
      Priority: memory.priority,
      MaximumPerNumaNode: memory.maximumPerNumaNodeMiB,
    }),
  );
}
