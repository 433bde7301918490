import type { Cmdlets, Running } from "../engine/cmdlet";
import { given } from "../engine/settings";
import { Thing } from "../engine/thing";
import type { NetAdapter, Node, Switch } from "../world/world";
import { adaptersToBind, namedAdapters, refuseUnlike } from "./net-adapter";
import { boundAdapters, passed, switchesOf } from "./virtual-switch";

export const switchTeamCmdlets: Cmdlets = {
  "Get-VMSwitchTeam": readTeams,
  "Set-VMSwitchTeam": setTeams,
  "Add-VMSwitchTeamMember": (call) => changeMembers(call, added),
  "Remove-VMSwitchTeamMember": (call) => changeMembers(call, removed),
};

function readTeams(call: Running): Thing[] {
  const all = call.node.switches.filter(({ embeddedTeaming, type }) => embeddedTeaming && type === "External");
  const teams = call.has("Name") || call.has("VMSwitch") ? teamsOf(call, call.texts("Name")) : all;
  return teams.map((team) => teamThing(call.node, team));
}

function setTeams(call: Running): Thing[] {
  const teams = teamsOf(call, call.texts("Name"));
  const algorithm = given<string>(call, "LoadBalancingAlgorithm");
  if (algorithm === undefined && !call.has("TeamingMode") && !namedAdapters(call)) nothingToDo(call);
  const members = teams.map((team) => adaptersToBind(call, team));
  for (const [index, team] of teams.entries()) {
    if (algorithm !== undefined) team.loadBalancingAlgorithm = algorithm;
    team.netAdapterGuids = members[index]?.map(({ interfaceGuid }) => interfaceGuid) ?? team.netAdapterGuids;
  }
  return passed(call, teams);
}

/** Teaming is decided when a switch is made (D, hyper-v.md 4). */
function teamsOf(call: Running, names: readonly string[] | undefined): Switch[] {
  const teams = switchesOf(call, names && [...names]);
  for (const { name, embeddedTeaming, type } of teams)
    if (!embeddedTeaming || type !== "External")
      call.invalid(`The virtual switch '${name}' does not have embedded teaming.`);
  return teams;
}

function changeMembers(call: Running, change: (call: Running, team: Switch) => string[]): Thing[] {
  const teams = teamsOf(call, call.texts("VMSwitchName"));
  if (!namedAdapters(call)) nothingToDo(call);
  const changed = teams.map((team) => ({ team, guids: change(call, team) }));
  for (const { team, guids } of changed) team.netAdapterGuids = guids;
  return passed(call, teams);
}

function added(call: Running, team: Switch): string[] {
  const members = boundAdapters(call.node, team);
  const fresh = adaptersToBind(call) ?? [];
  const all = [...members, ...fresh];
  refuseUnlike(call, all);
  return guidsOf(all);
}

function removed(call: Running, team: Switch): string[] {
  const gone = guidsOf(namedAdapters(call) ?? []);
  if (gone.some((guid) => !team.netAdapterGuids.includes(guid)))
    call.notFound(`A network adapter is not a member of the team of '${team.name}'.`);
  const left = team.netAdapterGuids.filter((guid) => !gone.includes(guid));
  if (left.length === 0) call.invalid(`The team of '${team.name}' needs a network adapter.`);
  return left;
}

function guidsOf(adapters: readonly NetAdapter[]): string[] {
  return adapters.map(({ interfaceGuid }) => interfaceGuid);
}

function nothingToDo(call: Running): never {
  call.invalid("You must specify at least one parameter to be modified.");
}

function teamThing({ name: nodeName }: Node, { id }: Switch): Thing {
  return new Thing("VMSwitchTeam", `VMSwitchTeam:${nodeName}/${id}`, { Id: id, ComputerName: nodeName }, (world) => {
    const node = world.nodes.find(({ name }) => name === nodeName);
    const team = node?.switches.find((candidate) => candidate.id === id);
    if (!node || !team) return undefined;
    return {
      Id: team.id,
      Name: team.name,
      NetAdapterInterfaceDescription: boundAdapters(node, team).map(({ interfaceDescription }) => interfaceDescription),
      NetAdapterInterfaceGuid: [...team.netAdapterGuids],
      TeamingMode: "SwitchIndependent",
      LoadBalancingAlgorithm: team.loadBalancingAlgorithm,
    };
  });
}
