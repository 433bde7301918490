import type { Guest, Machine, MachineState, Node, World } from "./world";

/** Every change of a machine's state goes through here: the guest and the cluster's role follow. */
export function enterState(world: World, machine: Machine, state: MachineState): void {
  machine.state = state;
  if (state === "Off") machine.guest = silentGuest();
  const group = world.cluster?.groups.find(({ id }) => id === machine.groupId);
  // the role follows its machine, by whichever cmdlet that is started (K, hyper-v.md 7.3)
  if (group)
    Object.assign(group, {
      wantedOnline: isActive(machine),
      failed: false,
      configurationOnline: false,
      statusInformation: "0",
    });
}

export function silentGuest(): Guest {
  return { booted: false, ipAddresses: [], locked: false };
}

export function isActive(machine: Machine): boolean {
  return machine.state === "Running" || machine.state === "Paused";
}

/** What a machine takes of its host: what it starts with, also when its memory is dynamic. */
export function assignedBytes(machine: Machine): number {
  return isActive(machine) ? machine.memory.startupBytes : 0;
}

export function freeMemory(node: Node): number {
  return node.memoryBytes - node.machines.reduce((sum, machine) => sum + assignedBytes(machine), 0);
}

/** Why a machine does not get its memory. */
export function notEnoughMemory({ name }: Machine) {
  return {
    errorId: "OutOfMemory",
    category: "ResourceUnavailable", // not reliably recorded
    message: `Not enough memory in the system to start the virtual machine ${name}. (0x8007000E)`,
    hresult: -2147024882,
  } as const;
}
