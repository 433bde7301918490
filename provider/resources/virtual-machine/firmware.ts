import { z } from "zod";
import { ConsoleModeType, IPProtocolPreference, OnOffState } from "../../calls/cmdlets.generated";
import { off, path } from "../../schema";
import { recordedSettings, selected, shown } from "./property";

/** A device to boot from, named by what it is: exactly one of the three. */
const bootDevice = z.strictObject({
  /** Path of one of `hardDiskDrives`. */
  hardDiskDrive: path().optional(),
  /** Name of one of `networkAdapters`. */
  networkAdapter: z.string().min(1).optional(),
  /** Position in `dvdDrives`, from 0. */
  dvdDrive: z.int().min(0).optional(),
});

export const firmware = z.strictObject({
  /** Whether only signed boot loaders start. Needs the machine off. @default "On" */
  secureBoot: off(z.enum(OnOffState).default("On"), "Set-VMFirmware", "EnableSecureBoot", "SecureBoot"),
  /**
   * Whose signatures count: `MicrosoftWindows`, `MicrosoftUEFICertificateAuthority` for Linux, `OpenSourceShieldedVM`, or
   * another that the host has (`(Get-VMHost).SecureBootTemplates`). Needs the machine off; locked for good once a virtual
   * TPM was there. Preview refuses a change while the TPM is on. Once it was turned off nothing on the host tells of it, and
   * Hyper-V refuses the change in up, with the machine off for it by then.
   * @default "MicrosoftWindows"
   */
  secureBootTemplate: off(z.string().min(1).default("MicrosoftWindows"), "Set-VMFirmware", "SecureBootTemplate"),
  /**
   * Devices in the order in which they are tried; those not named come after them. Needs the machine off. Hyper-V's own order
   * if not given: as the devices were added. The entries that installed systems make for themselves do not count: while the
   * devices are in order they stay where they are, and when the order has to be set they come behind the devices named.
   */
  bootOrder: off(z.array(bootDevice).optional(), "Set-VMFirmware", "FirstBootDevice", "BootOrder"),
  /** Protocol of network boot that is tried first. Needs the machine off. @default "IPv4" */
  preferredNetworkBootProtocol: off(
    z.enum(IPProtocolPreference).default("IPv4"),
    "Set-VMFirmware",
    "PreferredNetworkBootProtocol",
  ),
  /** Where the firmware shows its text: the screen, a serial port, or nowhere. Needs the machine off. @default "Default" */
  consoleMode: off(z.enum(ConsoleModeType).default("Default"), "Set-VMFirmware", "ConsoleMode"),
  /** Whether the machine waits for a key when nothing boots. Needs the machine off. @default "Off" */
  pauseAfterBootFailure: off(z.enum(OnOffState).default("Off"), "Set-VMFirmware", "PauseAfterBootFailure"),
});

export type BootDevice = z.input<typeof bootDevice>;

const { bootOrder: _bootOrder, secureBootTemplate, ...single } = firmware.shape;
/** What `Set-VMFirmware` sets, one parameter each. */
export const firmwareSettings = { ...single, secureBootTemplate };

/** `deviceId` is of an adapter or drive; undefined for a file of an installed system, or a device that is gone. */
const bootEntry = z.object({ deviceId: z.string().optional() });

export const recordedFirmware = z.object({
  settings: recordedSettings<typeof firmwareSettings>(),
  bootOrder: z.array(bootEntry),
});
type ObservedFirmware = z.output<typeof recordedFirmware>;

export const firmwareSelect = { ...selected(firmwareSettings), BootOrder: { BootType: null, Device: { Id: null } } };
export const shownFirmware = z
  .looseObject({
    SecureBoot: z.string(),
    BootOrder: z.array(z.object({ BootType: z.string(), Device: z.object({ Id: z.string().nullish() }).nullish() })),
  })
  .transform(
    (said): ObservedFirmware => ({
      settings: shown(firmwareSettings, said),
      bootOrder: said.BootOrder.map(({ Device }) => ({ deviceId: Device?.Id ?? undefined })),
    }),
  );
