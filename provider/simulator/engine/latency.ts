import type { Latency } from "../world/world";

/** Milliseconds of a warm host, from recordings (hyper-v.md 9); other cmdlets take what a small change takes. */
const recorded: Readonly<Record<string, number>> = {
  "Get-VM": 19,
  "New-VM": 2000,
  "Start-VM": 238,
  "Stop-VM": 103,
  "Save-VM": 200,
  "Remove-VM": 148,
  "Set-VMMemory": 90,
  "Set-VMFirmware": 120,
  "Add-VMHardDiskDrive": 200,
  "Add-VMDvdDrive": 240,
  "New-VHD": 400,
  "Resize-VHD": 420,
  "New-VMSwitch": 360,
  "Move-ClusterVirtualMachineRole": 18_000,
};

export function latencyOf(latency: Latency, cmdlet: string): number {
  if (latency === "none") return 0;
  if (latency === "real") return recorded[cmdlet] ?? (cmdlet.startsWith("Get-") ? 20 : 80);
  return latency;
}
