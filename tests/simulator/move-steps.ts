import { does, type Step } from "./cases";
import { GiB } from "./worlds";

export const web: Step = does("New-VM", {
  Name: "web",
  Path: "D:\\",
  NewVHDPath: "D:\\web.vhdx",
  NewVHDSizeBytes: GiB,
});

export const exists = (path: string, value = true) => does("Test-Path", { LiteralPath: path }, { values: [value] });
