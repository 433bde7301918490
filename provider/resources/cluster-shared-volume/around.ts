import { z } from "zod";
import type { CallResult, Question } from "../../calls";
import { sameNode } from "../../calls/node-name";
import { allGroups } from "../clusters";
import type { Purpose } from "../definition";
import { machinesAsked, membersNamed } from "../group-members";
import { same } from "../paths";
import type { Answer, Survey, Surveyed } from "../surveys";
import { Chains, needs } from "../virtual-hard-disk/chains";
import { chainQuestions, checkpointsQuestion, type FileUser, machinesQuestion, usersBelow } from "./files";
import type { Observed } from "./observed";
import { isOther } from "./plan";
import type { Desired } from "./schema";

/** Who has files on it: asked of every node, and of the cluster, before it goes or another takes its place. */
export function around(observed: Observed, desired: Desired, purpose: Purpose): Survey<Observed> | undefined {
  const path = observed.volume?.path;
  const isAtStake = purpose === "leave" || (purpose === "change" && isOther(observed, desired));
  if (path === undefined || !isAtStake) return undefined;
  return {
    // only what cannot be read of a file is no reason to know nothing
    needs: (failed) => failed.call.cmdlet !== "Get-VHD" && (failed.call.cmdlet !== "Get-VMSnapshot" || needs(failed)),
    ask: (answers) =>
      answers.length === 0
        ? [...clusterQuestions, machinesQuestion, checkpointsQuestion]
        : [...rolesAsked(answers), ...chainQuestions(answers, path)],
    conclude: (nodes) => ({ ...observed, obstacles: obstacles(nodes, path) }),
  };
}

const clusterQuestions: readonly Question[] = [
  { cmdlet: "Get-VMHost", select: { Name: null } },
  { cmdlet: "Get-ClusterNode", parameters: { Cluster: "." }, select: { Name: null } },
  allGroups,
];

const resultOf = (answers: readonly Answer[], cmdlet: Question["cmdlet"]): CallResult | undefined =>
  answers.find(({ call }) => call.cmdlet === cmdlet)?.result;

/** By the names that those have who know what to make of them. */
function namedOf(answers: readonly Answer[]) {
  const [groups, machines, ids] = (["Get-ClusterGroup", "Get-ClusterResource", "Get-ClusterParameter"] as const).map(
    (cmdlet) => resultOf(answers, cmdlet),
  );
  return { ...(groups && { groups }), ...(machines && { machines }), ...(ids && { ids }) };
}

const rolesAsked = (answers: readonly Answer[]): Question[] => Object.values(machinesAsked(namedOf(answers)) ?? {});

const named = z.object({ Name: z.string() });

/** What stands in the way of giving it up, each in the words of a message that begins with "it". */
function obstacles(nodes: readonly Surveyed[], folder: string): string[] {
  const several = nodes.length > 1;
  const users = nodes.flatMap(({ node, answers }) => usersBelow(answers, folder, several ? node : undefined));
  return [
    ...inUse(users.filter(({ isUnread }) => !isUnread)),
    ...users.filter(({ isUnread }) => isUnread).map(unread),
    ...unlistedRoles(nodes).map(
      (role) =>
        `the machine of the role "${role}" is on no node that answers, and may have files there. Bring the role online, or remove it, first`,
    ),
    ...unaskedNodes(nodes).map(
      (node) =>
        `the machines on ${node} are not known, as the provider does not name this node of the cluster. Add it to nodes first`,
    ),
  ];
}

const mostUsers = 5;

function inUse(users: readonly FileUser[]): string[] {
  if (users.length === 0) return [];
  const byUser = new Map<string, string[]>();
  for (const { who, path } of users) byUser.set(who, [...(byUser.get(who) ?? []), path]);
  const texts = [...byUser].map(([who, [first, ...others]]) =>
    others.length === 0 ? `${who} (${first})` : `${who} (${first} and ${others.length} more)`,
  );
  const more = texts.length > mostUsers ? ` and ${texts.length - mostUsers} more` : "";
  return [
    `it holds files of ${texts.slice(0, mostUsers).join(", ")}${more}. Move them to another volume, or delete them, first`,
  ];
}

const unread = ({ who, path }: FileUser): string =>
  `the disk ${path} of ${who} cannot be read, and may be based on a file there. Make it readable, or detach it, first`;

/** A machine whose files are on a volume that is away vanishes from every list while its role is offline (V, hyper-v-host.md 10). */
function unlistedRoles(nodes: readonly Surveyed[]): string[] {
  const listed = nodes.flatMap(({ answers }) => new Chains(answers).machines.map(({ Id }) => Id));
  const [first] = nodes;
  const answers = namedOf(first?.answers ?? []);
  const groups = (answers.groups?.values ?? []).map((value) => groupShape.parse(value));
  const roles = groups.filter(({ GroupType }) => /^(Hcs)?VirtualMachine$/.test(GroupType)).map(({ Name }) => Name);
  return membersNamed(roles, answers)
    .filter(({ vmId }) => vmId === undefined || !listed.some((id) => same(id, vmId)))
    .map(({ group }) => group);
}

const groupShape = z.object({ Name: z.string(), GroupType: z.string() });

/** Nodes of the cluster that nobody has asked. */
function unaskedNodes(nodes: readonly Surveyed[]): string[] {
  const namesOf = (cmdlet: Question["cmdlet"]) =>
    nodes.flatMap(({ answers }) => resultOf(answers, cmdlet)?.values ?? []).map((value) => named.parse(value).Name);
  const asked = namesOf("Get-VMHost");
  const members = [...new Set(namesOf("Get-ClusterNode"))];
  return members.filter((member) => !asked.some((node) => sameNode(node, member)));
}
