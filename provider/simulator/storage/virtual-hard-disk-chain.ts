import type { FileEntry, Node, World } from "../world/world";
import { findFile } from "./file-system";
import { dataPath } from "./virtual-hard-disk-data";

/** A disk with its parents, from the leaf down to its base, and what is wrong with the chain; a VHD Set with its data. */
interface Chain {
  files: FileEntry[];
  /** What keeps it from being opened. */
  broken?: Fault;
  /** What keeps even its description from being read: a parent of another identity does not (K). */
  unreadable?: Fault;
}

interface Fault {
  path: string;
  message: string;
  code: string;
}

export function chainOf(world: World, node: Node, path: string): Chain {
  const files: FileEntry[] = [];
  let mismatch: Fault | undefined;
  const ends = (at: string, message: string, code: string): Chain => {
    const fault = { path: at, message, code };
    return { files, broken: mismatch ?? fault, unreadable: fault };
  };
  for (let at: string | null = path; at !== null; ) {
    const file = findFile(world, node, at);
    if (!file) return ends(at, "The system cannot find the file specified.", "0x80070002");
    if (!file.vhd) return ends(at, "The file or directory is corrupted and unreadable.", "0x80070570");
    if (files.includes(file)) return ends(at, "The chain of virtual hard disks comes back to itself.", mismatchCode);
    const child = files.at(-1)?.vhd;
    if (child && child.parentIdentifier !== file.vhd.identifier)
      mismatch ??= { path: at, message: mismatchMessage, code: mismatchCode };
    else if (child && child.sizeBytes < file.vhd.sizeBytes)
      return ends(at, "The chain of virtual hard disks is corrupted: a parent was resized.", "0xC03A000D");
    files.push(file);
    const data = dataPath(world, node, file);
    if (data !== undefined) {
      const held = findFile(world, node, data);
      if (!held?.vhd) return ends(data, "The system cannot find the file specified.", "0x80070002");
      files.push(held);
    }
    at = file.vhd.parentPath;
  }
  return { files, broken: mismatch };
}

// the parent's file was replaced, or its identifier reset (D, text of the HRESULT)
export const mismatchCode = "0xC03A000E";

export const mismatchMessage =
  "The chain of virtual hard disks is corrupted. There is a mismatch in the identifiers of the parent virtual hard disk and differencing disk.";
