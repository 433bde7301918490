import { define, same } from "../definition";
import { fileSight, isOnShare } from "../sights";
import { where } from "./files";
import { listing } from "./listing";
import { find, found, lacks, make, requires } from "./make";
import { mend } from "./move";
import {
  elsewhere,
  inventory,
  isOther,
  listed,
  type Observed,
  observe,
  parse,
  recorded,
  whereabouts,
} from "./observed";
import { isAtStake, isElsewhere, plan } from "./plan";
import { remove, removeUnread } from "./removal";
import { rules } from "./rules";
import { schema, sector } from "./schema";
import { seek } from "./seek";
import { around } from "./users";

export const virtualHardDisk = define<typeof schema, Observed>({
  kind: "VirtualHardDisk",
  noun: "virtual hard disk",
  identified: "an absolute path",
  namedBy: "path",
  schema,

  inputs: { rules },

  place: {
    of: (desired) => where(desired.path, desired.node),
    now: whereabouts,
  },

  birth: {
    find,
    found,
    lacks,
    requires,
    sights: ({ path, node, parentPath, sourcePath }) =>
      Object.entries({ path, parentPath, sourcePath }).flatMap(([key, name]) =>
        name === undefined || isOnShare(name)
          ? []
          : [fileSight(node, { name, path: [key], is: key === "path" ? "free" : "there" })],
      ),
    make,
    identity: { foreseen: ({ path }) => path },
  },

  read: {
    recorded,
    observe,
    parse,
    around: (observed, desired, purpose) =>
      around(observed, desired, purpose, purpose === "change" && isAtStake(observed, desired)),
  },

  moving: {
    located: ({ path }) => path,
    isOther,
    elsewhere,
    seek,
  },

  gone: {
    inventory,
    listed,
  },

  change: {
    plan,
    // a file is not told apart from one of the same path: with another path both can be there at once
    coexist: (observed, desired) => !same(observed.path, desired.path),
  },

  death: { remove },

  unread: {
    mend,
    remove: removeUnread,
  },

  list: {
    ...listing,
    declared: (
      _observed,
      { vhdType, blockSizeBytes, logicalSectorSizeBytes, physicalSectorSizeBytes, ...reflected },
    ) => {
      // what a child inherits cannot be said of it
      if (reflected.parentPath !== undefined) return reflected;
      const old = /\.vhd$/i.test(reflected.path);
      const [block, physical] = old ? [2 ** 21, 512] : [2 ** 25, 4096];
      return {
        ...reflected,
        ...(vhdType === "Fixed" ? { vhdType } : blockSizeBytes !== block && { blockSizeBytes }),
        ...(logicalSectorSizeBytes !== 512 && { logicalSectorSizeBytes }),
        ...(physicalSectorSizeBytes !== physical && { physicalSectorSizeBytes }),
      };
    },
  },

  show: {
    title: (desired) => desired.path,
    reflect: (observed, desired) => ({
      ...desired,
      path: same(observed.path, desired.path ?? "") ? desired.path : observed.path,
      ...(isElsewhere(observed, desired) && { node: observed.node }),
      vhdType: observed.vhdType,
      sizeBytes: observed.sizeBytes,
      parentPath:
        desired.parentPath !== undefined &&
        observed.parentPath !== undefined &&
        same(desired.parentPath, observed.parentPath)
          ? desired.parentPath
          : observed.parentPath,
      blockSizeBytes:
        observed.vhdType === "Fixed" ? (desired.blockSizeBytes ?? observed.blockSizeBytes) : observed.blockSizeBytes,
      logicalSectorSizeBytes: sector().parse(observed.logicalSectorSizeBytes),
      physicalSectorSizeBytes: sector().parse(observed.physicalSectorSizeBytes),
    }),
    outputs: ({ diskIdentifier }) => ({ diskIdentifier }),
  },
});
