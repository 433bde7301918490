import { z } from "zod";
import { result } from "../../calls";
import { isCheckpointFile, type Plan, type Step, valuesOf } from "../definition";
import { isOwnFolder, removeFolder } from "./folder";
import { machineCall } from "./machine-call";
import { type Rest, resting, shutDown, transition, turnOff, untilIdle, wait } from "./power";
import type { Observed } from "./recorded";
import type { Desired } from "./schema";

/** Off or Saved is enough for Remove-VM (verified, hyper-v.md 2.7); files of disks stay. */
export function remove(observed: Observed, desired: Desired): Plan {
  if (observed.isClustered) return stillRole(observed);
  return {
    steps: [
      ...atRest(observed, desired),
      ...mergeDisks(observed, desired),
      {
        does: "remove the machine",
        calls: [machineCall(observed.id), { cmdlet: "Remove-VM", parameters: { VM: result("vm"), Force: true } }],
      },
      ...emptyFolder(observed, desired),
    ],
    refusals: [],
    replaces: [],
  };
}

function stillRole({ id }: Observed): Plan {
  const reason =
    "the machine is still a role of the cluster. Remove its ClusterVirtualMachineRole first; in the program the role " +
    "takes vmId from this machine's id. An adopted role stays at destroy: remove it on a node with " +
    `Remove-ClusterGroup -VMId ${id} -RemoveResources`;
  return { steps: [], refusals: [{ path: [], reason }], replaces: [] };
}

/** What it is busy with, or on its way to, is waited for as before a change. */
function atRest(observed: Observed, desired: Desired): Step[] {
  const { id, state } = observed;
  // without its storage it neither shuts down nor goes on (hyper-v.md 2.7)
  if (state.endsWith("Critical")) return [turnOff(id, "turn the machine off, which has lost its storage")];
  if (!resting.includes(state)) return arrived(observed, desired);
  const idle = observed.busy === undefined ? [] : [untilIdle(observed, desired)];
  return state === "Saved" ? idle : [...idle, ...transition(id, desired, state as Rest, "Off")];
}

/** Wherever a machine arrives that is on its way: one that is off or saved then is not shut down. */
function arrived(observed: Observed, desired: Desired): Step[] {
  const { id, state } = observed;
  const there = wait(observed, desired, {
    what: `no longer ${state}`,
    until: (machine) => resting.includes(machine.state),
    still: state,
  });
  if (state === "Pausing") return [there, ...transition(id, desired, "Paused", "Off")];
  return [there, shutDown(id, desired, ["Off", "Saved"])];
}

/**
 * Remove-VM merges what stands in front of the disks after the machine is gone, when nothing tells any more how far it is,
 * and the disks are deleted next. Checkpoints that go before are merged while the machine can be asked (hyper-v.md 2.7, 2.8).
 */
function mergeDisks(observed: Observed, desired: Desired): Step[] {
  if (!observed.drives.some(({ underCheckpoint }) => underCheckpoint)) return [];
  const idle = { what: "idle", until: ({ busy }: { busy: string | undefined }) => busy === undefined, still: "busy" };
  return [
    // the checkpoint of a start is merged as the machine goes off
    wait(observed, desired, idle),
    {
      does: "remove its checkpoints",
      // what is in front may be no checkpoint's: then Remove-VM deals with it
      mayBeRefused: true,
      calls: [
        machineCall(observed.id),
        // it has no -Force, and asks (S, hyper-v.md 1.4)
        { cmdlet: "Remove-VMSnapshot", parameters: { VM: result("vm"), Name: ["*"], Confirm: false } },
      ],
    },
    begun(observed),
    wait(observed, desired, { ...idle, still: "merging its disks" }),
  ];
}

/** A merge begins a moment after the checkpoints are gone. */
function begun({ id }: Observed): Step {
  return {
    does: "wait until its disks are merged",
    calls: [],
    wait: {
      calls: [{ ...machineCall(id), select: { OperationalStatus: null, HardDrives: { Path: null } } }],
      until: (results) => {
        const { OperationalStatus, HardDrives } = shownDisks.parse(valuesOf(results, 0)[0]);
        return (
          OperationalStatus?.includes("MergingDisks") === true ||
          !HardDrives.some(({ Path }) => Path && isCheckpointFile(Path))
        );
      },
      deadlineSeconds: 30,
      everySeconds: 2,
      otherwise: { does: "continue, as nothing is being merged", calls: [] },
      failure: () => "nothing is merged",
    },
  };
}

const shownDisks = z.object({
  OperationalStatus: z.array(z.string()).nullish(),
  HardDrives: z.array(z.object({ Path: z.string().nullish() })),
});

/** Remove-VM leaves the machine's own folder. It goes if nothing else is in it. */
function emptyFolder(observed: Observed, { path }: Desired): Step[] {
  if (!isOwnFolder(observed, path)) return [];
  return [{ does: "remove its folder", mayBeRefused: true, calls: [removeFolder(observed.path)] }];
}
