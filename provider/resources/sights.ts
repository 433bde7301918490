import type { Question, Value, Where } from "../calls";
import { isShared } from "./paths";

/** Something that must be there, or must not, before a thing can be made: what a preview looks for that verifies. */
export interface Sight {
  /** Property that names it. */
  path: readonly (string | number)[];
  /** How messages call it: "virtual switch". */
  noun: string;
  name: string;
  is: "there" | "free";
  /** Lists all of them that there are. */
  listing: Question;
  /** Property of what is listed that holds the name. */
  by: string;
  at: Where;
  /** Where the place leaves the node open, any of them may have it. */
  anywhere?: true;
}

interface Named {
  path: Sight["path"];
  name: string;
  is: Sight["is"];
}

const list = (cmdlet: "Get-VM" | "Get-VMSwitch"): Question => ({ cmdlet, select: { Id: null, Name: null } });

export function machineSight(at: Where, named: Named): Sight {
  return { noun: "virtual machine", listing: list("Get-VM"), by: "Name", at, anywhere: true, ...named };
}

export function switchSight(at: Where, named: Named): Sight {
  return { noun: "virtual switch", listing: list("Get-VMSwitch"), by: "Name", at, ...named };
}

/** A file, among those of its folder. */
export function fileSight(node: string | undefined, { name, path, is }: Named): Sight {
  const folder = name.slice(0, name.lastIndexOf("\\"));
  const parameters: Record<string, Value> = {
    LiteralPath: /^[a-z]:$/i.test(folder) ? `${folder}\\` : folder,
    File: true,
    // hidden ones are there too
    Force: true,
  };
  return {
    path,
    noun: "file",
    name,
    is,
    listing: { cmdlet: "Get-ChildItem", parameters, select: { FullName: null } },
    by: "FullName",
    at: isShared(name) ? { sharedFile: folder } : { node },
  };
}

/** What a session's second hop does not see, though the host may have it (hyper-v.md 8.5). */
export const isOnShare = (path: string): boolean => path.startsWith("\\\\");
