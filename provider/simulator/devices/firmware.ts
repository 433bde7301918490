import type { Cmdlets, Running } from "../engine/cmdlet";
import { hardwareOf, hardwarePart, machinesByPart, noGuid, type Owner, ownersOf } from "../engine/hardware";
import { sameName } from "../engine/names";
import { machineOf } from "../engine/selection";
import { apply, given, off, prepare, requireOff, type Settings } from "../engine/settings";
import type { Thing } from "../engine/thing";
import { adapterThing } from "../network/network-adapter";
import { sameEntry } from "../world/boot-order";
import type { BootEntry, Firmware, Hardware, Machine } from "../world/world";
import { driveThing } from "./drive";

export const firmwareCmdlets: Cmdlets = {
  "Get-VMFirmware"(call) {
    const owners = ownersOf(call);
    for (const { machine } of owners) requireGeneration(call, machine, 2, "firmware");
    return owners.map(firmwareThing);
  },
  "Set-VMFirmware"(call) {
    const machines = machinesByPart(call, "VMFirmware");
    apply(machines.map((machine) => prepareFirmware(call, machine)));
    return call.flag("Passthru") ? machines.map((machine) => firmwareThing({ machine })) : [];
  },
  "Get-VMBios"(call) {
    const owners = ownersOf(call);
    for (const { machine } of owners) requireGeneration(call, machine, 1, "a BIOS");
    return owners.map(biosThing);
  },
  "Set-VMBios"(call) {
    const machines = machinesByPart(call, "VMBios");
    for (const machine of machines) requireGeneration(call, machine, 1, "a BIOS");
    apply(machines.map((machine) => prepare(call, machine, biosSettings, "failed to modify settings")));
    return call.flag("Passthru") ? machines.map((machine) => biosThing({ machine })) : [];
  },
};

/** Recorded (hyper-v.md 2.4). */
export const secureBootTemplates = [
  { name: "MicrosoftWindows", id: "1734c6e8-3154-4dda-ba5f-a874cc483422", description: "Microsoft Windows" },
  {
    name: "MicrosoftUEFICertificateAuthority",
    id: "272e7447-90a4-4563-a4b9-8e4ab00526ce",
    description: "Microsoft UEFI Certificate Authority",
  },
  { name: "OpenSourceShieldedVM", id: "4292ae2b-ee2c-42b5-a969-dd8f8689f6f3", description: "Open Source Shielded VM" },
] as const;

export function newFirmware(): Firmware {
  return {
    secureBoot: "On",
    secureBootTemplate: "MicrosoftWindows",
    bootOrder: [],
    preferredNetworkBootProtocol: "IPv4",
    consoleMode: "Default",
    pauseAfterBootFailure: "Off",
  };
}

export const biosOrder = ["CD", "IDE", "LegacyNetworkAdapter", "Floppy"];

export function requireGeneration(call: Running, machine: Machine, generation: 1 | 2, what: string): void {
  if (machine.generation !== generation)
    call.invalid(
      `'${machine.name}' is a generation ${machine.generation} virtual machine, which has no ${what.replace(/^a /, "")}.`,
    );
}

function prepareFirmware(call: Running, machine: Machine): () => void {
  requireGeneration(call, machine, 2, "firmware");
  const changes = [
    prepare(call, machine, firmwareSettings, "failed to modify settings"),
    prepareBootOrder(call, machine),
  ];
  const template = prepareTemplate(call, machine);
  return () => apply([...changes, template]);
}

const firmwareSettings: Settings = {
  EnableSecureBoot: off<Firmware["secureBoot"]>({
    set: ({ firmware }, secureBoot) => {
      firmware.secureBoot = secureBoot;
    },
  }),
  PreferredNetworkBootProtocol: off<string>({
    set: ({ firmware }, protocol) => {
      firmware.preferredNetworkBootProtocol = protocol;
    },
  }),
  ConsoleMode: off<string>({
    set: ({ firmware }, mode) => {
      firmware.consoleMode = mode;
    },
  }),
  PauseAfterBootFailure: off<string>({
    set: ({ firmware }, pause) => {
      firmware.pauseAfterBootFailure = pause;
    },
  }),
};

/** By name or id; locked for ever once there was a virtual TPM, the same template included (recorded, hashicorp/packer#11399). */
function prepareTemplate(call: Running, machine: Machine): () => void {
  const name = given<string>(call, "SecureBootTemplate");
  const id = given<string>(call, "SecureBootTemplateId");
  if (name === undefined && id === undefined) return () => {};
  const template = secureBootTemplates.find((candidate) =>
    id === undefined
      ? sameName(candidate.name, name ?? "")
      : candidate.id === id && sameName(candidate.name, name ?? candidate.name),
  );
  if (!template)
    call.invalid(`'${machine.name}' failed to modify settings. There is no secure boot template '${id ?? name}'.`);
  requireOff(call, machine);
  if (machine.security.tpmInitialised)
    call.operationFailed(
      `'${machine.name}' failed to modify settings. ` +
        "Cannot modify the secure boot template ID property after the virtual TPM is initialized.",
    );
  return () => {
    machine.firmware.secureBootTemplate = template.name;
  };
}

