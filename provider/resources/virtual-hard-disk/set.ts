import { z } from "zod";
import type { Question } from "../../calls";
import { type Problem, problem } from "../../schema";
import { type Answers, answerOf, type Refusal, type Step } from "../definition";
import { isShared, same } from "../paths";
import { deletion, exists, extension } from "./files";
import type { Desired } from "./schema";

/** What guests share: `X.vhds`, by which it is known, and its data in `X_<GUID>.avhdx` beside it (documented, hyper-v-devices.md 1). */
export const isSet = (path: string): boolean => extension(path) === ".vhds";

const files = z.object({ AllPaths: z.array(z.string()) });

/** Which files a set is made of: a name like that of its data may also be that of a checkpoint of another disk. */
export function filesCall(path: string): Question {
  return { cmdlet: "Get-VHDSet", parameters: { Path: path, GetAllPaths: true }, select: { AllPaths: null } };
}

/** The files beside the `.vhds`. */
export function dataFilesIn(answers: Answers, path: string): string[] {
  return files.parse(answerOf(answers, "set")[0]).AllPaths.filter((file) => !same(file, path));
}

export const setRules: readonly ((desired: Desired) => Problem[])[] = [
  ({ path }) =>
    isSet(path) && !isShared(path)
      ? [
          problem(
            "path",
            `must be on a cluster's shared volume (C:\\ClusterStorage\\...) or on a file share, as machines share a VHD Set; it is "${path}"`,
          ),
        ]
      : [],
  ({ path, vhdType }) =>
    isSet(path) && vhdType === "Differencing"
      ? [problem("vhdType", "must be Dynamic or Fixed for a VHD Set; it is Differencing")]
      : [],
  ({ path, parentPath }) =>
    isSet(path) && parentPath !== undefined
      ? [problem("parentPath", "is not for a VHD Set, which has no parent: leave it out")]
      : [],
  ({ path, sourcePath }) =>
    isSet(path) && sourcePath !== undefined
      ? [
          problem(
            "sourcePath",
            "is not for a VHD Set, whose data is in a second file: convert the source by hand (Convert-VHD) and adopt the set",
          ),
        ]
      : [],
];

/** Storage of what guests share does not move (documented, hyper-v-devices.md 1). */
export const setStays: Refusal = {
  path: ["path"],
  reason:
    "cannot change: Hyper-V does not move a VHD Set. Declare another one beside it, and copy the data within the guests",
};

export function setIsKept(key: string): Refusal {
  return {
    path: [key],
    reason:
      "would replace the VHD Set, and its data is shared by several guests. Keep it as it is, or declare another one " +
      "beside it, and copy the data within the guests",
  };
}

/** The data first: without its `.vhds` nobody would know any more whose it is. */
export function setRemoval(path: string, dataFiles: readonly string[]): Step[] {
  return [
    ...dataFiles.map((file): Step => ({ does: `delete ${file}`, calls: [deletion(file)] })),
    { does: "delete the .vhds file", calls: [deletion(path)] },
  ];
}

/** Of a set that cannot be read any more, as after half of its removal: what was known of it may be gone. */
export function unreadSetRemoval(path: string, dataFiles: readonly string[]): Step[] {
  return [
    ...dataFiles.map((file): Step => ({ does: `delete ${file}`, calls: [deletion(file)], mayBeRefused: true })),
    ...(dataFiles.length === 0 ? [] : [untilGone(dataFiles)]),
    { does: "delete the .vhds file", calls: [deletion(path)] },
  ];
}

function untilGone(dataFiles: readonly string[]): Step {
  const left = (results: readonly { values: readonly unknown[] }[]) =>
    dataFiles.filter((_file, index) => results[index]?.values[0] !== false);
  return {
    does: "check that its data is deleted",
    calls: [],
    wait: {
      calls: dataFiles.map(exists),
      until: (results) => left(results).length === 0,
      deadlineSeconds: 0,
      everySeconds: 1,
      failure: (results) =>
        `${left(results).join(", ")} still exists. A machine or a backup may have it open: detach the disk, then run pulumi up or destroy again`,
    },
  };
}
