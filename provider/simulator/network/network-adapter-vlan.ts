import type { Cmdlets, Running } from "../engine/cmdlet";
import { hardwareOf, type Owner, ownersOf } from "../engine/hardware";
import { nameMatches } from "../engine/selection";
import { given, outside } from "../engine/settings";
import { Thing, type View } from "../engine/thing";
import type { AdapterSettings, Isolation, Vlan } from "../world/world";
import { untagged } from "./adapter-defaults";
import { hostAdaptersOf } from "./host-adapter";
import { adapterThing } from "./network-adapter";
import { hostTargets, type Target, targetsOf, targetThing } from "./network-adapter-selection";

export const networkAdapterVlanCmdlets: Cmdlets = {
  "Get-VMNetworkAdapterVlan": (call) => adaptersAsked(call).map(vlanThing),
  "Set-VMNetworkAdapterVlan": setVlans,
  "Get-VMNetworkAdapterIsolation": (call) => adaptersAsked(call).map(isolationThing),
  "Set-VMNetworkAdapterIsolation": setIsolations,
};

/** The adapters whose setting is asked for, as things: of machines, of checkpoints, of the host; all without a parameter. */
function adaptersAsked(call: Running): Thing[] {
  const name = given<string>(call, "VMNetworkAdapterName");
  if (call.has("VMNetworkAdapter")) return targetsOf(call).map((target) => targetThing(call, target));
  if (call.flag("ManagementOS"))
    return hostTargets(call, name === undefined ? undefined : [name]).map((target) => targetThing(call, target));
  const asked = ["VM", "VMName", "VMSnapshot"].some((parameter) => call.has(parameter));
  const owners: Owner[] = asked ? ownersOf(call) : call.node.machines.map((machine) => ({ machine }));
  const machines = owners.flatMap((owner) =>
    hardwareOf(owner)
      .adapters.filter((adapter) => name === undefined || nameMatches(adapter.name, name))
      .map((adapter) => adapterThing(owner, adapter)),
  );
  const host = asked ? [] : hostAdaptersOf(call.node).map((found) => targetThing(call, { kind: "host", ...found }));
  return [...machines, ...host];
}

/** A setting of an adapter, live as the adapter is. */
function settingThing(type: string, property: string, adapter: Thing): Thing {
  return new Thing(type, `${type}:${adapter.key}`, adapter.identity, (world): View | undefined => {
    const setting = adapter.read(world, property);
    if (!(setting instanceof Thing)) return undefined;
    const own = Object.fromEntries(setting.properties(world).map((name) => [name, setting.read(world, name)]));
    return {
      ...own,
      ParentAdapter: adapter,
      VMName: adapter.read(world, "VMName"),
      VMNetworkAdapterName: adapter.read(world, "Name"),
      ComputerName: adapter.read(world, "ComputerName"),
    };
  });
}

function vlanThing(adapter: Thing): Thing {
  return settingThing("VMNetworkAdapterVlanSetting", "VlanSetting", adapter);
}

function isolationThing(adapter: Thing): Thing {
  return settingThing("VMNetworkAdapterIsolationSetting", "IsolationSetting", adapter);
}

function setVlans(call: Running): Thing[] {
  const targets = targetsOf(call, "VMNetworkAdapterName");
  const vlan = vlanAsked(call);
  for (const { adapter } of targets)
    if (adapter.isolation.mode !== "None")
      call.invalid(`The isolation mode of '${adapter.name}' is ${adapter.isolation.mode}: it has to be None first.`);
  for (const { adapter } of targets) adapter.vlan = structuredClone(vlan);
  return passedSettings(call, targets, vlanThing);
}

function passedSettings(call: Running, targets: readonly Target[], thing: (adapter: Thing) => Thing): Thing[] {
  return call.flag("Passthru") ? targets.map((target) => thing(targetThing(call, target))) : [];
}

type Mode = "Untagged" | "Access" | "Trunk" | "Isolated" | "Community" | "Promiscuous";

