import { result } from "../../calls";
import type { Block, Change } from "./change";
import { isIn, parentFolder } from "./folder";

/** Name, notes, automatic actions, checkpoints and where the configuration lies. */
export const settings: Block = (observed, desired) => {
  const changes: Change[] = [];
  const vm = result("vm");
  if (observed.name !== desired.name)
    changes.push({
      does: "rename the machine",
      property: "name",
      when: "hot",
      calls: [{ cmdlet: "Rename-VM", parameters: { VM: vm, NewName: desired.name } }],
    });
  if (desired.notes !== undefined && observed.notes !== desired.notes)
    changes.push({
      does: "set the notes",
      property: "notes",
      when: "hot",
      calls: [{ cmdlet: "Set-VM", parameters: { VM: vm, Notes: desired.notes } }],
    });
  // a cluster ignores, and may rewrite, the automatic start action of its roles (hyper-v.md 1.6)
  if (
    desired.automaticStartAction !== undefined &&
    observed.automaticStartAction !== desired.automaticStartAction &&
    !observed.isClustered
  )
    changes.push({
      does: "set the automatic start action",
      property: "automaticStartAction",
      when: "hot",
      calls: [{ cmdlet: "Set-VM", parameters: { VM: vm, AutomaticStartAction: desired.automaticStartAction } }],
    });
  if (desired.automaticStartDelay !== undefined && observed.automaticStartDelay !== desired.automaticStartDelay)
    changes.push({
      does: "set the automatic start delay",
      property: "automaticStartDelay",
      when: "hot",
      calls: [{ cmdlet: "Set-VM", parameters: { VM: vm, AutomaticStartDelay: desired.automaticStartDelay } }],
    });
  if (desired.automaticStopAction !== undefined && observed.automaticStopAction !== desired.automaticStopAction)
    changes.push({
      does: "set the automatic stop action",
      property: "automaticStopAction",
      when: "off",
      calls: [{ cmdlet: "Set-VM", parameters: { VM: vm, AutomaticStopAction: desired.automaticStopAction } }],
    });
  if (desired.checkpointType !== undefined && observed.checkpointType !== desired.checkpointType)
    changes.push({
      does: "set the type of checkpoints",
      property: "checkpointType",
      when: "hot",
      calls: [{ cmdlet: "Set-VM", parameters: { VM: vm, CheckpointType: desired.checkpointType } }],
    });
  if (desired.path !== undefined && !isIn(observed.path, desired.path)) {
    const folder = `${desired.path.replace(/\\$/, "")}\\${folderName(observed.path, observed.name)}`;
    changes.push({
      does: `move the configuration to ${folder}`,
      property: "path",
      when: "hot",
      calls: [
        {
          cmdlet: "Move-VMStorage",
          parameters: { VM: vm, VirtualMachinePath: folder, SnapshotFilePath: folder, SmartPagingFilePath: folder },
        },
      ],
    });
  }
  return changes;
};

/** A machine that lies in the host's own folder has none of its own yet. */
function folderName(path: string, name: string): string {
  const own = path.slice(parentFolder(path).length).replace(/^\\/, "");
  return /\\Windows\\Hyper-V$/i.test(path) || own === "" ? name : own;
}
