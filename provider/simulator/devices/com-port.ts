import type { Cmdlets, Running } from "../engine/cmdlet";
import { hardwarePart, instanceId, type Owner, ownersOf, ownPart } from "../engine/hardware";
import { machineOf, machinesOf } from "../engine/selection";
import { requireOff } from "../engine/settings";
import type { Thing } from "../engine/thing";
import type { Machine } from "../world/world";

export const comPortCmdlets: Cmdlets = {
  "Get-VMComPort"(call) {
    const number = call.number("Number");
    return ownersOf(call).flatMap((owner) =>
      (number === undefined ? [1, 2] : [number]).map((port) => comPortThing(owner, port)),
    );
  },
  "Set-VMComPort"(call) {
    const ports = targets(call);
    const path = call.text("Path");
    if (path && !/^\\\\[^\\]+\\pipe\\./i.test(path))
      call.invalid(`'${path}' is not the path of a named pipe: \\\\.\\pipe\\<name>.`);
    // generation 1 takes it at any time, generation 2 only off (K, hyper-v.md 2.1)
    for (const { machine } of ports) if (machine.generation === 2) requireOff(call, machine);
    for (const { machine, number } of ports) setPort(call, machine, number);
    return call.flag("Passthru") ? ports.map(({ machine, number }) => comPortThing({ machine }, number)) : [];
  },
};

export function defaultComPorts(): Machine["comPorts"] {
  return [1, 2].map(() => ({ path: "", debuggerMode: "Off" }));
}

export function comPortThing(owner: Owner, number: number): Thing {
  const id = instanceId(owner.machine, "8E3A359F-559A-4B6A-98A9-1690A6100ED7", number - 1);
  return hardwarePart(
    { type: "VMComPort", identity: { Id: id, Number: number } },
    owner,
    (hardware) => hardware.comPorts[number - 1],
    ({ path, debuggerMode }) => ({ Id: id, Name: `COM ${number}`, Path: path, DebuggerMode: debuggerMode }),
  );
}

function setPort(call: Running, machine: Machine, number: number): void {
  const port = machine.comPorts[number - 1];
  if (!port) return;
  if (call.has("Path")) port.path = call.text("Path") ?? "";
  port.debuggerMode = call.text("DebuggerMode") ?? port.debuggerMode;
}

function targets(call: Running): { machine: Machine; number: number }[] {
  const objects = call.things("VMComPort");
  if (objects)
    return objects.map((object) => ({
      machine: machineOf(call, ownPart(call, object)),
      number: Number(object.identity.Number),
    }));
  const number = call.number("Number") ?? 1;
  return machinesOf(call).map((machine) => ({ machine, number }));
}
