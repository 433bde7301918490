import { does } from "./cases";
import { GiB } from "./worlds";

export const invalid = { idStartsWith: "InvalidParameter,Microsoft.Vhd.", category: "InvalidArgument" };
export const inUse = { idStartsWith: "ObjectInUse,Microsoft.Vhd.", category: "ResourceBusy", hresult: -2147024864 };
export const failed = { idStartsWith: "OperationFailed,Microsoft.Vhd.", category: "NotSpecified" };
export const disk = (path: string, sizeBytes = GiB) => does("New-VHD", { Path: path, SizeBytes: sizeBytes });
export const child = (path: string, parentPath: string) => does("New-VHD", { Path: path, ParentPath: parentPath });
export const absent = (path: string) => does("Test-Path", { LiteralPath: path }, { values: [false] });
