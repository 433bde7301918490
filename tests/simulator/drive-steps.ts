import { does } from "./cases";
import { GiB } from "./worlds";

export const invalid = { idStartsWith: "InvalidParameter,", category: "InvalidArgument" };
export const invalidState = { idStartsWith: "InvalidState,", category: "InvalidOperation" };
export const notFound = { idStartsWith: "ObjectNotFound,", category: "ObjectNotFound" };
export const disks = (...names: string[]) =>
  does("New-VHD", { Path: names.map((name) => `D:\\${name}.vhdx`), SizeBytes: GiB });
export const web = does("New-VM", { Name: "web", Generation: 2 });
export const attach = (name: string, more: object = {}) =>
  does("Add-VMHardDiskDrive", { VMName: "web", Path: `D:\\${name}.vhdx`, ...more });
export const at = (type: string, number: number, location: number) => ({
  ControllerType: type,
  ControllerNumber: number,
  ControllerLocation: location,
});
export const drive = (property: string, type: string, number: number, location: number) => ({
  $ref: "vm",
  property,
  where: at(type, number, location),
});
export const vm = does("Get-VM", { Name: "web" }, {}, "vm");