/** The list replaces the order, an empty one changes nothing (recorded); the first device moves up and the rest stays. */
function prepareBootOrder(call: Running, machine: Machine): () => void {
  const order = call.things("BootOrder")?.map((device) => entryOf(call, machine, device));
  const first = given<Thing>(call, "FirstBootDevice");
  const top = first && entryOf(call, machine, first);
  if (order || top) requireOff(call, machine);
  return () => {
    const { firmware } = machine;
    if (order && order.length > 0)
      firmware.bootOrder = order.filter((entry, at) => order.findIndex((one) => sameEntry(one, entry)) === at);
    if (top) firmware.bootOrder = [top, ...firmware.bootOrder.filter((entry) => !sameEntry(entry, top))];
  };
}

/** What a drive, an adapter or a boot source of this machine is in its boot order. */
function entryOf(call: Running, machine: Machine, device: Thing): BootEntry {
  const entry = machineOf(call, device) === machine ? entryKinds[device.type]?.(device) : undefined;
  if (!entry || !isBootable(machine, entry)) call.invalid(`'${machine.name}' cannot boot from this device.`);
  return entry;
}

const entryKinds: Readonly<Record<string, (device: Thing) => BootEntry>> = {
  HardDiskDrive: ({ identity }) => ({ kind: "drive", driveId: String(identity.DriveId) }),
  DvdDrive: ({ identity }) => ({ kind: "drive", driveId: String(identity.DriveId) }),
  VMNetworkAdapter: ({ identity }) => ({ kind: "adapter", adapterId: String(identity.AdapterId).toLowerCase() }),
  VMBootSource: ({ identity }) => JSON.parse(String(identity.Entry)) as BootEntry,
};

function isBootable(hardware: Hardware, entry: BootEntry): boolean {
  if (entry.kind === "drive") return hardware.drives.some(({ id }) => id === entry.driveId);
  return entry.kind === "file" || hardware.adapters.some(({ id }) => id === entry.adapterId);
}

function firmwareThing(owner: Owner): Thing {
  return hardwarePart(
    { type: "VMFirmware", identity: {} },
    owner,
    ({ firmware }) => firmware,
    (firmware, machine) => ({
      SecureBoot: firmware.secureBoot,
      SecureBootTemplate: firmware.secureBootTemplate,
      SecureBootTemplateId: secureBootTemplates.find(({ name }) => name === firmware.secureBootTemplate)?.id ?? noGuid,
      PreferredNetworkBootProtocol: firmware.preferredNetworkBootProtocol,
      ConsoleMode: firmware.consoleMode,
      PauseAfterBootFailure: firmware.pauseAfterBootFailure,
      BootOrder: () => firmware.bootOrder.map((entry) => bootSourceThing({ ...owner, machine }, entry)),
    }),
  );
}

/** The class that the reference does not list (K, hyper-v.md 10 row 5). */
function bootSourceThing(owner: Owner, entry: BootEntry): Thing {
  return hardwarePart(
    { type: "VMBootSource", identity: { Entry: JSON.stringify(entry) } },
    owner,
    ({ firmware }) => firmware.bootOrder.find((candidate) => sameEntry(candidate, entry)),
    (_, machine) => ({
      ...descriptions[entry.kind],
      FirmwarePath: firmwarePath(entry),
      Device: deviceOf({ ...owner, machine }, entry),
    }),
  );
}

/** Two DVD drives have one description: devices are told apart by the type of `Device` (recorded, hyper-v.md 2.4). */
const descriptions = {
  drive: { BootType: "Drive", Description: "EFI SCSI Device" },
  adapter: { BootType: "Network", Description: "EFI Network" },
  file: { BootType: "File", Description: "Windows Boot Manager" },
} as const;

function firmwarePath(entry: BootEntry): string {
  if (entry.kind === "file") return entry.path;
  const id = entry.kind === "drive" ? entry.driveId : entry.adapterId;
  return `\\AcpiEx(VMBus,0,0)\\VenHw(9B17E5A2-0891-42DD-B653-80B5C22809BA,${id.replaceAll("-", "").toUpperCase()})`;
}

function deviceOf(owner: Owner, entry: BootEntry): Thing | null {
  const { drives, adapters } = hardwareOf(owner);
  if (entry.kind === "drive") {
    const drive = drives.find(({ id }) => id === entry.driveId);
    return drive ? driveThing(owner, drive) : null;
  }
  const adapter = entry.kind === "adapter" && adapters.find(({ id }) => id === entry.adapterId);
  return adapter ? adapterThing(owner, adapter) : null;
}

const biosSettings: Settings = {
  StartupOrder: off<string[]>({
    wrong: (order) =>
      [...order].sort().join() === [...biosOrder].sort().join()
        ? undefined
        : `The startup order names each of ${biosOrder.join(", ")} once.`,
    set: ({ bios }, order) => {
      bios.startupOrder = order;
    },
  }),
  EnableNumLock: off<boolean>({
    wrong: (on, _, call) => (on && call.flag("DisableNumLock") ? "Num lock is either on or off." : undefined),
    set: ({ bios }, on) => {
      if (on) bios.numLockEnabled = true;
    },
  }),
  DisableNumLock: off<boolean>({
    set: ({ bios }, on) => {
      if (on) bios.numLockEnabled = false;
    },
  }),
};

function biosThing(owner: Owner): Thing {
  return hardwarePart(
    { type: "VMBios", identity: {} },
    owner,
    ({ bios }) => bios,
    ({ startupOrder, numLockEnabled }) => ({ StartupOrder: [...startupOrder], NumLockEnabled: numLockEnabled }),
  );
}
