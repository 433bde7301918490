import { type Action, literal } from "../../calls";
import type { Problem } from "../../schema";
import { type Answers, type Asked, answerOf, type Making, type Step, valuesOf } from "../definition";
import { exists, extension, folderOf, makeFolder, nameOf, temporary } from "./files";
import { lacks as lacksProperties } from "./rules";
import type { Desired } from "./schema";

export const find = (desired: Desired): Asked => ({
  file: exists(desired.path),
  ...Object.fromEntries(needed(desired).map(({ key, path }) => [key, exists(path)])),
});

export const found = (answers: Answers, { path }: Desired) => (answerOf(answers, "file")[0] === true ? [path] : []);

/** A program that takes one over need not say how large it is; one that is made in its place must. */
export function lacks(answers: Answers, desired: Desired): Problem[] {
  if (answerOf(answers, "file")[0] === true) return [];
  return [
    ...lacksProperties(desired),
    ...needed(desired).flatMap(({ key, path }) =>
      answers[key]?.values[0] === false ? [{ path: [key], reason: `names ${missing(path)}` }] : [],
    ),
  ];
}

/** What is asked before a disk is deleted whose place this one takes. */
export function requires(desired: Desired): Step[] {
  return needed(desired).map(({ key, path, noun }) => ({
    does: `find the ${noun}`,
    properties: [key],
    calls: [],
    wait: {
      calls: [exists(path)],
      until: (results) => valuesOf(results, 0)[0] === true,
      deadlineSeconds: 0,
      everySeconds: 1,
      failure: () => `${key} names ${missing(path)}`,
    },
  }));
}

const missing = (path: string) =>
  `${path}, which does not exist. Create it first, or name an existing one; if the program creates it, depend on it`;

function needed({ sourcePath, parentPath }: Desired) {
  return [
    ...(sourcePath === undefined ? [] : [{ key: "sourcePath", path: sourcePath, noun: "source" }]),
    ...(parentPath === undefined ? [] : [{ key: "parentPath", path: parentPath, noun: "parent" }]),
  ];
}

export function make(desired: Desired): Making {
  const { path, vhdType, sizeBytes, parentPath, sourcePath } = desired;
  if (sourcePath !== undefined) return copy(sourcePath, path);
  const select = { Path: null };
  if (parentPath !== undefined)
    return {
      call: { cmdlet: "New-VHD", parameters: { Path: path, ParentPath: parentPath, Differencing: true }, select },
      whole: true,
    };
  return {
    call: {
      cmdlet: "New-VHD",
      parameters: {
        Path: path,
        SizeBytes: sizeBytes ?? 0,
        ...(vhdType === "Fixed" ? { Fixed: true } : { Dynamic: true }),
        ...(vhdType !== "Fixed" && desired.blockSizeBytes !== undefined && { BlockSizeBytes: desired.blockSizeBytes }),
        ...(desired.logicalSectorSizeBytes !== undefined && { LogicalSectorSizeBytes: desired.logicalSectorSizeBytes }),
        ...(desired.physicalSectorSizeBytes !== undefined && {
          PhysicalSectorSizeBytes: desired.physicalSectorSizeBytes,
        }),
      },
      select,
    },
    whole: true,
  };
}

/**
 * Copy-Item overwrites what is there, Rename-Item does not: the copy becomes whole under a name of ours, in place of what an
 * earlier attempt left there. It is given an identifier of its own, which only a .vhdx takes (documented, hyper-v-devices.md 2.1).
 */
function copy(sourcePath: string, path: string): Making {
  const beside = temporary(path);
  return {
    before: [
      makeFolder(path),
      { cmdlet: "Copy-Item", parameters: { LiteralPath: sourcePath, Destination: beside, Force: true } },
      ...(extension(path) === ".vhdx"
        ? [{ cmdlet: "Set-VHD" as const, parameters: { Path: beside, ResetDiskIdentifier: true, Force: true } }]
        : []),
    ],
    // it says nothing where it succeeds
    call: { cmdlet: "Rename-Item", parameters: { LiteralPath: beside, NewName: nameOf(path) }, select: {} },
    whole: true,
    afterwards: [remainsOf(beside)],
  };
}

/** What is left of a copy that did not become whole. A pattern that nothing fits is no error (K). */
function remainsOf(beside: string): Action {
  // the mark in its name is that of no other file
  const name = literal(nameOf(beside)).replace(/l(\.[^.]*)$/, "[l]$1");
  const pattern = `${literal(folderOf(beside)).replace(/\\$/, "")}\\${name}`;
  return { cmdlet: "Remove-Item", parameters: { Path: pattern, Force: true } };
}
