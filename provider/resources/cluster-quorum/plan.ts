import type { Action, Value } from "../../calls";
import type { LookUp, Plan, Step } from "../definition";
import { same, steps } from "../definition";
import { defined, keyMark, type Observed } from "./observed";
import { type Desired, schema } from "./schema";

/** The cmdlet makes the witness anew also where nothing differs, and for that moment its vote is missing (verified, hyper-v-host.md 9.1). */
export function plan(observed: Observed, desired: Desired): Plan {
  const properties = differing(observed, desired);
  if (properties.length === 0) return steps();
  const parameters: Record<string, Value> = parametersOf(observed, desired);
  const notice = `the quorum is without its witness for a moment, for ${properties.join(", ")}`;
  const step: Step = {
    does: desired.type === "None" ? "remove the witness from the quorum" : "set the witness of the quorum",
    properties,
    calls: [...found(desired), { cmdlet: "Set-ClusterQuorum", parameters }],
    ...(desired.type === "Disk" && { looksUp: disk }),
    ...(observed.type !== "None" && { notice }),
  };
  return steps(step);
}

const disk: LookUp = { noun: "disk of the cluster", property: "diskWitness" };

/** The disk must be there before the witness that there is goes. */
function found({ type, diskWitness }: Desired): Action[] {
  if (type !== "Disk" || diskWitness === undefined) return [];
  return [{ cmdlet: "Get-ClusterResource", parameters: { Name: diskWitness, Cluster: "." } }];
}

const isSamePath = (one: string, other: string) => same(one.replace(/\\+$/, ""), other.replace(/\\+$/, ""));

/** What is not declared, and what a cluster does not tell, is no difference. */
function differing(observed: Observed, desired: Desired): string[] {
  if (observed.type !== desired.type) return ["type"];
  const texts = ["diskWitness", "fileShareWitness", "accountName", "endpoint", "containerName"] as const;
  const changed: string[] = texts.filter((key) => {
    const [is, wanted] = [observed[key], desired[key]];
    const isTold = is !== undefined || !["endpoint", "containerName"].includes(key);
    return wanted !== undefined && isTold && !isSamePath(is ?? "", wanted);
  });
  const isNewKey = desired.accessKey !== undefined && keyMark(desired.accessKey) !== observed.keyMark;
  return isNewKey ? [...changed, "accessKey"] : changed;
}

function parametersOf(observed: Observed, desired: Desired): Record<string, Value> {
  const { type, diskWitness = "", fileShareWitness = "" } = desired;
  const here: Record<string, Value> = { Cluster: "." };
  if (type === "None") return { ...here, NoWitness: true };
  if (type === "Disk") return { ...here, DiskWitness: diskWitness };
  if (type === "FileShare") return { ...here, FileShareWitness: fileShareWitness };
  const isOfAccount = same(observed.accountName ?? "", desired.accountName ?? "");
  const kept = isOfAccount ? observed : undefined;
  const parameters = {
    AccountName: desired.accountName,
    AccessKey: desired.accessKey,
    Endpoint: desired.endpoint ?? kept?.endpoint,
    ContainerName: desired.containerName ?? kept?.containerName,
  };
  return { ...here, CloudWitness: true, ...defined(parameters) };
}

/** The key that a cluster has been told, which it never tells itself. */
export function done(observed: Observed, { type, accountName, accessKey }: Desired): Observed {
  if (type !== "Cloud") return observed;
  return { ...observed, ...defined({ accountName, keyMark: keyMark(accessKey) }) };
}

export function reflect(observed: Observed, desired: Desired): Desired {
  const spelled = (key: "diskWitness" | "fileShareWitness" | "accountName" | "endpoint" | "containerName") => {
    const [is, wanted] = [observed[key], desired[key]];
    return is !== undefined && wanted !== undefined && isSamePath(is, wanted) ? wanted : is;
  };
  return {
    type: schema.shape.type.safeParse(observed.type).data ?? (observed.type as Desired["type"]),
    ...defined({
      diskWitness: spelled("diskWitness"),
      fileShareWitness: spelled("fileShareWitness"),
      accountName: spelled("accountName"),
      endpoint: spelled("endpoint"),
      containerName: spelled("containerName") ?? (observed.type === "Cloud" ? desired.containerName : undefined),
      accessKey: observed.type === "Cloud" ? desired.accessKey : undefined,
    }),
  };
}
