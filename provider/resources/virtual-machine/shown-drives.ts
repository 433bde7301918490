import { same } from "../definition";
import { paired } from "../pairing";
import { type DesiredDisk, type DesiredDvd, sameMedium, usualDisk } from "./drives";
import { alike } from "./property";
import type { Observed } from "./recorded";
import type { Desired } from "./schema";
import { type Layout, layout, NoRoomError, slotOf } from "./slots";

/** The drives as the program would write them: with a place only where the program gave one, or the drive is not its own. */
export function reflectDisks(observed: Observed, desired: Desired): DesiredDisk[] {
  const { pairs, extra } = paired(desired.hardDiskDrives ?? [], observed.drives, sameMedium);
  const shown = pairs.flatMap(({ wanted: disk, now: drive }): DesiredDisk[] => {
    if (!drive) return [];
    const settings = Object.entries(drive.settings).flatMap(([key, value]) => {
      const wanted = disk[key as keyof DesiredDisk];
      return wanted === undefined ? [] : [[key, alike(wanted, value) ? wanted : value]];
    });
    return [
      {
        ...(disk.path !== undefined && { path: disk.path }),
        ...(disk.diskNumber !== undefined && { diskNumber: disk.diskNumber }),
        ...(disk.controllerType !== undefined && { controllerType: drive.controllerType }),
        ...(disk.controllerNumber !== undefined && { controllerNumber: drive.controllerNumber }),
        ...(disk.controllerLocation !== undefined && { controllerLocation: drive.controllerLocation }),
        ...Object.fromEntries(settings),
      },
    ];
  });
  return [
    ...shown,
    ...extra.map((drive) => ({
      ...(drive.path !== undefined && { path: drive.path }),
      ...(drive.diskNumber !== undefined && { diskNumber: drive.diskNumber }),
      ...slotOf(drive),
      ...unusual(drive.settings),
    })),
  ];
}

function unusual(settings: Observed["drives"][number]["settings"]): Partial<DesiredDisk> {
  return Object.fromEntries(Object.entries(settings).filter(([key, value]) => value !== usualDisk[key]));
}

/** What the host has, also where the program asks for more than fits, which a plan refuses. */
function placesOf(observed: Observed, desired: Desired): Pick<Layout, "dvds" | "extraDvds"> {
  try {
    return layout(observed, { ...desired, hardDiskDrives: undefined });
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    return { dvds: [], extraDvds: observed.dvds };
  }
}

export function reflectDvds(observed: Observed, desired: Desired): DesiredDvd[] {
  const { dvds, extraDvds } = placesOf(observed, desired);
  const shown = dvds.flatMap(({ wanted, now }, index): DesiredDvd[] => {
    if (!now) return [];
    const path =
      wanted.path !== undefined && now.path !== undefined && same(wanted.path, now.path) ? wanted.path : now.path;
    const open = desired.adopt && desired.dvdDrives?.[index]?.path === undefined;
    return [
      {
        ...(path !== undefined && !open && { path }),
        ...(wanted.controllerNumber !== undefined && { controllerNumber: now.controllerNumber }),
        ...(wanted.controllerLocation !== undefined && { controllerLocation: now.controllerLocation }),
      },
    ];
  });
  return [
    ...shown,
    ...extraDvds.map(({ path, controllerNumber, controllerLocation }) => ({
      ...(path !== undefined && { path }),
      controllerNumber,
      controllerLocation,
    })),
  ];
}
