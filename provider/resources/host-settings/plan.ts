import type { Value } from "../../calls";
import type { Plan, Step } from "../definition";
import { same, steps } from "../definition";
import { networkSteps, shownNetworks } from "./migration-network";
import { type Observed, timeSpanOf } from "./observed";
import type { Desired } from "./schema";

/** One property that `Set-VMHost` sets. */
interface Setting {
  /** As a message names it. */
  property: string;
  parameter: string;
  is: Value;
  wanted: Value | undefined;
  /** What is sent for it. */
  sent?: Value;
}

type Migration = NonNullable<Desired["migration"]>;

const bare = (text: string) => text.replace(/[-:]/g, "").toUpperCase();
const sameDigits = (one: string, other: string) => bare(one) === bare(other);
const samePath = (one: string, other: string) => same(one.replace(/\\$/, ""), other.replace(/\\$/, ""));

/** The host's spelling where it means something else, otherwise the program's. */
function spelled<Text extends string | undefined>(is: string, wanted: Text, alike: typeof same): string | Text {
  return wanted !== undefined && alike(is, wanted) ? wanted : is;
}

function settingsOf(is: Observed, desired: Desired): readonly Setting[] {
  const { migration = {} } = desired;
  const now = reflect(is, desired);
  const interval = desired.resourceMeteringSaveInterval;
  const own = keys.map(
    (key): Setting => ({ property: key, parameter: pascal(key), is: now[key] ?? null, wanted: desired[key] }),
  );
  const ofMigration = migrationKeys.map((key): Setting => {
    const property = `migration.${key}`;
    return { property, parameter: pascal(key), is: is.migration[key], wanted: migration[key] };
  });
  const metering: Setting = {
    property: "resourceMeteringSaveInterval",
    parameter: "ResourceMeteringSaveInterval",
    is: is.resourceMeteringSaveInterval,
    wanted: interval,
    ...(interval !== undefined && { sent: timeSpanOf(interval) }),
  };
  return [...own, metering, ...ofMigration].filter(({ is: now, wanted }) => wanted !== undefined && wanted !== now);
}

const pascal = (key: string) => key.charAt(0).toUpperCase() + key.slice(1);

const keys = [
  "virtualMachinePath",
  "virtualHardDiskPath",
  "macAddressMinimum",
  "macAddressMaximum",
  "numaSpanningEnabled",
  "enableEnhancedSessionMode",
  "fibreChannelWwnn",
  "fibreChannelWwpnMinimum",
  "fibreChannelWwpnMaximum",
] as const satisfies readonly (keyof Desired)[];

const migrationKeys = [
  "virtualMachineMigrationAuthenticationType",
  "virtualMachineMigrationPerformanceOption",
  "maximumVirtualMachineMigrations",
  "maximumStorageMigrations",
  "useAnyNetworkForMigration",
] as const satisfies readonly (keyof Migration)[];

/**
 * The settings go before the migrations that rely on them, and the networks that come before what may use only them. One call
 * takes all settings or none of them (recorded, hyper-v-host.md 2).
 */
export function plan(observed: Observed, desired: Desired): Plan {
  const all = settingsOf(observed, desired);
  const restricts = ({ property, wanted }: Setting) =>
    property.endsWith("useAnyNetworkForMigration") && wanted === false;
  // a host without a node's name is the only one of its provider
  const overruled = desired.node !== undefined && !observed.standalone ? clusters : {};
  const { added, removed } = networkSteps(observed.migration.networks, desired.migration?.networks);
  return steps(
    ...settingStep(
      all.filter((setting) => !restricts(setting)),
      overruled,
    ),
    ...enabling(observed, desired),
    ...added,
    ...settingStep(all.filter(restricts), overruled),
    ...removed,
  );
}

/** What a cluster writes over the settings of its nodes, again and again (D, R, hyper-v-host.md 2). */
const clusters: Overruled = {
  "migration.maximumVirtualMachineMigrations":
    "from Windows Server 2022 on a cluster writes its maximumParallelMigrations over migration.maximumVirtualMachineMigrations of its nodes. " +
    "Declare maximumParallelMigrations in ClusterSettings, and leave this out",
};

/** By property, what undoes it. */
type Overruled = Readonly<Record<string, string>>;

function settingStep(settings: readonly Setting[], overruled: Overruled): Step[] {
  if (settings.length === 0) return [];
  const properties = settings.map(({ property }) => property);
  const parameters = Object.fromEntries(settings.map(({ parameter, wanted, sent }) => [parameter, sent ?? wanted]));
  const [undone] = properties.flatMap((property) => overruled[property] ?? []);
  const spanning = properties.includes("numaSpanningEnabled")
    ? ["numaSpanningEnabled takes effect when the host's service vmms restarts"]
    : [];
  const notices = [...spanning, ...(undone === undefined ? [] : [undone])];
  return [
    {
      does: `set ${properties.join(", ")}`,
      properties,
      calls: [{ cmdlet: "Set-VMHost", parameters }],
      ...(notices.length > 0 && { notice: notices.join("; ") }),
      ...(undone !== undefined && { overruled: undone }),
    },
  ];
}

function enabling({ migration: { enabled: is } }: Observed, { migration }: Desired): Step[] {
  const wanted = migration?.enabled;
  if (wanted === undefined || wanted === is) return [];
  const properties = ["migration.enabled"];
  if (wanted) return [{ does: "enable live migrations", properties, calls: [{ cmdlet: "Enable-VMMigration" }] }];
  return [
    {
      does: "disable live migrations",
      properties,
      calls: [{ cmdlet: "Disable-VMMigration" }],
      notice: "no machine moves live to or from this host any more, for migration.enabled",
    },
  ];
}

export function reflect(observed: Observed, desired: Desired): Desired {
  const { name, standalone: _standalone, migration, ...settings } = observed;
  const { node } = desired;
  const text = (key: keyof typeof settings & keyof Desired, alike: typeof same) =>
    spelled(String(settings[key]), desired[key] as string | undefined, alike);
  return {
    ...settings,
    ...(node !== undefined && { node }),
    virtualMachinePath: text("virtualMachinePath", samePath),
    virtualHardDiskPath: text("virtualHardDiskPath", samePath),
    macAddressMinimum: text("macAddressMinimum", sameDigits),
    macAddressMaximum: text("macAddressMaximum", sameDigits),
    fibreChannelWwnn: text("fibreChannelWwnn", sameDigits),
    fibreChannelWwpnMinimum: text("fibreChannelWwpnMinimum", sameDigits),
    fibreChannelWwpnMaximum: text("fibreChannelWwpnMaximum", sameDigits),
    migration: { ...migration, networks: [...shownNetworks(migration.networks, desired.migration?.networks)] },
  };
}
