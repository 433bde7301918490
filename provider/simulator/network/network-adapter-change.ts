import type { Cmdlets, Running } from "../engine/cmdlet";
import { given, requireOff } from "../engine/settings";
import type { Thing } from "../engine/thing";
import type { Adapter, Machine, Switch } from "../world/world";
import { addHostAdapter, removeHostAdapter, renameHostAdapter } from "./host-adapter";
import { staticMacAddress } from "./mac-address";
import { addAdapter, newAdapter, removeAdapter, switchNamed } from "./network-adapter";
import { machinesMeant, machineTargetsOf, passedTargets, type Target, targetsOf } from "./network-adapter-selection";
import { switchOf } from "./virtual-switch";

export const networkAdapterChangeCmdlets: Cmdlets = {
  "Add-VMNetworkAdapter": (call) => (call.flag("ManagementOS") ? addToHost(call) : addToMachines(call)),
  "Remove-VMNetworkAdapter": removeTargets,
  "Rename-VMNetworkAdapter": renameTargets,
  "Connect-VMNetworkAdapter": (call) => connectTargets(call, switchGiven(call)),
  "Disconnect-VMNetworkAdapter": (call) => connectTargets(call, undefined),
};

/** The host joins the switch with it: a private switch becomes internal, as its type follows from what is connected (K). */
function addToHost(call: Running): Thing[] {
  const name = given<string>(call, "SwitchName");
  if (name === undefined && call.node.switches.length !== 1) call.invalid("The name of a virtual switch is missing.");
  const on = name === undefined ? call.node.switches[0] : switchNamed(call, name);
  if (!on) return [];
  const macAddress = staticMacAddress(call);
  const adapter = addHostAdapter(call.world, call.node, on, given<string>(call, "Name") ?? on.name);
  if (macAddress !== undefined) adapter.macAddress = macAddress;
  return passedTargets(call, [{ kind: "host", on, adapter }]);
}

function addToMachines(call: Running): Thing[] {
  const machines = machinesMeant(call);
  const isLegacy = given<boolean>(call, "IsLegacy") ?? false;
  const switchName = given<string>(call, "SwitchName");
  const on = switchName === undefined ? undefined : switchNamed(call, switchName);
  const macAddress = staticMacAddress(call);
  for (const machine of machines) refuseAddition(call, machine, isLegacy);
  const targets = machines.map((machine): Target => {
    const adapter: Adapter = {
      ...newAdapter(call.world, { name: given<string>(call, "Name"), isLegacy, on }),
      ...(macAddress !== undefined && { macAddress, dynamicMacAddressEnabled: false }),
      ...(call.has("DeviceNaming") && { deviceNaming: call.text("DeviceNaming") }),
      ...(call.has("NumaAwarePlacement") && { numaAwarePlacement: call.flag("NumaAwarePlacement") }),
      ...(call.has("ResourcePoolName") && { poolName: call.text("ResourcePoolName") }),
    };
    addAdapter(machine, adapter);
    return { kind: "machine", machine, adapter };
  });
  return passedTargets(call, targets);
}

/** 64 synthetic adapters since 2019, 8 before; legacy ones 4, of generation 1 only (D, hyper-v.md 3). */
function refuseAddition(call: Running, machine: Machine, isLegacy: boolean): void {
  if (isLegacy && machine.generation === 2)
    call.invalid(`'${machine.name}' is of generation 2, which has no legacy network adapters.`);
  const most = isLegacy ? 4 : call.node.windowsBuild >= 17763 ? 64 : 8;
  if (machine.adapters.filter((adapter) => adapter.isLegacy === isLegacy).length >= most)
    call.invalid(`'${machine.name}' cannot have more than ${most} such network adapters.`);
  refuseCold(call, machine, "failed to add device 'Synthetic Ethernet Port'");
}

/** Generation 2 gains and loses adapters while it runs, generation 1 does not (D). */
function refuseCold(call: Running, machine: Machine, what: string): void {
  if (machine.generation === 1) requireOff(call, machine, what);
}

function removeTargets(call: Running): Thing[] {
  const targets = [...new Map(targetsOf(call).map((target) => [target.adapter, target])).values()];
  for (const target of targets)
    if (target.kind === "machine")
      refuseCold(call, target.machine, "failed to remove device 'Synthetic Ethernet Port'");
  for (const target of targets)
    if (target.kind === "machine") removeAdapter(target.machine, target.adapter);
    else removeHostAdapter(call.node, target.on, target.adapter);
  return passedTargets(call, targets);
}

function renameTargets(call: Running): Thing[] {
  const targets = targetsOf(call);
  const name = call.text("NewName") ?? "";
  for (const target of targets)
    if (target.kind === "machine") target.adapter.name = name;
    else renameHostAdapter(call.node, target.adapter, name);
  return passedTargets(call, targets);
}

function switchGiven(call: Running): Switch {
  const [object] = call.things("VMSwitch") ?? [];
  if (object) return switchOf(call, object);
  const name = call.text("SwitchName");
  if (name === undefined)
    call.fail("NotSupported", "NotImplemented", "The simulator does not play -UseAutomaticConnection.");
  return switchNamed(call, name);
}

/** Hot, and an adapter that is on another switch moves (S, hyper-v.md 3). */
function connectTargets(call: Running, on: Switch | undefined): Thing[] {
  const targets = machineTargetsOf(call);
  for (const { adapter } of targets) {
    adapter.switchId = on?.id ?? null;
    adapter.switchName = on?.name ?? null;
  }
  return passedTargets(call, targets);
}
