import { type Action, result } from "../../calls";
import type { Plan, Step } from "../definition";
import type { Observed } from "./observed";
import { missing } from "./rules";
import type { Desired } from "./schema";

export function plan(observed: Observed, desired: Desired): Plan {
  const steps: Step[] = [];
  const set = (does: string, properties: string[], ...calls: Action[]) =>
    steps.push({
      does,
      properties,
      calls: [vmSwitch(observed.id), ...calls],
      ...(dropsNetwork(observed, properties) && {
        notice: `the host's network drops for 5 to 15 seconds, for ${properties.join(", ")}`,
      }),
    });

  if (observed.name !== desired.name)
    set("rename the switch", ["name"], {
      cmdlet: "Rename-VMSwitch",
      parameters: { VMSwitch: result("switch"), NewName: desired.name },
    });
  if (desired.notes !== undefined && observed.notes !== desired.notes)
    set("set the notes", ["notes"], {
      cmdlet: "Set-VMSwitch",
      parameters: { VMSwitch: result("switch"), Notes: desired.notes },
    });
  if (desired.switchType !== "External") {
    if (observed.switchType !== desired.switchType)
      set(`make it ${desired.switchType}`, ["switchType"], {
        cmdlet: "Set-VMSwitch",
        parameters: { VMSwitch: result("switch"), SwitchType: desired.switchType },
      });
    return { steps, refusals: [], replaces: [] };
  }

  const names = desired.netAdapterNames ?? observed.netAdapterNames;
  const share = desired.allowManagementOS ?? observed.allowManagementOS;
  const [first = ""] = names;
  const rebound = observed.switchType !== "External" || !sameSet(observed.netAdapterNames, names);
  const lacking = rebound && desired.netAdapterNames ? missing(names, observed.hostAdapterNames) : [];
  if (lacking.length > 0)
    return {
      steps: [],
      refusals: lacking.map(({ path, reason }) => ({
        path,
        reason: `${reason}. Run pulumi refresh if it was added since`,
      })),
      replaces: [],
    };
  // a team is decided at creation: Set-VMSwitch takes one adapter, and -EnableEmbeddedTeaming is only of New-VMSwitch
  if (rebound && names.length > 1 && !observed.teamed) return { steps, refusals: [], replaces: ["netAdapterNames"] };
  if (rebound && observed.teamed && observed.switchType === "External")
    set("set the adapters of the team", ["netAdapterNames"], {
      cmdlet: "Set-VMSwitchTeam",
      parameters: { VMSwitch: result("switch"), NetAdapterName: names },
    });
  else if (rebound)
    set(
      observed.switchType === "External" ? `bind it to ${first}` : `make it External on ${first}`,
      ["switchType", "netAdapterNames"],
      {
        cmdlet: "Set-VMSwitch",
        // a conversion shares the adapter with the host unless told otherwise (documented, hyper-v.md 1.6)
        parameters: { VMSwitch: result("switch"), NetAdapterName: first, AllowManagementOS: share },
      },
    );
  const told = rebound && !(observed.teamed && observed.switchType === "External");
  if (!told && observed.allowManagementOS !== share)
    set(share ? "share the adapter with the host" : "take the adapter from the host", ["allowManagementOS"], {
      cmdlet: "Set-VMSwitch",
      parameters: { VMSwitch: result("switch"), AllowManagementOS: share },
    });
  return { steps, refusals: [], replaces: [] };
}

/** To and from External, and between adapters (D, hyper-v.md 4): where the host shares an adapter, now or then. */
export function dropsNetwork(observed: Observed, properties: readonly string[]): boolean {
  if (properties.includes("netAdapterNames") || properties.includes("allowManagementOS")) return true;
  return properties.includes("switchType") && observed.switchType === "External";
}

/** The cmdlets that change a switch take a name, which others may share, or this object. */
export function vmSwitch(id: string): Action {
  return { cmdlet: "Get-VMSwitch", parameters: { Id: id }, as: "switch" };
}

export function sameSet(one: readonly string[], other: readonly string[]): boolean {
  const sorted = (names: readonly string[]) => names.map((name) => name.toLowerCase()).sort();
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}
