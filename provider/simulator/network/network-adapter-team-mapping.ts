import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { given } from "../engine/settings";
import { record, type Thing } from "../engine/thing";
import type { NetAdapter, Switch } from "../world/world";
import { type Target, targetsOf, targetThing } from "./network-adapter-selection";
import { boundAdapters } from "./virtual-switch";

/** Ties an adapter on a team to one of its members (D, hyper-v-host.md 4). */
export const teamMappingCmdlets: Cmdlets = {
  "Get-VMNetworkAdapterTeamMapping": (call) => mappingThings(call, targetsOf(call)),
  "Set-VMNetworkAdapterTeamMapping"(call) {
    const targets = targetsOf(call, "VMNetworkAdapterName");
    const members = targets.map((target) => memberNamed(call, teamOf(call, target)));
    for (const [index, { adapter }] of targets.entries())
      adapter.teamMember = {
        interfaceGuid: members[index]?.interfaceGuid ?? "",
        disableOnFailover: given<string>(call, "DisableOnFailover") ?? "None",
      };
    return call.flag("Passthru") ? mappingThings(call, targets) : [];
  },
  "Remove-VMNetworkAdapterTeamMapping"(call) {
    const targets = targetsOf(call);
    const things = mappingThings(call, targets);
    if (things.length === 0) call.notFound("There is no team mapping of such a network adapter.");
    for (const { adapter } of targets) delete adapter.teamMember;
    return call.flag("Passthru") ? things : [];
  },
};

function switchUnder({ node }: Running, target: Target): Switch | undefined {
  return target.kind === "host" ? target.on : node.switches.find(({ id }) => id === target.adapter.switchId);
}

function teamOf(call: Running, target: Target): Switch {
  const on = switchUnder(call, target);
  if (!on?.embeddedTeaming) call.invalid(`'${target.adapter.name}' is not on a virtual switch with embedded teaming.`);
  return on;
}

function memberNamed(call: Running, team: Switch): NetAdapter {
  const name = call.text("PhysicalNetAdapterName") ?? "";
  const member = boundAdapters(call.node, team).find((adapter) => sameName(adapter.name, name));
  if (!member) call.invalid(`'${name}' is not a member of the team of '${team.name}'.`);
  return member;
}

/** Of adapters that are tied; a member that has left the team ties nothing. */
function mappingThings(call: Running, targets: readonly Target[]): Thing[] {
  return targets.flatMap((target) => {
    const { teamMember } = target.adapter;
    const on = switchUnder(call, target);
    const member =
      on && boundAdapters(call.node, on).find(({ interfaceGuid }) => interfaceGuid === teamMember?.interfaceGuid);
    if (!teamMember || !member) return [];
    return [
      record("VMNetworkAdapterTeamMappingSetting", {
        NetAdapterName: member.name,
        NetAdapterDeviceId: `{${member.interfaceGuid.toUpperCase()}}`,
        DisableOnFailover: teamMember.disableOnFailover,
        ParentAdapter: targetThing(call, target),
        IsTemplate: false,
        ComputerName: call.node.name,
        IsDeleted: false,
      }),
    ];
  });
}