/** Which parameters belong to a mode, all of them needed; a private VLAN is of one of three kinds (D, hyper-v.md 3). */
const modes: Readonly<Record<Mode, readonly string[]>> = {
  Untagged: [],
  Access: ["VlanId"],
  Trunk: ["NativeVlanId", "AllowedVlanIdList"],
  Isolated: ["PrimaryVlanId", "SecondaryVlanId"],
  Community: ["PrimaryVlanId", "SecondaryVlanId"],
  Promiscuous: ["PrimaryVlanId", "SecondaryVlanIdList"],
};

function vlanAsked(call: Running): Vlan {
  const asked = (Object.keys(modes) as Mode[]).filter((mode) => call.flag(mode));
  const [mode] = asked;
  if (!mode || asked.length > 1) call.invalid("One mode has to be given: Untagged, Access, Trunk or a private one.");
  const needed = modes[mode];
  for (const parameter of new Set(Object.values(modes).flat()))
    if ((given(call, parameter) !== undefined) !== needed.includes(parameter))
      call.invalid(`-${parameter} ${needed.includes(parameter) ? "is missing" : "is not for this mode"}: ${mode}.`);
  const isPrivate = needed.includes("PrimaryVlanId");
  return {
    ...untagged(),
    mode: isPrivate ? "Private" : (mode as Vlan["mode"]),
    privateMode: isPrivate ? mode : null,
    accessVlanId: idAsked(call, "VlanId", 1),
    nativeVlanId: idAsked(call, "NativeVlanId", 0),
    allowedVlanIds: idsAsked(call, "AllowedVlanIdList"),
    primaryVlanId: idAsked(call, "PrimaryVlanId", 1),
    secondaryVlanId: idAsked(call, "SecondaryVlanId", 1),
    secondaryVlanIds: idsAsked(call, "SecondaryVlanIdList"),
  };
}

function idAsked(call: Running, parameter: string, lowest: number): number {
  const id = given<number>(call, parameter);
  if (id === undefined) return 0;
  const wrong = outside(lowest, 4094)(id);
  if (wrong !== undefined) call.invalid(`-${parameter}: ${wrong}`);
  return id;
}

/** `1-100,200`; all ids from 0 are a trunk for everything (recorded, MicrosoftDocs/windows-powershell-docs#2543). */
function idsAsked(call: Running, parameter: string): number[] {
  const written = given<string>(call, parameter);
  if (written === undefined) return [];
  const ids = new Set<number>();
  for (const range of written.split(",")) {
    const [, first, last = first] = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(range) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || from > to || to > 4094)
      call.invalid(`-${parameter}: '${written}' is not a list of VLAN ids.`);
    for (let id = from; id <= to; id += 1) ids.add(id);
  }
  return [...ids].sort((one, other) => one - other);
}

/** A VLAN that was set by the one family of cmdlets is changed by the same (D, S, hyper-v.md 3). */
function setIsolations(call: Running): Thing[] {
  const targets = targetsOf(call, "VMNetworkAdapterName");
  for (const { adapter } of targets) refuseIsolation(call, adapter);
  for (const { adapter } of targets) adapter.isolation = { ...adapter.isolation, ...isolationAsked(call) };
  return passedSettings(call, targets, isolationThing);
}

function refuseIsolation(call: Running, { vlan, isolation }: AdapterSettings): void {
  const { mode, defaultId } = { ...isolation, ...isolationAsked(call) };
  if (mode !== "None" && vlan.mode !== "Untagged") call.invalid("The adapter has a VLAN: it has to be untagged first.");
  const wrong = outside(0, mode === "Vlan" ? 4094 : 16_777_215)(defaultId);
  if (wrong !== undefined) call.invalid(`-DefaultIsolationID: ${wrong}`);
}

function isolationAsked(call: Running): Partial<Isolation> {
  const mode = given<string>(call, "IsolationMode");
  const allowUntaggedTraffic = given<boolean>(call, "AllowUntaggedTraffic");
  const defaultId = given<number>(call, "DefaultIsolationID");
  const multiTenantStack = given<string>(call, "MultiTenantStack");
  return {
    ...(mode !== undefined && { mode }),
    ...(allowUntaggedTraffic !== undefined && { allowUntaggedTraffic }),
    ...(defaultId !== undefined && { defaultId }),
    ...(multiTenantStack !== undefined && { multiTenantStack }),
  };
}
