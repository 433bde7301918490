import type { Cmdlets } from "../engine/cmdlet";
import { hardwarePart, instanceId, machinesByPart, type Owner, ownersOf } from "../engine/hardware";
import { apply, hot, off, outside, prepare, type Settings } from "../engine/settings";
import type { Thing } from "../engine/thing";
import { compareVersions, refuseUnknownToBuild } from "../engine/versions";
import type { Machine, Node, Processor } from "../world/world";

export const processorCmdlets: Cmdlets = {
  "Get-VMProcessor": (call) => ownersOf(call).map(processorThing),
  "Set-VMProcessor"(call) {
    refuseUnknownToBuild(call);
    const machines = machinesByPart(call, "VMProcessor");
    apply(machines.map((machine) => prepare(call, machine, settings, "failed to modify device 'Processor'")));
    return call.flag("Passthru") ? machines.map((machine) => processorThing({ machine })) : [];
  },
};

export function defaultProcessor(node: Node): Processor {
  return {
    count: 1,
    reserve: 0,
    maximum: 100,
    relativeWeight: 100,
    exposeVirtualizationExtensions: false,
    compatibilityForMigrationEnabled: false,
    compatibilityForOlderOperatingSystemsEnabled: false,
    hwThreadCountPerCore: node.windowsBuild >= 17763 ? 0 : 1,
    // resolved by the host (recorded): as many as its one node has
    maximumCountPerNumaNode: node.logicalProcessors,
    maximumCountPerNumaSocket: 1,
    enableHostResourceProtection: false,
    resourcePoolName: "Primordial",
    perfmon: [],
    enableLegacyApicMode: false,
    allowACountMCount: true,
  };
}

/** Also Set-VM's `-ProcessorCount`. */
export const processorCount = off<number>({
  wrong: (count, { generation }, { node }) =>
    outside(1, Math.min(node.logicalProcessors, limit(generation, node)))(count),
  set: ({ processor }, count) => {
    processor.count = count;
  },
});

/** D, hyper-v.md 2.1. */
function limit(generation: number, node: Node): number {
  if (generation === 1) return 64;
  return node.windowsBuild >= 26100 ? 2048 : 240;
}

const perfmon = ["pmu", "lbr", "pebs", "ipt"];

const settings: Settings = {
  Count: processorCount,
  Reserve: hot<number>({
    wrong: (reserve, { processor }, call) =>
      outside(0, Math.min(100, call.number("Maximum") ?? processor.maximum))(reserve),
    set: ({ processor }, reserve) => {
      processor.reserve = reserve;
    },
  }),
  Maximum: hot<number>({
    wrong: (maximum, { processor }, call) => outside(call.number("Reserve") ?? processor.reserve, 100)(maximum),
    set: ({ processor }, maximum) => {
      processor.maximum = maximum;
    },
  }),
  RelativeWeight: hot<number>({
    wrong: outside(1, 10_000),
    set: ({ processor }, weight) => {
      processor.relativeWeight = weight;
    },
  }),
  EnableHostResourceProtection: hot<boolean>({
    set: ({ processor }, on) => {
      processor.enableHostResourceProtection = on;
    },
  }),
  ExposeVirtualizationExtensions: off<boolean>({
    set: ({ processor }, on) => {
      processor.exposeVirtualizationExtensions = on;
    },
  }),
  CompatibilityForMigrationEnabled: off<boolean>({
    set: ({ processor }, on) => {
      processor.compatibilityForMigrationEnabled = on;
    },
  }),
  CompatibilityForOlderOperatingSystemsEnabled: off<boolean>({
    set: ({ processor }, on) => {
      processor.compatibilityForOlderOperatingSystemsEnabled = on;
    },
  }),
  HwThreadCountPerCore: off<number>({
    // 0, "as the host", came with 2019 and version 9.0; before it the range is 1 through 2 (recorded on 2016)
    wrong: (threads, machine, { node }) => outside(inheritsThreads(machine, node) ? 0 : 1, 2)(threads),
    set: ({ processor }, threads) => {
      processor.hwThreadCountPerCore = threads;
    },
  }),
  MaximumCountPerNumaNode: off<number>({
    wrong: outside(1, 2048),
    set: ({ processor }, count) => {
      processor.maximumCountPerNumaNode = count;
    },
  }),
  MaximumCountPerNumaSocket: off<number>({
    wrong: outside(1, 256),
    set: ({ processor }, count) => {
      processor.maximumCountPerNumaSocket = count;
    },
  }),
  ResourcePoolName: off<string>({
    wrong: wrongPool,
    set: ({ processor }, name) => {
      processor.resourcePoolName = name;
    },
  }),
  Perfmon: off<string[]>({
    wrong: (names) => {
      const unknown = names.find((name) => !perfmon.includes(name.toLowerCase()));
      return unknown === undefined ? undefined : `'${unknown}' is none of ${perfmon.join(", ")}.`;
    },
    set: ({ processor }, names) => {
      processor.perfmon = names.map((name) => name.toLowerCase());
    },
  }),
  EnableLegacyApicMode: off<boolean>({
    set: ({ processor }, on) => {
      processor.enableLegacyApicMode = on;
    },
  }),
  AllowACountMCount: off<boolean>({
    set: ({ processor }, on) => {
      processor.allowACountMCount = on;
    },
  }),
};

function inheritsThreads({ version }: Machine, { windowsBuild }: Node): boolean {
  return windowsBuild >= 17763 && compareVersions(version, "9.0") >= 0;
}

/** A host has one pool of each kind unless somebody makes more, which nothing here does. */
export function wrongPool(name: string): string | undefined {
  return name.toLowerCase() === "primordial" ? undefined : `There is no resource pool '${name}'.`;
}

function processorThing(owner: Owner): Thing {
  const id = instanceId(owner.machine, "B637F346-6A0E-4DEC-AF52-BD70CB80A21D", 0);
  return hardwarePart(
    { type: "VMProcessor", identity: { Id: id } },
    owner,
    ({ processor }) => processor,
    (processor) => ({
      Id: id,
      Name: "Processor",
      ResourcePoolName: processor.resourcePoolName,
      Count: processor.count,
      Reserve: processor.reserve,
      Maximum: processor.maximum,
      RelativeWeight: processor.relativeWeight,
      ExposeVirtualizationExtensions: processor.exposeVirtualizationExtensions,
      CompatibilityForMigrationEnabled: processor.compatibilityForMigrationEnabled,
      CompatibilityForOlderOperatingSystemsEnabled: processor.compatibilityForOlderOperatingSystemsEnabled,
      HwThreadCountPerCore: processor.hwThreadCountPerCore,
      MaximumCountPerNumaNode: processor.maximumCountPerNumaNode,
      MaximumCountPerNumaSocket: processor.maximumCountPerNumaSocket,
      EnableHostResourceProtection: processor.enableHostResourceProtection,
      EnablePerfmonPmu: processor.perfmon.includes("pmu"),
      EnablePerfmonLbr: processor.perfmon.includes("lbr"),
      EnablePerfmonPebs: processor.perfmon.includes("pebs"),
      EnablePerfmonIpt: processor.perfmon.includes("ipt"),
      EnableLegacyApicMode: processor.enableLegacyApicMode,
      AllowACountMCount: processor.allowACountMCount,
      OperationalStatus: ["Ok"],
      StatusDescription: ["OK"],
    }),
  );
}
