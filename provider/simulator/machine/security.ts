import { createHash } from "node:crypto";
import { requireGeneration } from "../devices/firmware";
import type { Cmdlets, Running } from "../engine/cmdlet";
import { hardwarePart } from "../engine/hardware";
import { machinesOf } from "../engine/selection";
import { apply, given, off, prepare, requireOff, type Settings } from "../engine/settings";
import type { Thing } from "../engine/thing";
import type { Machine, Security } from "../world/world";
import { machineThing } from "./virtual-machine";

export const securityCmdlets: Cmdlets = {
  "Get-VMSecurity": (call) => machinesOf(call).map(securityThing),
  "Set-VMSecurity": (call) => secure(call, securitySettings),
  "Set-VMSecurityPolicy": (call) => secure(call, policySettings),
  "Get-VMKeyProtector": (call) => machinesOf(call).flatMap(({ security }) => keyProtectorBytes(security)),
  "Set-VMKeyProtector": setKeyProtector,
  "Enable-VMTPM": (call) => switchTpm(call, true),
  "Disable-VMTPM": (call) => switchTpm(call, false),
};

export function newSecurity(): Security {
  return {
    keyProtector: "none",
    keyProtectorData: null,
    guardianNode: null,
    tpmEnabled: false,
    tpmInitialised: false,
    encryptStateAndVmMigrationTraffic: false,
    virtualizationBasedSecurityOptOut: false,
    shielded: false,
    bindToHostTpm: false,
  };
}

function secure(call: Running, settings: Settings): readonly Thing[] {
  const machines = machinesOf(call);
  for (const machine of machines) requireGeneration(call, machine, 2, "virtual TPM and shielding");
  apply(machines.map((machine) => prepare(call, machine, settings, "failed to modify security settings")));
  return call.flag("Passthru") ? machines.map(securityThing) : [];
}

const securitySettings: Settings = {
  EncryptStateAndVmMigrationTraffic: off<boolean>({
    wrong: (on, { security }) => (on ? needsKeyProtector(security) : whileShielded(security)),
    set: ({ security }, on) => {
      security.encryptStateAndVmMigrationTraffic = on;
    },
  }),
  VirtualizationBasedSecurityOptOut: off<boolean>({
    set: ({ security }, on) => {
      security.virtualizationBasedSecurityOptOut = on;
    },
  }),
};

const policySettings: Settings = {
  // one way without the owner's key; shielding encrypts (D, hyper-v.md 2.5)
  Shielded: off<boolean>({
    wrong: (on, { security }) => (on ? needsKeyProtector(security) : whileShielded(security)),
    set: ({ security }, on) => {
      security.shielded = on;
      if (on) security.encryptStateAndVmMigrationTraffic = true;
    },
  }),
  BindToHostTpm: off<boolean>({
    set: ({ security }, on) => {
      security.bindToHostTpm = on;
    },
  }),
};

function needsKeyProtector({ keyProtector }: Security): string | undefined {
  return keyProtector === "none" ? "A key protector is needed first." : undefined;
}

function whileShielded({ shielded }: Security): string | undefined {
  return shielded ? "The virtual machine is shielded." : undefined;
}

/** The setting that is wanted decides the protector: a new local one, or the given bytes. */
function setKeyProtector(call: Running): readonly Thing[] {
  const machines = machinesOf(call);
  const bytes = given<number[]>(call, "KeyProtector");
  const local = call.flag("NewLocalKeyProtector");
  if (Number(bytes !== undefined) + Number(local) + Number(call.flag("RestoreLastKnownGoodKeyProtector")) !== 1)
    call.invalid("Specify one of KeyProtector, NewLocalKeyProtector and RestoreLastKnownGoodKeyProtector.");
  for (const machine of machines) {
    requireGeneration(call, machine, 2, "key protector");
    requireOff(call, machine);
  }
  for (const machine of machines) {
    if (local) makeLocal(call, machine);
    else if (bytes) machine.security = { ...machine.security, ...protectorOf(bytes) };
  }
  return call.flag("Passthru") ? machines.map(machineThing) : [];
}

/** The certificates of this host's guardian: no other node can open it (S, hyper-v.md 2.5). */
function makeLocal({ world, node }: Running, { id, security }: Machine): void {
  world.serial += 1;
  security.keyProtector = "local";
  security.keyProtectorData = createHash("sha256").update(`${world.seed}/${id}/${world.serial}`).digest("base64");
  security.guardianNode = node.name;
}

function protectorOf(bytes: readonly number[]): Pick<Security, "keyProtector" | "keyProtectorData" | "guardianNode"> {
  const keyProtectorData = Buffer.from(bytes).toString("base64");
  return { keyProtector: keyProtectorData === none ? "none" : "given", keyProtectorData, guardianNode: null };
}

/** What a machine without a key protector answers (K, hyper-v.md 2.5). */
const none = Buffer.from([0, 0, 0, 4]).toString("base64");

function keyProtectorBytes({ keyProtectorData }: Security): number[] {
  return [...Buffer.from(keyProtectorData ?? none, "base64")];
}

function switchTpm(call: Running, on: boolean): readonly Thing[] {
  const machines = machinesOf(call);
  for (const machine of machines) {
    requireGeneration(call, machine, 2, "virtual TPM");
    const missing = on && needsKeyProtector(machine.security);
    if (missing)
      call.operationFailed(`'${machine.name}' failed to modify device 'Trusted Platform Module'. ${missing}`);
    requireOff(call, machine);
  }
  for (const { security } of machines) {
    security.tpmEnabled = on;
    if (on) security.tpmInitialised = true;
  }
  return call.flag("Passthru") ? machines.map(machineThing) : [];
}

function securityThing(machine: Machine): Thing {
  return hardwarePart(
    { type: "VMSecurity", identity: {} },
    { machine },
    ({ security }) => security,
    (security) => ({
      TpmEnabled: security.tpmEnabled,
      KsdEnabled: false,
      Shielded: security.shielded,
      EncryptStateAndVmMigrationTraffic: security.encryptStateAndVmMigrationTraffic,
      VirtualizationBasedSecurityOptOut: security.virtualizationBasedSecurityOptOut,
      BindToHostTpm: security.bindToHostTpm,
    }),
  );
}
