import type { Refusal } from "../definition";
import type { Plans } from "../plans";
import { sameMedium } from "./drives";
import type { ObservedDisk } from "./observed-drives";
import type { Observed } from "./recorded";
import type { Desired } from "./schema";

/** The machine as it is once the files of its disks are where this run moves them: a move takes the machine's drive along. */
export function moved(observed: Observed, plans: Plans): Observed {
  const drives = observed.drives.map((drive) =>
    drive.path === undefined
      ? drive
      : { ...drive, path: plans.placeOf({ path: drive.path, node: observed.computerName }) },
  );
  return { ...observed, drives };
}

/** Why files of its disks cannot be replaced by others of the same path while the machine has them. */
export function replacedFiles(observed: Observed, desired: Desired, plans: Plans): Refusal[] {
  return observed.drives.flatMap((drive): Refusal[] => {
    const { path } = drive;
    const properties = path === undefined ? undefined : plans.replacedFor({ path, node: observed.computerName });
    if (properties === undefined || properties.length === 0) return [];
    const { hardDiskDrives } = desired;
    const index = hardDiskDrives?.findIndex((wanted) => sameMedium(wanted, drive)) ?? -1;
    const goes = hardDiskDrives !== undefined && index < 0;
    const refusal = because(observed, drive, properties, goes);
    return refusal ? [{ path: index < 0 ? ["hardDiskDrives"] : ["hardDiskDrives", index, "path"], ...refusal }] : [];
  });
}

function because(
  { state }: Observed,
  { path, underCheckpoint }: ObservedDisk,
  properties: readonly string[],
  goes: boolean,
): Pick<Refusal, "reason" | "passing"> | undefined {
  const disk = `names ${path}, which would be replaced by another file for a change of ${properties.join(", ")}`;
  if (properties.includes("vhdType") && !goes)
    return {
      reason:
        `${disk}: an attached disk would lose its data. Detach the disk first, in a pulumi up of its own, or keep vhdType and ` +
        "convert the file by hand with Convert-VHD",
    };
  if (underCheckpoint)
    return {
      reason:
        `${disk}, while the file of a checkpoint that stands in front of it holds what was written since. Remove the machine's ` +
        "checkpoints first, in a pulumi up of their own",
    };
  if (state === "Off") return undefined;
  const why =
    state === "Saved"
      ? "is Saved: its saved memory belongs to what the disk holds"
      : `is ${state}: it has the file open`;
  return {
    reason: `${disk}, and the machine ${why}. Shut the machine down first, or detach the disk, in a pulumi up of its own`,
    passing: true,
  };
}
