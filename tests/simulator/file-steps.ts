import { does } from "./cases";

export const item = (name: string) => `Microsoft.PowerShell.Commands.${name}ItemCommand`;
export const exists = (path: string, value = true) => does("Test-Path", { LiteralPath: path }, { values: [value] });
export const folder = (path: string) => does("New-Item", { Path: path, ItemType: "Directory" });
export const file = (path: string, sizeBytes = 10) => ({ world: { touch: path, sizeBytes } });
