import type { Cmdlets, Running } from "../engine/cmdlet";
import { answer } from "../engine/job";
import { record, type Thing } from "../engine/thing";
import type { FileEntry } from "../world/world";
import { dataPath } from "./virtual-hard-disk-data";
import { openVhd } from "./virtual-hard-disk-open";

/** VHD Sets as a whole; their checkpoints are made by backup programs alone, of which there is none (D, hyper-v-devices.md 1). */
export const virtualHardDiskSetCmdlets: Cmdlets = {
  "Get-VHDSet": (call) => setsOf(call).map((set) => setThing(call, set)),
  "Optimize-VHDSet"(call) {
    const sets = setsOf(call);
    return answer(call, () => sets.map((set) => setThing(call, set)));
  },
  "Get-VHDSnapshot"(call) {
    setsOf(call);
    for (const id of call.texts("SnapshotId") ?? []) noSnapshot(call, id);
    return [];
  },
  "Remove-VHDSnapshot"(call) {
    setsOf(call);
    noSnapshot(call, String(call.texts("SnapshotId")?.[0] ?? ""));
  },
};

function setsOf(call: Running): FileEntry[] {
  return (call.texts("Path") ?? []).map((path) => {
    const file = openVhd(call, path);
    if (file.vhd.format !== "VHDSet") call.invalid(`'${path}' is not a VHD Set.`);
    return file;
  });
}

function noSnapshot(call: Running, id: string): never {
  call.notFound(`There is no checkpoint with the id ${id} in the VHD Set.`);
}

function setThing(call: Running, set: FileEntry): Thing {
  const data = dataPath(call.world, call.node, set);
  return record("VHDSetInfo", {
    ComputerName: call.node.name,
    Path: set.path,
    SnapshotIdList: [],
    AllPaths: call.flag("GetAllPaths") ? [set.path, ...(data === undefined ? [] : [data])] : null,
  });
}
