import { type Call, result } from "../../calls";
import type { Change } from "./change";
import type { Observed } from "./recorded";
import type { Desired } from "./schema";
import type { Layout } from "./slots";

/** A controller's number cannot be chosen: the next one is added, the last one removed, and only if nothing is on it. */
export function controllers(
  observed: Observed,
  desired: Desired,
  { disks, dvds }: Layout,
): { more: Change[]; less: Change[] } {
  const used = [...disks, ...dvds].filter(({ at }) => at.controllerType === "SCSI");
  const needed = Math.max(-1, ...used.map(({ at }) => at.controllerNumber)) + 1;
  const there = observed.scsiControllers;
  const wanted = Math.max(needed, desired.scsiControllerCount ?? there);
  const property = desired.scsiControllerCount === undefined ? "hardDiskDrives" : "scsiControllerCount";
  const change = (does: string, call: Call): Change => ({ does, properties: [property], when: "off", calls: [call] });
  const vm = result("vm");
  const more = range(there, wanted).map((number) =>
    change(`add SCSI controller ${number}`, { cmdlet: "Add-VMScsiController", parameters: { VM: vm } }),
  );
  const less = range(wanted, there)
    .reverse()
    .map((number): Change => {
      const last = {
        as: "controller",
        cmdlet: "Get-VMScsiController",
        parameters: { VM: vm, ControllerNumber: number },
      } as const;
      return {
        ...change(`remove SCSI controller ${number}`, last),
        calls: [last, { cmdlet: "Remove-VMScsiController", parameters: { VMScsiController: result("controller") } }],
      };
    });
  return { more, less };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_unused, index) => from + index);
}
