import { type Call, type Reference, result } from "../../calls";
import { same } from "../definition";
import type { Block, Change } from "./change";
import { place } from "./drive-references";
import { type BootDevice, firmwareSettings } from "./firmware";
import { match } from "./network-adapter-changes";
import { differences } from "./property";
import type { Observed } from "./recorded";
import type { Desired } from "./schema";
import { layout, sameSlot } from "./slots";

/** Comes after adapters and drives: the boot order names them. */
export const changeFirmware: Block<Observed, Desired> = (observed, desired, refused) => {
  const { firmware: wanted, security } = desired;
  const { firmware: is } = observed;
  if (!wanted || !is) return [];
  const { secureBootTemplate: template, ...others } = wanted;
  const sameTemplate = template === undefined || same(template, is.settings.secureBootTemplate ?? "");
  const locked = observed.security?.tpmEnabled === true;
  const target = { VM: result("vm") };
  const changes: Change[] = differences(firmwareSettings, {
    at: "firmware.",
    target,
    desired: sameTemplate ? others : wanted,
    observed: is.settings,
  }).map((change) =>
    change.key === "secureBootTemplate" && locked
      ? {
          ...change,
          // recorded (hashicorp/packer#11399): also after the TPM is taken away, also to the same value
          refusal:
            "is locked once the machine has had a virtual TPM. Keep it, or replace the machine" +
            (security?.tpmEnabled === false ? "; turning the TPM off does not unlock it" : ""),
        }
      : change,
  );
  const { bootOrder } = wanted;
  // a device that is not among the machine's own is one that a preview does not know yet
  if (bootOrder?.every((device) => isOwn(desired, device)) && !inOrder(observed, desired, bootOrder, refused))
    changes.push({
      does: "set the boot order",
      properties: ["firmware.bootOrder"],
      when: "off",
      // -BootOrder drops what it does not list, also the entries of installed systems; one by one to the front, the last
      // first, keeps them (hyper-v.md 2.4)
      calls: [...bootOrder].reverse().map(
        (device): Call => ({
          cmdlet: "Set-VMFirmware",
          parameters: { ...target, FirstBootDevice: reference(observed, desired, device, refused) },
        }),
      ),
    });
  return changes;
};

function isOwn({ hardDiskDrives = [], networkAdapters = [], dvdDrives = [] }: Desired, device: BootDevice): boolean {
  const { hardDiskDrive, networkAdapter, dvdDrive } = device;
  if (networkAdapter !== undefined) return networkAdapters.some(({ name }) => same(name, networkAdapter));
  if (hardDiskDrive !== undefined) return hardDiskDrives.some(({ path }) => same(path ?? "", hardDiskDrive));
  return dvdDrive !== undefined && dvdDrive < dvdDrives.length;
}

/** Whether the devices that Hyper-V tries first are the wanted ones; files of installed systems aside, which come and go. */
function inOrder(
  observed: Observed,
  desired: Desired,
  bootOrder: readonly BootDevice[],
  refused?: ReadonlySet<string>,
): boolean {
  const devices = (observed.firmware?.bootOrder ?? []).flatMap(({ deviceId }) => deviceId ?? []);
  return bootOrder.every((device, index) => {
    const there = devices[index];
    return there !== undefined && deviceIds(observed, desired, device, refused).some((id) => same(id, there));
  });
}

/**
 * Ids of which one must stand there. None for a device that is still to come, or to move: its entry is set anew with it.
 * DVD drives without a declared place and with the same medium are as good as each other.
 */
function deviceIds(observed: Observed, desired: Desired, device: BootDevice, refused?: ReadonlySet<string>): string[] {
  const { hardDiskDrive, networkAdapter, dvdDrive } = device;
  if (networkAdapter !== undefined) {
    // the one that will have the name: another may have it until the adapters are changed
    const pair = match(observed.adapters, desired.networkAdapters ?? []).pairs.find(({ wanted }) =>
      same(wanted.name, networkAdapter),
    );
    const meant = pair ? [pair.now] : observed.adapters.filter(({ name }) => same(name, networkAdapter));
    return meant.flatMap((adapter) => adapter?.id ?? []);
  }
  const { disks, dvds } = layout(observed, desired, refused);
  if (hardDiskDrive !== undefined) {
    // the drive stays the same one where another disk is put in
    const disk = disks.find(({ wanted }) => same(wanted.path ?? "", hardDiskDrive));
    return disk?.now && sameSlot(disk.now, disk.at) ? [disk.now.id] : [];
  }
  const dvd = dvdDrive === undefined ? undefined : dvds[dvdDrive];
  if (!dvd?.now || !sameSlot(dvd.now, dvd.at)) return [];
  // by the medium that each will have
  const unplaced = ({ wanted }: typeof dvd) =>
    wanted.controllerNumber === undefined && wanted.controllerLocation === undefined;
  return dvds
    .filter(
      (other) =>
        other === dvd || (unplaced(dvd) && unplaced(other) && same(other.wanted.path ?? "", dvd.wanted.path ?? "")),
    )
    .flatMap(({ now, at }) => (now && sameSlot(now, at) ? (observed.dvds.find((own) => own === now)?.id ?? []) : []));
}

function reference(observed: Observed, desired: Desired, device: BootDevice, refused: ReadonlySet<string>): Reference {
  const { disks, dvds } = layout(observed, desired, refused);
  const { hardDiskDrive, networkAdapter, dvdDrive } = device;
  if (networkAdapter !== undefined) return result("vm", "NetworkAdapters", { Name: networkAdapter });
  if (hardDiskDrive !== undefined) {
    const disk = disks.find(({ wanted }) => same(wanted.path ?? "", hardDiskDrive));
    if (disk) return result("vm", "HardDrives", place(disk.at));
  }
  const dvd = dvdDrive === undefined ? undefined : dvds[dvdDrive];
  if (dvd) return result("vm", "DVDDrives", place(dvd.at));
  throw new Error(`The boot order names a device that the machine does not have: ${JSON.stringify(device)}.`);
}

/** The boot order as the program would write it: as many devices as it named. */
function reflectBootOrder(observed: Observed, desired: Desired, bootOrder: readonly BootDevice[]): BootDevice[] {
  if (inOrder(observed, desired, bootOrder)) return [...bootOrder];
  const { dvds } = layout(observed, desired);
  const devices = (observed.firmware?.bootOrder ?? []).flatMap(({ deviceId }) => deviceId ?? []);
  return devices.slice(0, bootOrder.length).flatMap((id): BootDevice[] => {
    const drive = observed.drives.find((candidate) => same(candidate.id, id));
    if (drive?.path !== undefined) return [{ hardDiskDrive: drive.path }];
    const adapter = observed.adapters.find((candidate) => same(candidate.id, id));
    if (adapter) return [{ networkAdapter: adapter.name }];
    const dvd = dvds.findIndex(({ now }) => observed.dvds.some((own) => own === now && same(own.id, id)));
    return dvd < 0 ? [] : [{ dvdDrive: dvd }];
  });
}

/** The firmware as the program would write it. */
export function reflectFirmware(observed: Observed, desired: Desired): Desired["firmware"] {
  const { firmware: is } = observed;
  const { firmware: wanted } = desired;
  if (!is) return undefined;
  const { secureBootTemplate: template = "" } = is.settings;
  return {
    ...is.settings,
    secureBootTemplate: same(template, wanted?.secureBootTemplate ?? "") ? wanted?.secureBootTemplate : template,
    bootOrder: wanted?.bootOrder && reflectBootOrder(observed, desired, wanted.bootOrder),
  };
}
