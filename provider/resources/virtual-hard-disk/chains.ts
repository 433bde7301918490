import { z } from "zod";
import type { CallResult, Question } from "../../calls";
import { same } from "../paths";
import type { Answer } from "../surveys";

const drives = z
  .array(z.object({ Path: z.string().nullish(), DiskNumber: z.number().nullish() }))
  .nullish()
  // a physical disk has a text for people as its path
  .transform((all) =>
    (all ?? []).flatMap(({ Path, DiskNumber }) =>
      Path && (DiskNumber === null || DiskNumber === undefined || DiskNumber === 4294967295) ? [Path] : [],
    ),
  );
const drivesSelect = { HardDrives: { Path: null, DiskNumber: null } };

const machine = z.object({
  Id: z.string(),
  Name: z.string(),
  State: z.string(),
  VirtualMachineType: z.string().nullish(),
  HardDrives: drives,
});
const checkpoint = z.object({ Name: z.string(), VMId: z.string(), VMName: z.string(), HardDrives: drives });
const link = z.object({
  Path: z.string(),
  ParentPath: z.string().nullish(),
  VhdType: z.string().nullish(),
  DiskIdentifier: z.string().nullish(),
});

export const machinesCall: Question = {
  cmdlet: "Get-VM",
  select: { Id: null, Name: null, State: null, VirtualMachineType: null, ...drivesSelect },
};
export const checkpointsCall: Question = {
  cmdlet: "Get-VMSnapshot",
  parameters: { VMName: "*" },
  select: { Name: null, VMId: null, VMName: null, ...drivesSelect },
};

/** Without machines and checkpoints nothing is known; that there is no checkpoint is an error too (recorded, hyper-v.md 2.9). */
export function needs({ call: { cmdlet }, result }: Answer): boolean {
  if (cmdlet === "Get-VMSnapshot") return result.error?.category !== "ObjectNotFound";
  return cmdlet === "Get-VM";
}

export function filesCall(folder: string): Question {
  return {
    cmdlet: "Get-ChildItem",
    parameters: { LiteralPath: folder, File: true, Filter: "*vhd*" },
    select: { FullName: null },
  };
}

function diskCall(path: string): Question {
  return {
    cmdlet: "Get-VHD",
    parameters: { Path: path },
    select: { Path: null, ParentPath: null, VhdType: null, DiskIdentifier: null },
  };
}

function pathOf({ parameters }: Question): string {
  const { Path, LiteralPath } = (parameters ?? {}) as { Path?: unknown; LiteralPath?: unknown };
  return String(Path ?? LiteralPath);
}

/** A file that was asked for: what it is based on, or why nobody can tell. */
export interface File {
  path: string;
  parentPath?: string | undefined;
  type?: string | undefined;
  identifier?: string | undefined;
  error?: CallResult["error"];
}

/** What one node has said of its machines, their checkpoints and files of disks. */
export class Chains {
  private readonly asked = new Map<string, File>();

  constructor(private readonly answers: readonly Answer[]) {
    for (const { call, result } of this.of("Get-VHD")) {
      const path = pathOf(call);
      const seen = link.safeParse(result.values[0]).data;
      this.asked.set(path.toLowerCase(), {
        path,
        parentPath: seen?.ParentPath || undefined,
        type: seen?.VhdType ?? undefined,
        identifier: seen?.DiskIdentifier ?? undefined,
        error: result.error,
      });
    }
  }

  private of(cmdlet: Question["cmdlet"]): Answer[] {
    return this.answers.filter(({ call }) => call.cmdlet === cmdlet);
  }

  /** Whether the machines could not be listed. */
  get isUnlisted(): boolean {
    return this.of("Get-VM").some(({ result }) => result.error);
  }

  /** A failed move leaves a planned machine of the same id on its destination (hyper-v.md 1.6). */
  get machines(): z.output<typeof machine>[] {
    return this.of("Get-VM")
      .flatMap(({ result }) => result.values.map((value) => machine.parse(value)))
      .filter(({ VirtualMachineType }) => VirtualMachineType !== "PlannedVirtualMachine");
  }

  get checkpoints(): z.output<typeof checkpoint>[] {
    return this.of("Get-VMSnapshot").flatMap(({ result }) => result.values.map((value) => checkpoint.parse(value)));
  }

  get listed(): string[] {
    const item = z.object({ FullName: z.string() });
    return this.of("Get-ChildItem").flatMap(({ result }) =>
      result.values.map((value) => item.parse(value).FullName).filter((path) => /\.a?vhdx?$/i.test(path)),
    );
  }

  /** What was asked for by its path alone, and is there. */
  get there(): string[] {
    return this.of("Test-Path").flatMap(({ call, result }) => (result.values[0] === true ? pathOf(call) : []));
  }

  /** Of these folders those that were not asked for yet. */
  unlisted(folders: readonly string[]): Question[] {
    const asked = this.of("Get-ChildItem").map(({ call }) => pathOf(call).toLowerCase());
    const once = new Map(folders.map((folder) => [folder.toLowerCase(), folder]));
    return [...once].filter(([key]) => !asked.includes(key)).map(([, folder]) => filesCall(folder));
  }

  get files(): File[] {
    return [...this.asked.values()];
  }

  file(path: string): File | undefined {
    return this.asked.get(path.toLowerCase());
  }

  /** A file and those below it, as far as they were asked for. */
  below(path: string): string[] {
    const found: string[] = [];
    for (let at: string | undefined = path; at !== undefined; at = this.file(at)?.parentPath) {
      const next: string = at;
      if (found.some((one) => same(one, next))) break;
      found.push(next);
    }
    return found;
  }

  /** Of these files and those below them what was not asked for yet. */
  unasked(heads: readonly string[]): Question[] {
    const paths = new Map(heads.flatMap((head) => this.below(head)).map((path) => [path.toLowerCase(), path]));
    return [...paths].filter(([key]) => !this.asked.has(key)).map(([, path]) => diskCall(path));
  }
}
