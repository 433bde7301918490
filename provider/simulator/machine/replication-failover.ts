import type { Cmdlets, Running } from "../engine/cmdlet";
import { snapshotOwner } from "../engine/hardware";
import { answer } from "../engine/job";
import { machinesOf } from "../engine/selection";
import { given, requireOff } from "../engine/settings";
import { machineOn, type Thing } from "../engine/thing";
import { isActive } from "../world/machine-state";
import type { Machine } from "../world/world";
import { makeTest, removeTest } from "./replication-copy";
import { nameAsPrimary, partnerOf, refuse } from "./replication-partner";
import { otherSide, type Replicated, requireReplicated, requireState } from "./replication-selection";

import { machineThing } from "./virtual-machine";

/** By state and side (hyper-v-host.md 6.2). */
export const failoverCmdlets: Cmdlets = {
  "Start-VMFailover"(call) {
    const machines = meant(call);
    const act = call.flag("AsTest") ? tries : call.flag("Prepare") ? prepares : failsOver;
    const prepared = machines.map((machine) => act(call, machine));
    const things = prepared.map((perform) => perform());
    return answer(call, () => things.map(machineThing));
  },
  "Stop-VMFailover"(call) {
    const machines = meant(call);
    const prepared = machines.map((machine) => stops(call, machine));
    for (const perform of prepared) perform();
    return answer(call, () => machines.map(machineThing));
  },
  "Complete-VMFailover"(call) {
    const machines = meant(call);
    for (const machine of machines) requireState(call, machine, "FailedOverWaitingCompletion");
    for (const { replication } of machines) replication.state = "FailedOver";
    return call.flag("Passthru") ? machines.map(machineThing) : [];
  },
};

function meant(call: Running): Replicated[] {
  const point = given<Thing>(call, "VMRecoverySnapshot");
  if (point) return [requireReplicated(call, snapshotOwner(call, point).machine)];
  return machinesOf(call).map((machine) => requireReplicated(call, machine));
}

function requireMode(call: Running, { name, replication }: Replicated, mode: string): void {
  if (replication.mode !== mode) call.invalidState(`'${name}' is not a ${mode} virtual machine.`);
}

/** The primary sends what it has left: off, as it changes nothing more then (D). */
function prepares(call: Running, machine: Replicated): () => Machine {
  requireMode(call, machine, "Primary");
  requireState(call, machine, "Replicating");
  requireOff(call, machine, "failed to prepare for a planned failover");
  if (!otherSide(call.world, machine)) refuse(call, "The Replica server does not answer.", 0x00002efd);
  return () => {
    machine.replication.state = "PreparedForFailover";
    return machine;
  };
}

function failsOver(call: Running, machine: Replicated): () => Machine {
  requireMode(call, machine, "Replica");
  requireState(call, machine, "Replicating", "Suspended", "Error", "WaitingForStartResynchronize");
  if (machine.replication.testMachineId !== undefined)
    call.invalidState(`'${machine.name}' is tested: stop the test failover first.`);
  return () => {
    machine.replication.state = "FailedOverWaitingCompletion";
    return machine;
  };
}

function tries(call: Running, machine: Replicated): () => Machine {
  requireMode(call, machine, "Replica");
  requireState(call, machine, "Replicating", "Suspended", "Error", "WaitingForStartResynchronize");
  if (machine.replication.testMachineId !== undefined) call.invalidState(`'${machine.name}' is tested already.`);
  return () => {
    const test = makeTest(call.world, call.node, machine);
    machine.replication.testMachineId = test.id;
    return test;
  };
}

/** Calls off what was prepared, tried, or failed over and not completed; a machine that runs by then is stopped before (V). */
function stops(call: Running, machine: Replicated): () => void {
  const { world, node } = call;
  const { replication } = machine;
  const test = node.machines.find(({ id }) => id === replication.testMachineId);
  if (test) {
    requireOff(call, test, "is running");
    return () => {
      removeTest(world, node, test);
      delete replication.testMachineId;
    };
  }
  requireState(call, machine, replication.mode === "Primary" ? "PreparedForFailover" : "FailedOverWaitingCompletion");
  requireOff(call, machine, "is running");
  return () => {
    replication.state = "Replicating";
  };
}

/** The failed over replica becomes the primary, and the other side its replica, for which that takes replicas too (D). */
export function reverse(call: Running, machine: Replicated): void {
  const { world, node } = call;
  const { replication } = machine;
  requireMode(call, machine, "Replica");
  requireState(call, machine, "FailedOverWaitingCompletion", "FailedOver");
  const serverName = given<string>(call, "ReplicaServerName") ?? replication.primaryServerName;
  const { replicaServerPort: port, authenticationType } = replication.settings;
  const partner = partnerOf(call, {
    serverName,
    port: given<number>(call, "ReplicaServerPort") ?? port,
    authenticationType: given<string>(call, "AuthenticationType") ?? authenticationType,
  });
  const other = machineOn(partner.node, machine.id);
  if (!other) refuse(call, `'${serverName}' does not have the virtual machine any more.`);
  if (isActive(other)) refuse(call, `'${other.name}' is running on '${serverName}'.`);
  const roles = {
    primaryServerName: nameAsPrimary(world, node),
    primaryNode: node.name,
    replicaServerName: serverName,
    replicaNode: partner.node.name,
  };
  const settings = { ...replication.settings, replicaServerPort: partner.port };
  machine.replication = { ...replication, ...roles, settings, mode: "Primary", state: "Replicating" };
  other.replication = { ...structuredClone(machine.replication), mode: "Replica", state: "Replicating" };
}
