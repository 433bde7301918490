import { z } from "zod";
import type { Call, Reference } from "../../calls";
import { hot } from "../../schema";

const vlanId = () => z.int().min(1).max(4094);
const idList = (least: number) =>
  z
    .string()
    .refine(
      (text) => idsIn(text)?.every((id) => id >= least && id <= 4094) === true && text.trim() !== "",
      `must be VLAN ids from ${least} to 4094 and ranges of them, such as "1-100,200"`,
    );

const trunk = z.strictObject({
  /** VLAN of frames without a tag, 0 to 4094; 0 for none. Changes while the machine runs. @default 0 */
  nativeVlanId: hot(z.int().min(0).max(4094).default(0), "Set-VMNetworkAdapterVlan", "NativeVlanId"),
  /** VLANs that pass with their tags, such as `"1-100,200"`. Changes while the machine runs. */
  allowedVlanIdList: hot(idList(0), "Set-VMNetworkAdapterVlan", "AllowedVlanIdList"),
});

const privateVlanSchema = z.strictObject({
  /**
   * `Isolated` reaches promiscuous ports only, `Community` those of its secondary VLAN too, `Promiscuous` all. Changes while
   * the machine runs.
   */
  mode: hot(z.enum(["Isolated", "Community", "Promiscuous"]), "Set-VMNetworkAdapterVlan"),
  /** The primary VLAN, 1 to 4094. Changes while the machine runs. */
  primaryVlanId: hot(vlanId(), "Set-VMNetworkAdapterVlan", "PrimaryVlanId"),
  /** The secondary VLAN of an isolated or community port, 1 to 4094. Required there. Changes while the machine runs. */
  secondaryVlanId: hot(vlanId().optional(), "Set-VMNetworkAdapterVlan", "SecondaryVlanId"),
  /** The secondary VLANs of a promiscuous port, such as `"200-210"`. Required there. Changes while the machine runs. */
  secondaryVlanIdList: hot(idList(1).optional(), "Set-VMNetworkAdapterVlan", "SecondaryVlanIdList"),
});

/** How an adapter takes part in VLANs: untagged, or one of these. */
export const vlan = {
  /** VLAN id, 1 to 4094, in access mode; untagged if no kind of VLAN is given. Changes while the machine runs. */
  vlan: hot(vlanId().optional(), "Set-VMNetworkAdapterVlan", "VlanId"),
  /** Several VLANs, whose tags the guest sees: instead of `vlan`. */
  vlanTrunk: trunk.optional(),
  /** A port of a private VLAN: instead of `vlan`. */
  privateVlan: privateVlanSchema.optional(),
};

export interface DesiredVlan {
  vlan?: number | undefined;
  vlanTrunk?: z.input<typeof trunk> | undefined;
  privateVlan?: z.input<typeof privateVlanSchema> | undefined;
}

/** As `VMNetworkAdapter.VlanSetting` shows it. */
export const recordedVlan = z.object({
  mode: z.string(),
  accessVlanId: z.number(),
  nativeVlanId: z.number(),
  allowedVlanIdList: z.string(),
  privateMode: z.string().optional(),
  primaryVlanId: z.number(),
  secondaryVlanId: z.number(),
  secondaryVlanIdList: z.string(),
});
export type ObservedVlan = z.output<typeof recordedVlan>;

export const vlanSelect = {
  OperationMode: null,
  AccessVlanId: null,
  NativeVlanId: null,
  AllowedVlanIdListString: null,
  PrivateVlanMode: null,
  PrimaryVlanId: null,
  SecondaryVlanId: null,
  SecondaryVlanIdListString: null,
};

export const shownVlan = z
  .object({
    OperationMode: z.string(),
    AccessVlanId: z.number().nullish(),
    NativeVlanId: z.number().nullish(),
    AllowedVlanIdListString: z.string().nullish(),
    PrivateVlanMode: z.string().nullish(),
    PrimaryVlanId: z.number().nullish(),
    SecondaryVlanId: z.number().nullish(),
    SecondaryVlanIdListString: z.string().nullish(),
  })
  .transform(
    (said): ObservedVlan => ({
      mode: said.OperationMode,
      accessVlanId: said.AccessVlanId ?? 0,
      nativeVlanId: said.NativeVlanId ?? 0,
      allowedVlanIdList: ranges(said.AllowedVlanIdListString ?? ""),
      // in other modes the enum holds a number without a name
      privateMode: said.OperationMode === "Private" ? (said.PrivateVlanMode ?? undefined) : undefined,
      primaryVlanId: said.PrimaryVlanId ?? 0,
      secondaryVlanId: said.SecondaryVlanId ?? 0,
      secondaryVlanIdList: ranges(said.SecondaryVlanIdListString ?? ""),
    }),
  );

/** What a new adapter has. */
const untagged = { mode: "Untagged" };

export function sameVlan(is: ObservedVlan | undefined, wanted: DesiredVlan): boolean {
  return JSON.stringify(is ? meaning(is) : untagged) === JSON.stringify(meaning(wantedVlan(wanted)));
}

