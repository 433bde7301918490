import { z } from "zod";
import { literal } from "../../calls";
import { type Step, same, valuesOf } from "../definition";

/** Something that is to come to the machine, by the property that names it. */
export interface Need {
  /** A disk that several machines share may be open. */
  kind: "disk" | "shared disk" | "image" | "switch";
  name: string;
  property: string;
}

/**
 * Steps that see what is to come, before anything goes for it. `own` are disks that a running machine has open until it is off.
 */
export function looks(needs: readonly Need[], own: readonly string[]): Step[] {
  // a session's second hop sees nothing of a share, though the host may have it (hyper-v.md 8.5)
  const files = needs.filter(({ kind, name }) => kind !== "switch" && !name.startsWith("\\\\"));
  const disks = files.filter(({ kind }) => kind === "disk");
  return [
    ...needs.filter(({ kind }) => kind === "switch").map(findSwitch),
    ...(files.length > 0 ? [findFiles(files)] : []),
    ...(disks.length > 0 ? [openDisks(disks, own)] : []),
  ];
}

function findSwitch({ name, property }: Need): Step {
  return {
    does: `find the switch "${name}"`,
    properties: [property],
    calls: [{ cmdlet: "Get-VMSwitch", parameters: { Name: literal(name) } }],
    looksUp: { noun: "virtual switch", property },
  };
}

function findFiles(files: readonly Need[]): Step {
  const found = (results: Parameters<typeof valuesOf>[0]) =>
    files.filter((_file, index) => valuesOf(results, index)[0] === true);
  return {
    does: `find ${names(files)}`,
    properties: files.map(({ property }) => property),
    calls: [],
    wait: {
      calls: files.map(({ name }) => ({ cmdlet: "Test-Path", parameters: { LiteralPath: name }, select: {} })),
      until: (results) => found(results).length === files.length,
      deadlineSeconds: 0,
      everySeconds: 1,
      failure: (results) => {
        const there = found(results);
        const missing = files.filter((file) => !there.includes(file));
        return `${said(missing, "which does not exist")}. Nothing was taken from the machine. Create the file first, or name an existing one`;
      },
    },
  };
}

const shownDisk = z.object({ Attached: z.boolean().nullish(), ParentPath: z.string().nullish() });

function openDisks(disks: readonly Need[], own: readonly string[]): Step {
  const busy = (results: Parameters<typeof valuesOf>[0]) => {
    const shown = [...disks, ...own].map((_disk, index) => shownDisk.parse(valuesOf(results, index)[0]));
    const parents = shown.slice(disks.length).flatMap(({ ParentPath }) => ParentPath ?? []);
    return disks.filter(
      // what a disk of the machine is based on is open with it, and closed with it
      ({ name }, index) => shown[index]?.Attached === true && !parents.some((parent) => same(parent, name)),
    );
  };
  return {
    does: `check that nothing else has ${names(disks)}`,
    properties: disks.map(({ property }) => property),
    calls: [],
    wait: {
      calls: [...disks.map(({ name }) => name), ...own].map((path) => ({
        cmdlet: "Get-VHD",
        parameters: { Path: path },
        select: { Attached: null, ParentPath: null },
      })),
      until: (results) => busy(results).length === 0,
      deadlineSeconds: 0,
      everySeconds: 1,
      failure: (results) =>
        `${said(busy(results), "which is in use by another machine, a mount or a backup")}. Nothing was taken from the machine. ` +
        "Run pulumi up again when the file is free, or name another one",
    },
  };
}

function names(needs: readonly Need[]): string {
  return needs.map(({ name }) => name).join(", ");
}

function said(needs: readonly Need[], what: string): string {
  return needs.map(({ name, property }) => `${property} names ${name}, ${what}`).join("; ");
}
