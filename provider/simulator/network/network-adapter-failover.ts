import { isIP } from "node:net";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { nameMatches } from "../engine/selection";
import { given } from "../engine/settings";
import { record, type Thing } from "../engine/thing";
import type { Adapter, FailoverAddresses, Machine } from "../world/world";
import { machinesMeant, machineTargetsOf } from "./network-adapter-selection";

/** What a machine's adapter is given when a replica of it fails over (D, hyper-v-host.md 6.1). */
export const failoverConfigurationCmdlets: Cmdlets = {
  "Get-VMNetworkAdapterFailoverConfiguration": (call) => asked(call).map((one) => settingThing(call, one)),
  "Set-VMNetworkAdapterFailoverConfiguration"(call) {
    const targets = asked(call);
    const told = addressesTold(call);
    for (const { adapter } of targets) {
      const now = { ...adapter.failover };
      for (const key of Object.keys(now))
        if (call.flag(`ClearFailover${key.slice(0, 4)}Settings`)) delete now[key as keyof FailoverAddresses];
      adapter.failover = { ...now, ...told };
    }
    return call.flag("Passthru") ? targets.map((one) => settingThing(call, one)) : [];
  },
};

interface Target {
  machine: Machine;
  adapter: Adapter;
}

function asked(call: Running): Target[] {
  if (call.has("VMNetworkAdapter")) return machineTargetsOf(call);
  const name = given<string>(call, "VMNetworkAdapterName");
  const targets = machinesMeant(call).flatMap((machine) =>
    machine.adapters
      .filter((adapter) => name === undefined || nameMatches(adapter.name, name))
      .map((adapter) => ({ machine, adapter })),
  );
  if (targets.length === 0) call.notFound("No network adapter was found with the given criteria.");
  return targets;
}

const parameters: readonly (keyof FailoverAddresses)[] = [
  "IPv4Address",
  "IPv4SubnetMask",
  "IPv4DefaultGateway",
  "IPv4PreferredDNSServer",
  "IPv4AlternateDNSServer",
  "IPv6Address",
  "IPv6SubnetPrefixLength",
  "IPv6DefaultGateway",
  "IPv6PreferredDNSServer",
  "IPv6AlternateDNSServer",
];

function addressesTold(call: Running): FailoverAddresses {
  const told = parameters.flatMap((parameter) => {
    const value = given<string | number>(call, parameter);
    if (value === undefined) return [];
    if (typeof value === "string" && isIP(value) !== Number(parameter[3]))
      call.invalid(`'${value}' is not an ${parameter.slice(0, 4)} address.`);
    return [[parameter, String(value)]];
  });
  return Object.fromEntries(told) as FailoverAddresses;
}

function settingThing(call: Running, { machine, adapter }: Target): Thing {
  const failover: FailoverAddresses = adapter.failover ?? {};
  return record("VMNetworkAdapterFailoverSetting", {
    ...Object.fromEntries(parameters.map((parameter) => [parameter, failover[parameter] ?? ""])),
    VMName: machine.name,
    VMNetworkAdapterName: adapter.name,
    ComputerName: call.node.name,
  });
}
