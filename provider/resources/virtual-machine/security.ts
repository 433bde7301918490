import { z } from "zod";
import { type Call, type Question, result } from "../../calls";
import { off } from "../../schema";
import type { Answers } from "../definition";
import type { Block, Change } from "./change";
import { differences, selected, shown } from "./property";

export const security = z.strictObject({
  /**
   * Whether the machine has a virtual TPM. It is made with a key protector of the host that the machine is on, and does
   * not start on another host before the certificates of that one's guardian `UntrustedGuardian` are imported there. Needs
   * the machine off. Once it was on, `firmware.secureBootTemplate` is locked.
   * @default false
   */
  tpmEnabled: off(z.boolean().default(false), "Enable-VMTPM"),
  /**
   * Whether saved state, checkpoints' memory and migration traffic are encrypted; always with `shielded`. Needs a key
   * protector, which is made if there is none, and the machine off.
   * @default false
   */
  encryptStateAndVmMigrationTraffic: off(
    z.boolean().default(false),
    "Set-VMSecurity",
    "EncryptStateAndVmMigrationTraffic",
  ),
  /** Whether the guest gets no virtualisation-based security. Needs the machine off. @default false */
  virtualizationBasedSecurityOptOut: off(
    z.boolean().default(false),
    "Set-VMSecurity",
    "VirtualizationBasedSecurityOptOut",
  ),
  /**
   * Whether the machine is shielded from the host's administrators: no console, everything encrypted. There is no way back
   * without the owner's key. Needs the machine off.
   * @default false
   */
  shielded: off(z.boolean().default(false), "Set-VMSecurityPolicy", "Shielded"),
  /** Whether the machine is bound to the TPM of this host. Needs the machine off. @default false */
  bindToHostTpm: off(z.boolean().default(false), "Set-VMSecurityPolicy", "BindToHostTpm"),
});

export const recordedSecurity = z.object({
  tpmEnabled: z.boolean().optional(),
  encryptStateAndVmMigrationTraffic: z.boolean().optional(),
  virtualizationBasedSecurityOptOut: z.boolean().optional(),
  shielded: z.boolean().optional(),
  bindToHostTpm: z.boolean().optional(),
  /** Whether there is a key protector; undefined where nobody asked. Its bytes are a secret, and stay on the host. */
  keyProtector: z.boolean().optional(),
});
type ObservedSecurity = z.output<typeof recordedSecurity>;

export const securitySelect = { TpmEnabled: null, ...selected(security.shape) };
const shownSecurity = z.looseObject({ TpmEnabled: z.boolean() });

/** Its bytes are looked at for whether there are any, and forgotten. */
export const keyProtectorCall: Question = {
  cmdlet: "Get-VMKeyProtector",
  parameters: { VM: result("vm") },
  select: {},
};

/** What the answers say of it; undefined where nobody asked. */
export function securityIn({ security: answer, keyProtector: protector }: Answers): ObservedSecurity | undefined {
  if (!answer) return undefined;
  const said = shownSecurity.parse(answer.values[0]);
  return {
    ...shown(security.shape, said),
    tpmEnabled: said.TpmEnabled,
    // four bytes that say "none" (K, hyper-v.md 2.5)
    ...(typeof protector?.values[0] === "number" && { keyProtector: protector.values.length > 4 }),
  };
}

interface Observed {
  security?: ObservedSecurity | undefined;
}

interface Desired {
  security?: z.input<typeof security> | undefined;
}

/** Whether what is wanted stands on a key protector. */
export function needsKeyProtector({ security: wanted }: Desired): boolean {
  return Boolean(wanted?.tpmEnabled || wanted?.shielded || wanted?.encryptStateAndVmMigrationTraffic);
}

const vm = { VM: result("vm") };

/** In the order in which Hyper-V takes them: key protector, virtual TPM, shielding, encryption (S, hyper-v.md 2.5). */
export const changeSecurity: Block<Observed, Desired> = (observed, desired) => {
  const { security: wanted } = desired;
  const { security: is } = observed;
  if (!wanted || !is) return [];
  const { encryptStateAndVmMigrationTraffic: encrypted, ...others } = wanted;
  const shielded = wanted.shielded ?? is.shielded ?? false;
  const single = differences(security.shape, {
    at: "security.",
    target: vm,
    // shielding encrypts by itself
    desired: shielded ? others : { ...others, encryptStateAndVmMigrationTraffic: encrypted },
    observed: is,
  });
  const changes: Change[] = [];
  const change = (does: string, property: string, call: Call, refusal?: string) =>
    changes.push({
      does,
      properties: [`security.${property}`],
      when: "off",
      calls: [call],
      ...(refusal && { refusal }),
    });

  const protectorFor = (["tpmEnabled", "shielded", "encryptStateAndVmMigrationTraffic"] as const).find(
    (key) => wanted[key] && !is[key],
  );
  // another protector would lose what the virtual TPM keeps: one that is there stays
  if (protectorFor && is.keyProtector !== true && !(is.tpmEnabled || is.shielded))
    change("create a local key protector", protectorFor, {
      cmdlet: "Set-VMKeyProtector",
      parameters: { ...vm, NewLocalKeyProtector: true },
    });
  if (wanted.tpmEnabled !== undefined && wanted.tpmEnabled !== (is.tpmEnabled ?? false))
    change(`turn the virtual TPM ${wanted.tpmEnabled ? "on" : "off"}`, "tpmEnabled", {
      cmdlet: wanted.tpmEnabled ? "Enable-VMTPM" : "Disable-VMTPM",
      parameters: vm,
    });
  const unshields = is.shielded === true && wanted.shielded === false;
  return [
    ...changes,
    ...single.map((one) =>
      one.key === "shielded" && unshields
        ? { ...one, refusal: "cannot be undone: a shielded machine stays shielded, unless its owner's key releases it" }
        : one,
    ),
  ];
};

/** The security as the program would write it: a shielded machine encrypts, whatever is asked. */
export function reflectSecurity({ security: is }: Observed, { security: wanted }: Desired): Desired["security"] {
  if (!is) return undefined;
  const { keyProtector: _keyProtector, ...shown } = is;
  const encrypted = is.shielded ? wanted?.encryptStateAndVmMigrationTraffic : shown.encryptStateAndVmMigrationTraffic;
  return { ...shown, encryptStateAndVmMigrationTraffic: encrypted };
}
