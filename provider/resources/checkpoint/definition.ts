import { z } from "zod";
import { type Action, result, type Select } from "../../calls";
import type { Problem } from "../../schema";
import {
  type Answers,
  absentFrom,
  answerOf,
  define,
  type Making,
  type Plan,
  steps as planOf,
  type Step,
  same,
  valuesOf,
  type Wait,
} from "../definition";
import { listedBy } from "../surveys";
import { machineCall } from "../virtual-machine/machine-call";
import { transientStatus } from "../virtual-machine/observed";
import { type Desired, schema } from "./schema";

interface Observed {
  id: string;
  name: string;
  vmId: string;
  parentId?: string | undefined;
  /** Whether it holds the machine's memory. */
  state: string;
}

const machine = z.object({
  CheckpointType: z.string(),
  HardDrives: z
    .array(z.object({ Path: z.string().nullish(), SupportPersistentReservations: z.boolean().nullish() }))
    .nullish(),
});
const machineSelect: Select = {
  CheckpointType: null,
  HardDrives: { Path: null, SupportPersistentReservations: null },
};
const named = z.object({ Id: z.string(), Name: z.string() });
const snapshot = named.extend({
  VMId: z.string(),
  ParentSnapshotId: z.string().nullish(),
  State: z.string(),
});

const listed: Select = {
  Id: null,
  Name: null,
  VMId: null,
  VMName: null,
  SnapshotType: null,
  IsAutomaticCheckpoint: null,
};
const listing = named.extend({
  VMId: z.string(),
  VMName: z.string(),
  SnapshotType: z.string().nullish(),
  IsAutomaticCheckpoint: z.boolean().nullish(),
});

const vm = { VM: result("vm") };
const snapshotCall = (id: string) => ({ cmdlet: "Get-VMSnapshot", parameters: { Id: id }, as: "snapshot" }) as const;

export const checkpoint = define<typeof schema, Observed>({
  kind: "Checkpoint",
  noun: "checkpoint",
  identified: "a GUID",
  namedBy: "name",
  schema,

  place: {
    of: ({ vmId }) => ({ machine: vmId }),
    // who reads one by its id alone does not say of which machine it is
    now: (_id, { vmId }: Partial<Desired>) => (vmId === undefined ? { node: undefined } : { machine: vmId }),
  },

  birth: {
    find: ({ vmId }) => ({
      machine: { cmdlet: "Get-VM", parameters: { Id: vmId }, as: "vm", select: machineSelect },
      checkpoints: { cmdlet: "Get-VMSnapshot", parameters: vm, select: { Id: null, Name: null } },
    }),
    found: (answers, { name }) =>
      z
        .array(named)
        .parse(answerOf(answers, "checkpoints"))
        .filter((one) => same(one.Name, name))
        .map(({ Id }) => Id.toLowerCase()),
    lacks,
    make,
    identity: { told: ({ values }) => z.object({ Id: z.string() }).parse(values[0]).Id.toLowerCase() },
  },

  read: {
    recorded: z.object({
      id: z.string(),
      name: z.string(),
      vmId: z.string(),
      parentId: z.string().optional(),
      state: z.string(),
    }),
    observe: (id) => ({
      checkpoint: {
        ...snapshotCall(id),
        select: { Id: null, Name: null, VMId: null, ParentSnapshotId: null, State: null },
      },
    }),
    parse: ({ answers }) => {
      const { Id, Name, VMId, ParentSnapshotId, State } = snapshot.parse(answerOf(answers, "checkpoint")[0]);
      return {
        id: Id.toLowerCase(),
        name: Name,
        vmId: VMId.toLowerCase(),
        parentId: ParentSnapshotId?.toLowerCase() ?? undefined,
        state: State,
      };
    },
  },

  gone: absentFrom({ cmdlet: "Get-VMSnapshot", parameters: { VMName: "*" }, select: { Id: null } }),

  change: {
    plan,
    // a machine has one of a name, and what is taken later goes with one that is removed with all after it
    coexist: (observed, desired, recorded) =>
      !same(observed.vmId, desired.vmId) || (!same(observed.name, desired.name) && recorded.removal !== "Subtree"),
  },

  death: { remove },

  list: {
    calls: [{ cmdlet: "Get-VMSnapshot", parameters: { VMName: "*" }, select: listed }],
    parse: (answers) =>
      listedBy(answers, listing)
        // those of a backup, of replication and of a start are made and taken away without anyone's asking
        .filter(({ SnapshotType, IsAutomaticCheckpoint }) => SnapshotType === "Standard" && !IsAutomaticCheckpoint)
        .map(({ Id, Name, VMId, VMName }) => ({
          id: Id.toLowerCase(),
          name: `${VMName} ${Name}`,
          machine: VMName,
          desired: { vmId: VMId.toLowerCase() },
        })),
  },

  show: {
    title: ({ name }) => name,
    reflect: ({ name, vmId }, desired) => ({
      ...desired,
      name,
      vmId: same(vmId, desired.vmId ?? "") ? desired.vmId : vmId,
    }),
    outputs: ({ parentId, state }) => ({ parentCheckpointId: parentId, hasMemory: state !== "Off" }),
  },
});

