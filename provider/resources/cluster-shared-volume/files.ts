import { z } from "zod";
import type { Question } from "../../calls";
import { same } from "../paths";
import type { Answer } from "../surveys";
import { Chains, checkpointsCall, machinesCall } from "../virtual-hard-disk/chains";

/** What a machine or checkpoint has below a folder. */
export interface FileUser {
  who: string;
  path: string;
  /** Why nobody can tell whether it is below: what it is based on cannot be read. */
  isUnread?: true;
}

const drives = { DVDDrives: { Path: null }, FloppyDrive: { Path: null } };

/** With all folders that a machine may have its files in. */
export const machinesQuestion: Question = {
  cmdlet: "Get-VM",
  select: {
    ...machinesCall.select,
    ...drives,
    Path: null,
    ConfigurationLocation: null,
    SnapshotFileLocation: null,
    SmartPagingFilePath: null,
  },
};

export const checkpointsQuestion: Question = {
  cmdlet: "Get-VMSnapshot",
  parameters: { VMName: "*" },
  select: { ...checkpointsCall.select, ...drives, Path: null },
};

const drive = z.object({ Path: z.string().nullish() });
const files = z.object({
  Name: z.string(),
  VMName: z.string().nullish(),
  Path: z.string().nullish(),
  ConfigurationLocation: z.string().nullish(),
  SnapshotFileLocation: z.string().nullish(),
  SmartPagingFilePath: z.string().nullish(),
  HardDrives: z.array(drive).nullish(),
  DVDDrives: z.array(drive).nullish(),
  FloppyDrive: drive.nullish(),
});

function isBelow(path: string, folder: string): boolean {
  const root = folder.replace(/\\+$/, "");
  return same(path, root) || path.toLowerCase().startsWith(`${root.toLowerCase()}\\`);
}

/** Of what the files lead to that are not below it themselves: what was not asked for yet. */
export function chainQuestions(answers: readonly Answer[], folder: string): Question[] {
  const chains = new Chains(answers);
  const heads = [...chains.machines, ...chains.checkpoints].flatMap(({ HardDrives }) => HardDrives);
  return chains.unasked(heads.filter((head) => !isBelow(head, folder)));
}

/** Who of a node has what below the folder; each file once for each. */
export function usersBelow(answers: readonly Answer[], folder: string, node: string | undefined): FileUser[] {
  const chains = new Chains(answers);
  const things = answers
    .filter(({ call: { cmdlet } }) => cmdlet === "Get-VM" || cmdlet === "Get-VMSnapshot")
    .flatMap(({ result }) => result.values.map((value) => files.parse(value)));
  return things.flatMap((thing) => {
    const { Name, VMName, HardDrives, DVDDrives, FloppyDrive } = thing;
    const place = node === undefined ? "" : ` on ${node}`;
    const who = VMName
      ? `checkpoint "${Name}" of virtual machine "${VMName}"${place}`
      : `virtual machine "${Name}"${place}`;
    const disks = (HardDrives ?? []).flatMap(({ Path }) => Path ?? []);
    const discs = [...(DVDDrives ?? []), ...(FloppyDrive ? [FloppyDrive] : [])].flatMap(({ Path }) => Path ?? []);
    const { Path, ConfigurationLocation, SnapshotFileLocation, SmartPagingFilePath } = thing;
    const folders = [Path, ConfigurationLocation, SnapshotFileLocation, SmartPagingFilePath].flatMap((at) => at ?? []);
    const all = [...disks.flatMap((head) => chains.below(head)), ...discs, ...folders];
    const unread = disks.flatMap((head) => chains.below(head)).filter((path) => isUnread(chains, path, folder));
    return [
      ...once(all.filter((path) => isBelow(path, folder))).map((path) => ({ who, path })),
      ...once(unread).map((path) => ({ who, path, isUnread: true as const })),
    ];
  });
}

/** A file that is not there is based on nothing. */
function isUnread(chains: Chains, path: string, folder: string): boolean {
  const error = chains.file(path)?.error;
  return error !== undefined && !isBelow(path, folder) && !/^(InvalidParameter|ObjectNotFound)/.test(error.id);
}

const once = (paths: readonly string[]): string[] => [
  ...new Map(paths.map((path) => [path.toLowerCase(), path])).values(),
];