/** Of an adapter that is adopted: what the program leaves open is as it is. */
export function keptVlan(is: ObservedVlan, { vlan: access, vlanTrunk, privateVlan }: DesiredVlan): DesiredVlan {
  if (vlanTrunk && is.mode === "Trunk") return { vlanTrunk: { nativeVlanId: is.nativeVlanId, ...vlanTrunk } };
  return access === undefined && !vlanTrunk && !privateVlan ? reflectVlan(is, undefined) : {};
}

/** The values that count in the adapter's mode; those of other modes read 0, or are left over (V, hyper-v.md 3). */
function meaning(is: Partial<ObservedVlan>): Partial<ObservedVlan> {
  const { mode, accessVlanId, nativeVlanId, allowedVlanIdList, privateMode, primaryVlanId } = is;
  if (mode === "Access") return { mode, accessVlanId };
  if (mode === "Trunk") return { mode, nativeVlanId, allowedVlanIdList };
  if (mode !== "Private") return { mode };
  return privateMode === "Promiscuous"
    ? { mode, privateMode, primaryVlanId, secondaryVlanIdList: is.secondaryVlanIdList }
    : { mode, privateMode, primaryVlanId, secondaryVlanId: is.secondaryVlanId };
}

function wantedVlan({ vlan: access, vlanTrunk, privateVlan }: DesiredVlan): Partial<ObservedVlan> {
  if (access !== undefined) return { mode: "Access", accessVlanId: access };
  if (vlanTrunk)
    return {
      mode: "Trunk",
      nativeVlanId: vlanTrunk.nativeVlanId ?? 0,
      allowedVlanIdList: ranges(vlanTrunk.allowedVlanIdList),
    };
  if (!privateVlan) return untagged;
  const { mode, primaryVlanId, secondaryVlanId, secondaryVlanIdList = "" } = privateVlan;
  return {
    mode: "Private",
    privateMode: mode,
    primaryVlanId,
    secondaryVlanId,
    secondaryVlanIdList: ranges(secondaryVlanIdList),
  };
}

export function vlanCall(adapter: Reference, wanted: DesiredVlan): Call {
  return {
    cmdlet: "Set-VMNetworkAdapterVlan",
    parameters: { VMNetworkAdapter: adapter, ...vlanParameters(wanted) },
  };
}

export function noIsolation(adapter: Reference): Call {
  return {
    cmdlet: "Set-VMNetworkAdapterIsolation",
    parameters: { VMNetworkAdapter: adapter, IsolationMode: "None" },
  };
}

function vlanParameters({ vlan: access, vlanTrunk, privateVlan }: DesiredVlan) {
  if (access !== undefined) return { Access: true, VlanId: access };
  if (vlanTrunk)
    return {
      Trunk: true,
      NativeVlanId: vlanTrunk.nativeVlanId ?? 0,
      AllowedVlanIdList: vlanTrunk.allowedVlanIdList,
    };
  if (!privateVlan) return { Untagged: true };
  const { mode, primaryVlanId, secondaryVlanId, secondaryVlanIdList } = privateVlan;
  return mode === "Promiscuous"
    ? { Promiscuous: true, PrimaryVlanId: primaryVlanId, SecondaryVlanIdList: secondaryVlanIdList ?? "" }
    : { [mode]: true, PrimaryVlanId: primaryVlanId, SecondaryVlanId: secondaryVlanId ?? 0 };
}

/** The VLAN as the program would write it. */
export function reflectVlan(is: ObservedVlan, wanted: DesiredVlan | undefined): DesiredVlan {
  if (wanted && sameVlan(is, wanted)) {
    const { vlan: access, vlanTrunk, privateVlan } = wanted;
    return {
      ...(access !== undefined && { vlan: access }),
      ...(vlanTrunk && { vlanTrunk }),
      ...(privateVlan && { privateVlan }),
    };
  }
  if (is.mode === "Access") return { vlan: is.accessVlanId };
  if (is.mode === "Trunk")
    return { vlanTrunk: { nativeVlanId: is.nativeVlanId, allowedVlanIdList: is.allowedVlanIdList } };
  const mode = privateVlanSchema.shape.mode.safeParse(is.privateMode).data;
  if (is.mode !== "Private" || mode === undefined) return {};
  return {
    privateVlan: {
      mode,
      primaryVlanId: is.primaryVlanId,
      ...(mode === "Promiscuous"
        ? { secondaryVlanIdList: is.secondaryVlanIdList }
        : { secondaryVlanId: is.secondaryVlanId }),
    },
  };
}

/** The ids in `1-100,200`, or undefined if it is no such list. */
export function idsIn(text: string): number[] | undefined {
  if (text.trim() === "") return [];
  const ids = new Set<number>();
  for (const part of text.split(",")) {
    const [, first, last = first] = /^\s*(\d{1,4})\s*(?:-\s*(\d{1,4})\s*)?$/.exec(part) ?? [];
    if (first === undefined || Number(first) > Number(last)) return undefined;
    for (let id = Number(first); id <= Number(last); id += 1) ids.add(id);
  }
  return [...ids].sort((one, other) => one - other);
}

/** The list in its shortest form: ascending, neighbours as a range. */
function ranges(text: string): string {
  const found: [first: number, last: number][] = [];
  for (const id of idsIn(text) ?? []) {
    const range = found.at(-1);
    if (range && range[1] === id - 1) range[1] = id;
    else found.push([id, id]);
  }
  return found.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}