function lacks(answers: Answers, { vmId }: Desired): Problem[] {
  const { data } = machine.safeParse(answers.machine?.values[0]);
  if (!data) return [{ path: ["vmId"], reason: `must be the id of an existing machine; ${vmId} is not` }];
  // refused for a VHDX, and not to be offered for a VHD Set (documented, hyper-v-devices.md 1)
  const shared = data.HardDrives?.find(
    ({ Path, SupportPersistentReservations }) => SupportPersistentReservations || /\.vhds$/i.test(Path ?? ""),
  );
  if (!shared) return [];
  return [
    {
      path: ["vmId"],
      reason:
        `names a machine that shares the disk ${shared.Path} with others, and Hyper-V takes no checkpoint of such a machine. ` +
        "Back up the guest cluster from within its guests, or detach the disk",
    },
  ];
}

/** Only the type that the checkpoint is taken with is another one: the machine keeps its own. */
function make({ vmId, name, checkpointType }: Desired, seen: Answers): Making {
  const own = typeOf(seen);
  const back = typeCall(own, checkpointType ?? own);
  return {
    awaits: idle(vmId),
    before: [machineCall(vmId), ...typeCall(checkpointType, own)],
    call: { cmdlet: "Checkpoint-VM", parameters: { ...vm, SnapshotName: name, Passthru: true }, select: { Id: null } },
    ...(back.length > 0 && { afterwards: [machineCall(vmId), ...back] }),
  };
}

function typeOf(seen: Answers): Desired["checkpointType"] | "Disabled" {
  const { CheckpointType } = machine.parse(answerOf(seen, "machine")[0]);
  return z.enum(["Production", "ProductionOnly", "Standard", "Disabled"]).parse(CheckpointType);
}

/** Nothing where the machine takes its checkpoints so anyway. */
function typeCall(wanted: ReturnType<typeof typeOf>, is: ReturnType<typeof typeOf>): Action[] {
  if (wanted === undefined || wanted === is) return [];
  return [{ cmdlet: "Set-VM", parameters: { ...vm, CheckpointType: wanted } }];
}

function plan(observed: Observed, { name }: Desired): Plan {
  if (observed.name === name) return planOf();
  return planOf({
    does: "rename the checkpoint",
    properties: ["name"],
    calls: [
      snapshotCall(observed.id),
      { cmdlet: "Rename-VMSnapshot", parameters: { VMSnapshot: result("snapshot"), NewName: name } },
    ],
  });
}

/** Its disks are merged in the background: what comes next may need them whole (hyper-v.md 2.7). */
function remove({ id, vmId }: Observed, { removal }: Desired): Plan {
  return planOf(idle(vmId), {
    does: removal === "Subtree" ? "remove the checkpoint and those after it" : "remove the checkpoint",
    calls: [
      snapshotCall(id),
      {
        cmdlet: "Remove-VMSnapshot",
        parameters: {
          VMSnapshot: result("snapshot"),
          // it has no -Force, and asks (S, hyper-v.md 1.4)
          Confirm: false,
          ...(removal === "Subtree" && { IncludeAllChildSnapshots: true }),
        },
      },
    ],
    wait: untilIdle(vmId, 3600, () => "its disks are still being merged"),
  });
}

/** A machine is neither checkpointed nor merged while it is busy (hyper-v.md 2.7). */
function idle(vmId: string): Step {
  return {
    does: "wait until its machine is idle",
    calls: [],
    wait: untilIdle(vmId, 600, (busy) => `it is still busy with ${busy}`),
  };
}

function untilIdle(vmId: string, deadlineSeconds: number, still: (busy: string | undefined) => string): Wait {
  const busyWith = (results: Parameters<typeof valuesOf>[0]) =>
    transientStatus(
      z.object({ OperationalStatus: z.array(z.string()).nullish() }).parse(valuesOf(results, 0)[0]).OperationalStatus,
    );
  return {
    calls: [{ ...machineCall(vmId), select: { OperationalStatus: null } }],
    until: (results) => busyWith(results) === undefined,
    deadlineSeconds,
    everySeconds: 2,
    failure: (results) => `${still(busyWith(results))} after ${deadlineSeconds} seconds; the next pulumi up continues`,
  };
}
