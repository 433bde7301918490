import fc from "fast-check";
import { Simulator } from "../provider/simulator";

export type Inputs = Record<string, unknown>;

export const GiB = 2 ** 30;
export const MiB = 2 ** 20;

export const paths = ["D:\\a.vhdx", "D:\\b.vhdx", "D:\\c.vhdx", "D:\\d.vhdx"];
export const isos = ["D:\\one.iso", "D:\\two.iso"];
export const switches = ["lan", "wan", "s[1]*"];

export const optional = <T>(key: string, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((chosen): Inputs => (chosen === undefined ? {} : { [key]: chosen }));
export const merged = (...parts: fc.Arbitrary<Inputs>[]) =>
  fc.tuple(...parts).map((all): Inputs => Object.assign({}, ...all));

const memory = fc.oneof(
  fc.constantFrom(512 * MiB, 1 * GiB, 2 * GiB, 3 * GiB).map((startupBytes): Inputs => ({ startupBytes })),
  fc
    .record({
      startup: fc.constantFrom(512 * MiB, 1 * GiB, 2 * GiB),
      minimum: fc.option(fc.constantFrom(64 * MiB, 256 * MiB, 512 * MiB), { nil: undefined }),
      maximum: fc.option(fc.constantFrom(2 * GiB, 4 * GiB, 8 * GiB), { nil: undefined }),
      buffer: fc.option(fc.constantFrom(5, 20, 2000), { nil: undefined }),
    })
    .map(
      ({ startup, minimum, maximum, buffer }): Inputs => ({
        dynamicMemoryEnabled: true,
        startupBytes: startup,
        ...(minimum !== undefined && { minimumBytes: minimum }),
        ...(maximum !== undefined && { maximumBytes: maximum }),
        ...(buffer !== undefined && { buffer }),
      }),
    ),
);

const onOff = fc.constantFrom("On", "Off");

const vlan = fc.constantFrom<Inputs[]>(
  {},
  { vlan: 1 },
  { vlan: 4094 },
  { vlanTrunk: { nativeVlanId: 5, allowedVlanIdList: "1-10,20" } },
  { vlanTrunk: { allowedVlanIdList: "20, 5-7,6" } },
  { privateVlan: { mode: "Isolated", primaryVlanId: 10, secondaryVlanId: 200 } },
  { privateVlan: { mode: "Promiscuous", primaryVlanId: 10, secondaryVlanIdList: "200-203" } },
);

const adapters = (generation: number) =>
  fc
    .uniqueArray(fc.constantFrom("Network Adapter", "front", "back", "a*"), { maxLength: 3 })
    .chain((names) =>
      fc.tuple(
        ...names.map((name) =>
          fc
            .tuple(
              merged(
                fc.constant<Inputs>({ name }),
                optional("switchName", fc.constantFrom(...switches)),
                optional("macAddress", fc.constantFrom("00155D010203", "00-15-5D-01-02-04")),
                vlan,
                optional("macAddressSpoofing", onOff),
                optional("dhcpGuard", onOff),
                optional("portMirroring", fc.constantFrom("None", "Source", "Destination")),
                optional("allowTeaming", onOff),
                optional("maximumBandwidth", fc.constantFrom(0, 8_000_000)),
              ),
              merged(
                optional("deviceNaming", onOff),
                optional("vmqWeight", fc.constantFrom(0, 50, 100)),
                optional("iovWeight", fc.constantFrom(0, 50)),
                optional("ipsecOffloadMaximumSecurityAssociation", fc.constantFrom(0, 512)),
              ),
              fc.boolean(),
            )
            .map(
              ([any, synthetic, legacy]): Inputs =>
                generation === 1 && legacy ? { ...any, isLegacy: true } : { ...any, ...synthetic },
            ),
        ),
      ),
    );

const processor = merged(
  optional("count", fc.constantFrom(1, 2, 4)),
  optional("reserve", fc.constantFrom(0, 20, 50)),
  optional("maximum", fc.constantFrom(50, 70, 100)),
  optional("relativeWeight", fc.constantFrom(1, 100, 10_000)),
  optional("exposeVirtualizationExtensions", fc.boolean()),
  optional("compatibilityForMigrationEnabled", fc.boolean()),
  optional("hwThreadCountPerCore", fc.constantFrom(0, 1, 2)),
  optional("maximumCountPerNumaNode", fc.constantFrom(1, 2)),
  optional("enableHostResourceProtection", fc.boolean()),
);

const security = merged(
  optional("tpmEnabled", fc.boolean()),
  optional("encryptStateAndVmMigrationTraffic", fc.boolean()),
  optional("virtualizationBasedSecurityOptOut", fc.boolean()),
);

const services = merged(
  ...["heartbeat", "shutdown", "timeSynchronization", "keyValuePairExchange", "vss", "guestServiceInterface"].map(
    (key) => optional(key, fc.boolean()),
  ),
);

const biosOrders = fc.shuffledSubarray(["CD", "IDE", "LegacyNetworkAdapter", "Floppy"], { minLength: 4 });

/** Drives in places that do not clash: declared ones from a pool of their own. */
const disks = (generation: number) =>
  fc
    .uniqueArray(fc.constantFrom(...paths), { maxLength: 4 })
    .chain((chosen) =>
      fc
        .shuffledSubarray([0, 1, 2, 3, 9, 63], { minLength: chosen.length, maxLength: chosen.length })
        .chain((locations) =>
          fc.tuple(
            ...chosen.map((path, index) =>
              merged(
                fc.constantFrom<Inputs[]>(
                  { path },
                  { path, controllerType: "SCSI", controllerNumber: index % 2, controllerLocation: locations[index] },
                  ...(generation === 1 && index < 2
                    ? [{ path, controllerType: "IDE", controllerNumber: 0, controllerLocation: index }]
                    : []),
                ),
                fc.constantFrom<Inputs[]>(
                  {},
                  { maximumIOPS: 500 },
                  { maximumIOPS: 500, minimumIOPS: 500 },
                  { maximumIOPS: 100, minimumIOPS: 50 },
                  { overrideCacheAttributes: "WriteCacheDisabled" },
                ),
              ),
            ),
          ),
        ),
    );

const machine = (generation: number): fc.Arbitrary<Inputs> =>
  merged(
    fc.constant<Inputs>({ generation, allowRestart: true, shutdown: { timeoutSeconds: 10, onTimeout: "TurnOff" } }),
    fc.constantFrom("web", "a*", "[x]", "O'Brien").map((name): Inputs => ({ name })),
    optional("notes", fc.constantFrom("one", 'O\'Brien "x" $(throw) `n [a]* 日本')),
    optional("processor", processor),
    optional("memory", merged(memory, optional("priority", fc.constantFrom(0, 50, 100)))),
    optional("networkAdapters", adapters(generation)),
    optional("scsiControllerCount", fc.constantFrom(2, 3)),
    optional("integrationServices", services),
    optional("comPort1", fc.constantFrom("", "\\\\.\\pipe\\one")),
    optional("path", fc.constantFrom("D:\\one", "D:\\two")),
    optional("snapshotFileLocation", fc.constantFrom("D:\\one", "D:\\three")),
    optional("lockOnDisconnect", onOff),
    optional("lowMemoryMappedIoSpace", fc.constantFrom(128 * MiB, 256 * MiB)),
    optional("guestControlledCacheTypes", fc.boolean()),
    optional("automaticCheckpointsEnabled", fc.boolean()),
    generation === 2 ? optional("security", security) : optional("bios", fc.record({ startupOrder: biosOrders })),
    optional("hardDiskDrives", disks(generation)),
    optional(
      "dvdDrives",
      fc
        .array(optional("path", fc.constantFrom(...isos)), { maxLength: 2 })
        .map((drives) => drives.map((drive) => ({ ...drive }))),
    ),
    generation === 2
      ? optional(
          "firmware",
          fc.record({
            secureBoot: fc.constantFrom("On", "Off"),
            consoleMode: fc.constantFrom("Default", "COM1"),
            pauseAfterBootFailure: onOff,
          }),
        )
      : fc.constant<Inputs>({}),
    optional("automaticStartAction", fc.constantFrom("Nothing", "Start")),
    optional("automaticStartDelay", fc.constantFrom(0, 30)),
    optional("automaticStopAction", fc.constantFrom("TurnOff", "ShutDown")),
    optional("checkpointType", fc.constantFrom("Standard", "Disabled")),
    optional("state", fc.constantFrom("Running", "Off", "Saved", "Paused")),
  );

/** The machine with a boot order of some of its devices, and DVD drives of which a part of the place is declared. */
export const booting = (generation: number): fc.Arbitrary<Inputs> =>
  fc.tuple(machine(generation), fc.boolean()).chain(([inputs, placed]) => {
    if (generation === 1) return fc.constant(inputs);
    const list = (key: string) => (inputs[key] as Inputs[] | undefined) ?? [];
    const dvdDrives = list("dvdDrives").map((drive, index) =>
      placed ? { ...drive, controllerLocation: 40 - index } : drive,
    );
    const devices: Inputs[] = [
      ...list("hardDiskDrives").map(({ path }) => ({ hardDiskDrive: path })),
      ...list("networkAdapters").map(({ name }) => ({ networkAdapter: name })),
      ...dvdDrives.map((_drive, index) => ({ dvdDrive: index })),
    ];
    const withDvds = inputs.dvdDrives ? { ...inputs, dvdDrives } : inputs;
    return fc
      .option(fc.shuffledSubarray(devices), { nil: undefined })
      .map(
        (bootOrder): Inputs =>
          bootOrder ? { ...withDvds, firmware: { ...(inputs.firmware as Inputs | undefined), bootOrder } } : withDvds,
      );
  });

/** A host with all that such a machine may name. */
export async function world(): Promise<Simulator> {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], guestsBoot: true, seed: "planner" });
  for (const path of isos) await simulator.happen({ touch: path, sizeBytes: MiB });
  const results = await simulator.run("HV01", [
    ...["one", "two", "three"].map((folder) => ({
      cmdlet: "New-Item" as const,
      parameters: { Path: `D:\\${folder}`, ItemType: "Directory" },
    })),
    ...[...paths, "D:\\stranger.vhdx"].map((Path) => ({
      cmdlet: "New-VHD" as const,
      parameters: { Path, SizeBytes: GiB, Dynamic: true },
    })),
    ...switches.map((Name) => ({
      cmdlet: "New-VMSwitch" as const,
      parameters: { Name, SwitchType: "Private" as const },
    })),
    // neighbours that nothing may touch
    ...["a1", "x", "web2"].map((Name) => ({ cmdlet: "New-VM" as const, parameters: { Name, Generation: 2 } })),
  ]);
  const failed = results.find(({ error }) => error);
  if (failed) throw new Error(JSON.stringify(failed.error));
  return simulator;
}
