import { type Problem, problem, type Surroundings } from "../../schema";
import { isShared, same } from "../paths";
import type { Desired } from "./schema";
import { setRules } from "./set";

const GiB = 2 ** 30;

type Rule = (desired: Desired, surroundings: Surroundings) => Problem[];

const extension = (path: string) => /\.[^.\\]+$/.exec(path)?.[0].toLowerCase();

const chosen = ["blockSizeBytes", "logicalSectorSizeBytes", "physicalSectorSizeBytes"] as const;

/** One rule each: what is unknown in a preview ends one and not the others. */
export const rules: readonly Rule[] = [
  ({ path }) =>
    [".vhdx", ".vhds", ".vhd"].includes(extension(path) ?? "")
      ? []
      : [problem("path", `must end in .vhdx, .vhds or .vhd; it is "${path}"`)],
  ...setRules,
  ({ path, sizeBytes = 0 }) =>
    extension(path) === ".vhd" && sizeBytes > 2040 * GiB
      ? [problem("sizeBytes", `must be at most 2040 GiB for a .vhd; it is ${sizeBytes / GiB} GiB`)]
      : [],
  ({ path, logicalSectorSizeBytes }) =>
    extension(path) === ".vhd" && logicalSectorSizeBytes === 4096
      ? [problem("logicalSectorSizeBytes", "must be 512 for a .vhd; it is 4096")]
      : [],
  ({ logicalSectorSizeBytes, physicalSectorSizeBytes }) =>
    logicalSectorSizeBytes === 4096 && physicalSectorSizeBytes === 512
      ? [problem("physicalSectorSizeBytes", "must be at least logicalSectorSizeBytes, 4096; it is 512")]
      : [],
  ({ path, node }, { nodes }) =>
    nodes.length > 1 && node === undefined && !isShared(path)
      ? [
          problem(
            "node",
            `is required for a path that is not on a shared volume, as the provider has several nodes: ${nodes.join(", ")}`,
          ),
        ]
      : [],
  (desired) => (desired.adopt ? [] : lacks(desired)),
  ({ parentPath, vhdType }) =>
    parentPath !== undefined && vhdType !== undefined && vhdType !== "Differencing"
      ? [problem("parentPath", `is only for a Differencing disk, and vhdType is ${vhdType}`)]
      : [],
  ({ parentPath, sourcePath }) =>
    parentPath !== undefined && sourcePath !== undefined
      ? [problem("sourcePath", "cannot be combined with parentPath: a disk is a child or a copy")]
      : [],
  ({ path, sourcePath = path }) =>
    same(sourcePath, path) || (extension(sourcePath) ?? extension(path)) === extension(path)
      ? []
      : [problem("sourcePath", `must have the disk's own format ${extension(path)}: a copy converts nothing`)],
  ({ path, parentPath = path }) =>
    extension(parentPath) === extension(path)
      ? []
      : [problem("parentPath", `must have the disk's own format ${extension(path)}; it is "${parentPath}"`)],
  ({ path, parentPath }) => (same(parentPath ?? "", path) ? [problem("parentPath", "is the disk itself")] : []),
  ({ path, sourcePath }) => (same(sourcePath ?? "", path) ? [problem("sourcePath", "is the disk itself")] : []),
  ({ vhdType, sourcePath }) =>
    sourcePath !== undefined && vhdType !== undefined
      ? [problem("vhdType", "comes from the source of a copy and cannot be chosen")]
      : [],
  // the reference's Differencing set has no logical sector size; a child and a copy inherit them all
  ...chosen.flatMap((key): Rule[] => [
    ({ [key]: value, sourcePath }) =>
      value !== undefined && sourcePath !== undefined
        ? [problem(key, "comes from the source of a copy and cannot be chosen")]
        : [],
    ({ [key]: value, sourcePath, parentPath }) =>
      value !== undefined && sourcePath === undefined && parentPath !== undefined
        ? [problem(key, "comes from the parent of a Differencing disk and cannot be chosen")]
        : [],
  ]),
];

/** What a file needs that is not there yet. */
export function lacks({ vhdType, parentPath, sourcePath, sizeBytes }: Desired): Problem[] {
  if (parentPath !== undefined || sourcePath !== undefined) return [];
  if (vhdType === "Differencing") return [{ path: ["parentPath"], reason: "is required for a Differencing disk" }];
  if (sizeBytes !== undefined) return [];
  return [{ path: ["sizeBytes"], reason: "is required, unless the disk has a parentPath or a sourcePath" }];
}
