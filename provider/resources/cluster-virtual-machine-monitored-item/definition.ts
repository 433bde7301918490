import { z } from "zod";
import { answerOf, define, type Plan, steps as planOf, type Step, same, valuesOf } from "../definition";
import { follow, isWatchable, itemsQuestion, lacks, machineSelect, machineShape } from "./guest";
import { idOf, isOneItem, nameOf, parametersOf, partsOf, spelled } from "./item";
import { type Desired, schema } from "./schema";

const recorded = z.object({
  vmId: z.string(),
  name: z.string(),
  groupId: z.string(),
  /** Whether the role is online: otherwise nobody tells what is watched. */
  isOnline: z.boolean(),
  isWatched: z.boolean(),
});

type Observed = z.output<typeof recorded>;

const named = z.object({ Name: z.string() });
const group = z.object({ Id: z.string(), State: z.string() });
const here = { Cluster: "." };

export const clusterVirtualMachineMonitoredItem = define<typeof schema, Observed>({
  kind: "ClusterVirtualMachineMonitoredItem",
  noun: "monitored item",
  identified: "a name",
  schema,

  inputs: { rules: [isOneItem] },

  place: {
    // what is missing of the machine is seen where it runs
    of: ({ vmId }) => ({ machine: vmId }),
    // every node answers for the cluster, also while the owner is down
    now: () => ({ cluster: true }),
  },

  birth: {
    find: ({ vmId }) => ({ machine: { cmdlet: "Get-VM", parameters: { Id: vmId }, select: machineSelect } }),
    follow: (answers, { vmId }) => follow(answers, vmId),
    found: (answers, desired) =>
      answers.items && answerOf(answers, "items").some((value) => same(named.parse(value).Name, nameOf(desired)))
        ? [idOf(desired.vmId, nameOf(desired))]
        : [],
    lacks,
    make: (desired) => ({
      call: {
        cmdlet: "Add-ClusterVMMonitoredItem",
        parameters: { VMId: desired.vmId, ...parametersOf(desired), ...here },
        select: { Name: null },
      },
      whole: true,
    }),
    identity: { foreseen: (desired) => idOf(desired.vmId, nameOf(desired)) },
  },

  read: {
    recorded,
    observe: (id) => ({
      group: {
        cmdlet: "Get-ClusterGroup",
        parameters: { VMId: partsOf(id).vmId, ...here },
        select: { Id: null, State: null },
      },
    }),
    follow: ({ answers, id }) => {
      const { State } = group.parse(answerOf(answers, "group")[0]);
      return State === "Online" && !answers.items ? { items: itemsQuestion(partsOf(id).vmId) } : undefined;
    },
    parse: ({ answers, id }, _desired, known) => {
      const { vmId, name } = partsOf(id);
      const { Id, State } = group.parse(answerOf(answers, "group")[0]);
      const there = answers.items && answerOf(answers, "items").map((value) => named.parse(value).Name);
      // while the role is offline nobody tells: then it is as it was, as far as that is known
      if (!there && !known) return undefined;
      return {
        vmId,
        name: there?.find((one) => same(one, name)) ?? name,
        groupId: Id,
        isOnline: State === "Online",
        // a guest that was built anew has lost it (D, hyper-v-host.md 14)
        isWatched: there ? there.some((one) => same(one, name)) : known?.isWatched === true,
      };
    },
  },

  gone: {
    inventory: () => [{ cmdlet: "Get-ClusterGroup", parameters: here, select: { Id: null } }],
    // with the role goes all that is watched
    listed: (_id, results, known) =>
      known && valuesOf(results, 0).some((value) => same(z.object({ Id: z.string() }).parse(value).Id, known.groupId)),
  },

  change: { plan },

  death: { remove },

  list: {
    clustered: true,
    calls: [{ cmdlet: "Get-VM", select: machineSelect }],
    follow: (answers) => {
      const asked = answers.flatMap(({ call }) => (call.cmdlet === "Get-ClusterVMMonitoredItem" ? [vmIdOf(call)] : []));
      return (answers[0]?.result.values ?? [])
        .map((value) => machineShape.parse(value))
        .filter((machine) => isWatchable(machine) && !asked.includes(machine.Id))
        .map(({ Id }) => itemsQuestion(Id));
    },
    parse: (answers) => {
      const machines = (answers[0]?.result.values ?? []).map((value) => machineShape.parse(value));
      return machines.flatMap(({ Id, Name: machine }) =>
        answers
          .filter(({ call }) => call.cmdlet === "Get-ClusterVMMonitoredItem" && vmIdOf(call) === Id)
          .flatMap(({ result }) => result.values.map((value) => named.parse(value).Name))
          .map((name) => {
            const vmId = Id.toLowerCase();
            return { id: idOf(vmId, name), name: `${machine} ${name}`, machine, desired: { vmId } };
          }),
      );
    },
  },

  show: {
    title: (desired) => nameOf(desired),
    reflect: ({ vmId, name }, desired) => ({
      ...(desired.adopt !== undefined && { adopt: desired.adopt }),
      vmId: desired.vmId !== undefined && same(desired.vmId, vmId) ? desired.vmId : vmId,
      ...itemOf(name, desired),
    }),
    outputs: ({ isWatched }) => ({ isMonitored: isWatched }),
  },
});

const vmIdOf = (call: object): string =>
  String(("parameters" in call && (call.parameters as { VMId?: unknown }).VMId) || "");

/** Without what it is not. */
function itemOf(name: string, desired: Desired) {
  const { service, eventLog, eventSource, eventId } = spelled(name, desired);
  return service === undefined ? { eventLog, eventSource, eventId } : { service };
}

const keys = ["service", "eventLog", "eventSource", "eventId"] as const;

function plan({ vmId, name, isOnline, isWatched }: Observed, desired: Desired): Plan {
  const now = spelled(name, desired);
  const replaces = keys.filter((key) => now[key] !== desired[key]);
  if (replaces.length > 0) return { steps: [], refusals: [], replaces };
  if (isWatched || !isOnline) return planOf();
  const step: Step = {
    does: `watch ${name} again`,
    calls: [{ cmdlet: "Add-ClusterVMMonitoredItem", parameters: { VMId: vmId, ...parametersOf(desired), ...here } }],
  };
  return planOf(step);
}

/** Only a guest that answers lets it go. */
function remove({ vmId, name, isOnline, isWatched }: Observed, desired: Desired): Plan {
  if (!isWatched) return planOf();
  if (!isOnline) {
    const reason =
      "it is kept in the guest, and the role of its machine is not online. Start the machine first, or give the item up with pulumi state delete";
    return { steps: [], refusals: [{ path: [], reason }], replaces: [] };
  }
  return planOf({
    does: `stop watching ${name}`,
    calls: [{ cmdlet: "Remove-ClusterVMMonitoredItem", parameters: { VMId: vmId, ...parametersOf(desired), ...here } }],
  });
}
