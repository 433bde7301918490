import { type Args, disk, disks, file, machine, type Sample, scalar, twice, volume } from "./sample";

const firstDisk = (name: string) => `-VMName ${name} -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 0`;

/** One property of a drive with a disk. */
function ofDisk(
  property: string,
  values: readonly [unknown, unknown],
  parameter: string,
  value: string | number,
): Sample {
  const [set, changed] = values;
  return scalar(
    `hardDiskDrives[].${property}`,
    {},
    {},
    (name) => [`Set-VMHardDiskDrive ${firstDisk(name)} -${parameter} ${value}`],
    {
      setup: twice((name) => disks(name)),
      set: (name) => disk(name, { [property]: set }),
      changed: (name) => disk(name, { [property]: changed }),
      removed: (name) => disk(name, {}),
    },
  );
}

const shared = (name: string) => `${volume}\\${name}-1.vhdx`;
/** Beside the disk that the machine boots from, which cannot be shared. */
const sharedDisk = (name: string, more: Args) =>
  machine({ hardDiskDrives: [{ path: file(name) }, { path: shared(name), ...more }] });

const dvd = (more: Args) => machine({ dvdDrives: [more] });

export const machineDriveSamples: Sample[] = [
  scalar(
    "hardDiskDrives",
    {},
    {},
    (name) => [`Remove-VMHardDiskDrive -VMName ${name} -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 1`],
    {
      setup: disks,
      set: (name) => disk(name, {}),
      changed: (name) => machine({ hardDiskDrives: [{ path: file(name) }, { path: file(name, 2) }] }),
    },
  ),
  scalar(
    "hardDiskDrives[].path",
    {},
    {},
    (name) => [`Remove-VMHardDiskDrive -VMName ${name} -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 0`],
    {
      setup: disks,
      set: (name) => disk(name, {}),
      changed: (name) => disk(name, { path: file(name, 2) }),
    },
  ),
  scalar(
    "hardDiskDrives[].controllerType",
    {},
    {},
    (name) => [
      `Set-VMHardDiskDrive -VMName ${name} -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 0 -ToControllerType IDE -ToControllerNumber 0 -ToControllerLocation 1`,
    ],
    {
      setup: disks,
      set: (name) => disk(name, { controllerType: "IDE" }, 1),
      changed: (name) => disk(name, { controllerType: "SCSI" }, 1),
      removed: (name) => disk(name, {}, 1),
      // where a disk is stays where it is, once the program no longer says
      removal: "same",
    },
  ),
  scalar(
    "hardDiskDrives[].controllerNumber",
    {},
    {},
    (name) => [
      `Set-VMHardDiskDrive -VMName ${name} -ControllerType SCSI -ControllerNumber 1 -ControllerLocation 0 -ToControllerNumber 0 -ToControllerLocation 3`,
    ],
    {
      setup: disks,
      set: (name) => ({ ...disk(name, { controllerNumber: 0 }), scsiControllerCount: 2 }),
      changed: (name) => ({ ...disk(name, { controllerNumber: 1 }), scsiControllerCount: 2 }),
      removed: (name) => ({ ...disk(name, {}), scsiControllerCount: 2 }),
      removal: "same",
    },
  ),
  scalar(
    "hardDiskDrives[].controllerLocation",
    {},
    {},
    (name) => [
      `Set-VMHardDiskDrive -VMName ${name} -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 6 -ToControllerLocation 7`,
    ],
    {
      setup: disks,
      set: (name) => disk(name, { controllerLocation: 5 }),
      changed: (name) => disk(name, { controllerLocation: 6 }),
      removed: (name) => disk(name, {}),
      removal: "same",
    },
  ),
  scalar(
    "dvdDrives",
    {},
    {},
    (name) => [`Remove-VMDvdDrive -VMName ${name} -ControllerNumber 0 -ControllerLocation 1`],
    {
      set: () => dvd({}),
      changed: () => machine({ dvdDrives: [{}, {}] }),
    },
  ),
  scalar("dvdDrives[].path", {}, {}, (name) => [`Set-VMDvdDrive -VMName ${name} -Path $null`], {
    set: () => dvd({ path: "D:\\a.iso" }),
    changed: () => dvd({ path: "D:\\b.iso" }),
    removed: () => dvd({}),
  }),
  scalar("dvdDrives[].controllerNumber", {}, {}, (name) => [`Set-VMDvdDrive -VMName ${name} -ToControllerNumber 0`], {
    set: () => dvd({ controllerNumber: 0, controllerLocation: 3 }),
    changed: () => dvd({ controllerNumber: 1, controllerLocation: 3 }),
    removed: () => dvd({ controllerLocation: 3 }),
    removal: "same",
  }),
  scalar(
    "dvdDrives[].controllerLocation",
    {},
    {},
    (name) => [`Set-VMDvdDrive -VMName ${name} -ToControllerLocation 9`],
    {
      set: () => dvd({ controllerNumber: 0, controllerLocation: 3 }),
      changed: () => dvd({ controllerNumber: 0, controllerLocation: 4 }),
      removed: () => dvd({ controllerNumber: 0 }),
      removal: "same",
    },
  ),
  scalar("hardDiskDrives[].diskNumber", {}, {}, (name) => [`Remove-VMHardDiskDrive ${firstDisk(name)}`], {
    set: () => machine({ hardDiskDrives: [{ diskNumber: 1 }] }),
    changed: () => machine({ hardDiskDrives: [{ diskNumber: 2 }] }),
  }),
  ofDisk("maximumIOPS", [500, 600], "MaximumIOPS", 700),
  ofDisk("minimumIOPS", [50, 60], "MinimumIOPS", 70),
  ofDisk(
    "qosPolicyId",
    ["11111111-0000-0000-0000-000000000000", "2222AAAA-0000-0000-0000-000000000000"],
    "QoSPolicyID",
    "33333333-0000-0000-0000-000000000000",
  ),
  ofDisk("overrideCacheAttributes", ["WriteCacheEnabled", "WriteCacheDisabled"], "OverrideCacheAttributes", "Default"),
  scalar(
    "hardDiskDrives[].supportPersistentReservations",
    {},
    {},
    (name) => [
      `Set-VMHardDiskDrive -VMName ${name} -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 1 -SupportPersistentReservations $false`,
    ],
    {
      setup: twice((name) => [...disks(name), `New-VHD -Path ${shared(name)} -SizeBytes 1GB`]),
      set: (name) => sharedDisk(name, { supportPersistentReservations: false }),
      changed: (name) => sharedDisk(name, { supportPersistentReservations: true }),
      removed: (name) => sharedDisk(name, {}),
    },
  ),
];
