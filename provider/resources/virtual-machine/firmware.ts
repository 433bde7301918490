import { type Call, type Reference, result } from "../../calls";
import { same } from "../definition";
import type { Block, Change } from "./change";
import type { Observed } from "./observed";
import type { Desired } from "./schema";
import { layout, sameSlot } from "./slots";
import { place } from "./storage";

type BootDevice = NonNullable<NonNullable<Desired["firmware"]>["bootOrder"]>[number];

/** Comes after adapters and drives: the boot order names them. */
export const firmware: Block = (observed, desired) => {
  const { firmware: wanted } = desired;
  const { firmware: is } = observed;
  if (!wanted || !is) return [];
  const changes: Change[] = [];
  if (wanted.secureBoot !== undefined && wanted.secureBoot !== is.secureBoot)
    changes.push({
      does: `turn secure boot ${wanted.secureBoot}`,
      property: "firmware.secureBoot",
      when: "off",
      calls: [{ cmdlet: "Set-VMFirmware", parameters: { VM: result("vm"), EnableSecureBoot: wanted.secureBoot } }],
    });
  if (wanted.secureBootTemplate !== undefined && !same(wanted.secureBootTemplate, is.secureBootTemplate))
    changes.push({
      does: "set the secure boot template",
      property: "firmware.secureBootTemplate",
      when: "off",
      calls: [
        { cmdlet: "Set-VMFirmware", parameters: { VM: result("vm"), SecureBootTemplate: wanted.secureBootTemplate } },
      ],
    });
  const { bootOrder } = wanted;
  if (bootOrder && !inOrder(observed, desired, bootOrder))
    changes.push({
      does: "set the boot order",
      property: "firmware.bootOrder",
      when: "off",
      // -BootOrder drops what it does not list, also the entries of installed systems; one by one to the front, the last
      // first, keeps them (hyper-v.md 2.4)
      calls: [...bootOrder].reverse().map(
        (device): Call => ({
          cmdlet: "Set-VMFirmware",
          parameters: { VM: result("vm"), FirstBootDevice: reference(observed, desired, device) },
        }),
      ),
    });
  return changes;
};

/** Whether the devices that Hyper-V tries first are the wanted ones; files of installed systems aside, which come and go. */
function inOrder(observed: Observed, desired: Desired, bootOrder: readonly BootDevice[]): boolean {
  const devices = (observed.firmware?.bootOrder ?? []).flatMap(({ deviceId }) => deviceId ?? []);
  return bootOrder.every((device, index) => {
    const there = devices[index];
    return there !== undefined && deviceIds(observed, desired, device).some((id) => same(id, there));
  });
}

/**
 * Ids of which one must stand there. None for a device that is still to come, or to move: its entry is set anew with it.
 * DVD drives without a declared place and with the same medium are as good as each other.
 */
function deviceIds(observed: Observed, desired: Desired, device: BootDevice): string[] {
  const { hardDiskDrive, networkAdapter, dvdDrive } = device;
  if (networkAdapter !== undefined)
    return observed.adapters.filter(({ name }) => same(name, networkAdapter)).map(({ id }) => id);
  const { disks, dvds } = layout(observed, desired);
  if (hardDiskDrive !== undefined) {
    const disk = disks.find(({ wanted }) => same(wanted.path, hardDiskDrive));
    if (!disk?.now || !sameSlot(disk.now, disk.at)) return [];
    return observed.drives.filter(({ path }) => same(path, hardDiskDrive)).map(({ id }) => id);
  }
  const dvd = dvdDrive === undefined ? undefined : dvds[dvdDrive];
  if (!dvd?.now || !sameSlot(dvd.now, dvd.at)) return [];
  const { wanted, now } = dvd;
  const placed = wanted.controllerNumber !== undefined || wanted.controllerLocation !== undefined;
  return observed.dvds
    .filter((own) => own === now || (!placed && same(own.path ?? "", wanted.path ?? "")))
    .map(({ id }) => id);
}

function reference(observed: Observed, desired: Desired, device: BootDevice): Reference {
  const { disks, dvds } = layout(observed, desired);
  const { hardDiskDrive, networkAdapter, dvdDrive } = device;
  if (networkAdapter !== undefined) return result("vm", "NetworkAdapters", { Name: networkAdapter });
  if (hardDiskDrive !== undefined) {
    const disk = disks.find(({ wanted }) => same(wanted.path, hardDiskDrive));
    if (disk) return result("vm", "HardDrives", place(disk.at));
  }
  const dvd = dvdDrive === undefined ? undefined : dvds[dvdDrive];
  if (dvd) return result("vm", "DVDDrives", place(dvd.at));
  throw new Error(`The boot order names a device that the machine does not have: ${JSON.stringify(device)}.`);
}

/** The boot order as the program would write it: as many devices as it named. */
export function reflectBootOrder(observed: Observed, desired: Desired, bootOrder: readonly BootDevice[]): BootDevice[] {
  if (inOrder(observed, desired, bootOrder)) return [...bootOrder];
  const { dvds } = layout(observed, desired);
  const devices = (observed.firmware?.bootOrder ?? []).flatMap(({ deviceId }) => deviceId ?? []);
  return devices.slice(0, bootOrder.length).flatMap((id): BootDevice[] => {
    const drive = observed.drives.find((candidate) => same(candidate.id, id));
    if (drive) return [{ hardDiskDrive: drive.path }];
    const adapter = observed.adapters.find((candidate) => same(candidate.id, id));
    if (adapter) return [{ networkAdapter: adapter.name }];
    const dvd = dvds.findIndex(({ now }) => observed.dvds.some((own) => own === now && same(own.id, id)));
    return dvd < 0 ? [] : [{ dvdDrive: dvd }];
  });
}
