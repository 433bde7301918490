import { z } from "zod";
import type { Question } from "../../calls";
import type { Problem } from "../../schema";
import { type Answers, type Asked, answerOf } from "../definition";

export const machineSelect = { Id: null, Name: null, State: null, Heartbeat: null, IsClustered: null };

export const machineShape = z.object({
  Id: z.string(),
  Name: z.string(),
  State: z.string(),
  Heartbeat: z.string().nullish(),
  IsClustered: z.boolean(),
});

type Machine = z.output<typeof machineShape>;

/** What is watched is kept in the guest: only one that answers tells it (D, hyper-v-host.md 14). */
export const itemsQuestion = (vmId: string): Question => ({
  cmdlet: "Get-ClusterVMMonitoredItem",
  parameters: { VMId: vmId, Cluster: "." },
  select: { Name: null },
});

/** Whether the machine is a role whose guest answers. */
export const isWatchable = ({ IsClustered, State, Heartbeat }: Machine): boolean =>
  IsClustered && State === "Running" && Heartbeat?.startsWith("Ok") === true;

const machineIn = (answers: Answers): Machine | undefined => {
  const [value] = answers.machine && !answers.machine.error ? answerOf(answers, "machine") : [];
  return value === undefined ? undefined : machineShape.parse(value);
};

export function follow(answers: Answers, vmId: string): Asked | undefined {
  const machine = machineIn(answers);
  return machine && isWatchable(machine) && !answers.items ? { items: itemsQuestion(vmId) } : undefined;
}

/** All that is missing, in one message. */
export function lacks(answers: Answers): Problem[] {
  const machine = machineIn(answers);
  if (!machine || isWatchable(machine)) return [];
  const { Name, IsClustered, State, Heartbeat } = machine;
  const missing = [
    ...(IsClustered
      ? []
      : ["it is not a role of the cluster: give it a ClusterVirtualMachineRole, and set vmId: role.id"]),
    ...(State === "Running" ? [] : [`it is ${State}: start it, by state: "Running"`]),
    ...(State === "Running" && !Heartbeat?.startsWith("Ok")
      ? [
          `its guest does not answer (heartbeat ${Heartbeat ?? "none"}): let the machine wait for it, by waitFor: { heartbeat: true }`,
        ]
      : []),
  ];
  return [
    {
      path: ["vmId"],
      reason: `is "${Name}", and the cluster watches running roles whose guests answer: ${missing.join("; ")}`,
    },
  ];
}
