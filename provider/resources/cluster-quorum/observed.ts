import { createHash } from "node:crypto";
import { z } from "zod";
import { result } from "../../calls";
import type { Asked, Seen } from "../definition";
import { answerOf, same } from "../definition";
import type { Desired } from "./schema";

export const recorded = z.object({
  clusterName: z.string(),
  /** A kind that programs know, or what the cluster calls another one. */
  type: z.string(),
  /** Of the witness, which somebody sees failed. */
  state: z.string().optional(),
  diskWitness: z.string().optional(),
  fileShareWitness: z.string().optional(),
  accountName: z.string().optional(),
  endpoint: z.string().optional(),
  containerName: z.string().optional(),
  /** Tells the key that was set from another one. */
  keyMark: z.string().optional(),
});

export type Observed = z.output<typeof recorded>;

const named = z.object({ Name: z.string() });
const quorum = z.object({
  Cluster: named,
  QuorumType: z.string(),
  QuorumResource: named.extend({ ResourceType: named, State: z.string() }).nullish(),
});

export const questions: Asked = {
  quorum: {
    cmdlet: "Get-ClusterQuorum",
    parameters: { Cluster: "." },
    select: {
      Cluster: { Name: null },
      QuorumType: null,
      QuorumResource: { Name: null, State: null, ResourceType: { Name: null } },
    },
  },
};

/** Where a share or a cloud is stands in the parameters of its resource (documented, hyper-v-host.md 9.1). */
export function moreQuestions({ answers }: Seen): Asked | undefined {
  if (answers.parameters) return undefined;
  const { QuorumResource: witness } = quorum.parse(answerOf(answers, "quorum")[0]);
  if (!witness || !["File Share Witness", "Cloud Witness"].includes(witness.ResourceType.Name)) return undefined;
  return {
    again: { cmdlet: "Get-ClusterQuorum", parameters: { Cluster: "." }, as: "quorum", select: { QuorumType: null } },
    parameters: {
      cmdlet: "Get-ClusterParameter",
      parameters: { InputObject: result("quorum", "QuorumResource") },
      select: { Name: null, Value: null },
    },
  };
}

const parameter = z.object({ Name: z.string(), Value: z.unknown() });

export function parse({ answers }: Seen, { accessKey }: Desired, known?: Observed): Observed {
  const { Cluster, QuorumType, QuorumResource: witness } = quorum.parse(answerOf(answers, "quorum")[0]);
  const parameters = answers.parameters ? parameter.array().parse(answers.parameters.values) : [];
  const textOf = (name: string) => {
    const value = parameters.find((one) => one.Name === name)?.Value;
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const base = { clusterName: Cluster.Name, type: typeOf(QuorumType, witness?.ResourceType.Name) };
  if (!witness) return base;
  const seen = { ...base, state: witness.State };
  if (base.type === "Disk") return { ...seen, diskWitness: witness.Name };
  if (base.type === "FileShare") return { ...seen, ...defined({ fileShareWitness: textOf("SharePath") }) };
  if (base.type !== "Cloud") return seen;
  const accountName = textOf("AccountName");
  const before =
    known?.accountName !== undefined && same(known.accountName, accountName ?? "") ? known.keyMark : undefined;
  // one that works with the key that it has is taken over with it
  const found = known === undefined && witness.State === "Online" ? keyMark(accessKey) : undefined;
  const told = { accountName, endpoint: textOf("EndpointInfo"), containerName: textOf("ContainerName") };
  return { ...seen, ...defined({ ...told, keyMark: before ?? found }) };
}

function typeOf(quorumType: string, resourceType: string | undefined): string {
  if (quorumType !== "Majority") return quorumType;
  if (resourceType === undefined) return "None";
  return types[resourceType] ?? resourceType;
}

const types: Readonly<Record<string, Desired["type"]>> = {
  "Physical Disk": "Disk",
  "File Share Witness": "FileShare",
  "Cloud Witness": "Cloud",
};

/** Of a key no more is kept than what tells it from another. */
export function keyMark(key: string | undefined): string | undefined {
  return key === undefined ? undefined : createHash("sha256").update(`witness ${key}`).digest("base64").slice(0, 16);
}

export function defined<Bag extends object>(bag: Bag): { [Key in keyof Bag]?: Exclude<Bag[Key], undefined> } {
  const entries = Object.entries(bag).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Bag]?: Exclude<Bag[Key], undefined> };
}
