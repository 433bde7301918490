import { z } from "zod";
import { type Action, type CallResult, literal, type Question, result } from "../calls";
import { VMSwitchType } from "../cmdlets.generated";
import { hot, name, type Problem, policy, replaces, type Surroundings } from "../schema";
import {
  define,
  listedBy,
  type Making,
  onNode,
  type Plan,
  steps as planOf,
  type Step,
  same,
  valuesOf,
} from "./definition";
import { type Sight, switchSight } from "./sights";

export const schema = z.strictObject({
  /**
   * Name that Hyper-V shows and machines connect to; need not be unique on a host, but live migration looks for a switch
   * of the same name. `New-VMSwitch -Name`, `Rename-VMSwitch -NewName`. Changes while machines are connected.
   * @default the resource's name in the program
   */
  name: hot(name(), "Rename-VMSwitch", "NewName", "Name"),
  /**
   * Node of the provider's `nodes` that the switch is on: a switch belongs to one host. Required when the provider has
   * several nodes. A change replaces the switch.
   */
  node: replaces(z.string().min(1).optional()),
  /**
   * `External` reaches the network through a physical adapter, `Internal` the host and its machines, `Private` machines
   * only. `New-VMSwitch -SwitchType`, `Set-VMSwitch -SwitchType`. Converts in place, ports stay connected; to and from
   * `External` the host's network drops for 5 to 15 seconds.
   */
  switchType: hot(z.enum(VMSwitchType), "Set-VMSwitch", "SwitchType"),
  /**
   * Physical adapters of an `External` switch, by their names on the host (`Get-NetAdapter`); several make an embedded
   * team. Required for such a switch. `New-VMSwitch -NetAdapterName`, `Set-VMSwitch -NetAdapterName`, `Set-VMSwitchTeam -NetAdapterName`. Changes in
   * place while the network drops; from one adapter without a team to several by replacement, as a team is decided at
   * creation. A switch that machines are connected to is not removed: disconnect them first.
   */
  netAdapterNames: hot(z.array(z.string().min(1)).min(1).max(8).optional(), "Set-VMSwitch", "NetAdapterName"),
  /**
   * Whether the host shares the adapter of an `External` switch; means nothing for the other types. `New-VMSwitch
   * -AllowManagementOS`. Turning it off removes the host's adapter `vEthernet (name)` with its IP settings.
   * @default true
   */
  allowManagementOS: hot(z.boolean().default(true), "Set-VMSwitch", "AllowManagementOS"),
  /** Text for people. `Set-VMSwitch -Notes`. @default "" */
  notes: hot(z.string().default(""), "Set-VMSwitch", "Notes"),
  /**
   * Takes over a switch of this name that is already on the host, instead of refusing to make a second one.
   * @default false
   */
  adopt: policy(z.boolean().default(false)),
});

type Desired = z.input<typeof schema>;

const observation = z.object({
  Id: z.string(),
  Name: z.string(),
  SwitchType: z.enum(VMSwitchType),
  AllowManagementOS: z.boolean(),
  Notes: z.string().nullish(),
  EmbeddedTeamingEnabled: z.boolean().nullish(),
  NetAdapterInterfaceGuid: z.array(z.string()).nullish(),
  NetAdapterInterfaceDescriptions: z.array(z.string()).nullish(),
});

const machine = z.object({
  Name: z.string(),
  NetworkAdapters: z.array(z.object({ SwitchId: z.string().nullish() })).nullish(),
});

const hostAdapter = z.object({ Name: z.string(), InterfaceGuid: z.string() });

interface Observed {
  id: string;
  name: string;
  switchType: Desired["switchType"];
  allowManagementOS: boolean;
  notes: string;
  teamed: boolean;
  netAdapterNames: string[];
  interfaceDescriptions: string[];
  /** Adapters that could carry a switch; a state of an earlier release has none. */
  hostAdapterNames?: string[];
}

const switchProperties = {
  Id: null,
  Name: null,
  SwitchType: null,
  AllowManagementOS: null,
  Notes: null,
  EmbeddedTeamingEnabled: null,
  NetAdapterInterfaceGuid: null,
  NetAdapterInterfaceDescriptions: null,
};

const hostAdapters: Question = { cmdlet: "Get-NetAdapter", select: { Name: null, InterfaceGuid: null } };

/** Windows' own on clients, the same everywhere: it can be neither changed nor removed (documented, hyper-v.md 4). */
const defaultSwitch = "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444";

/** The host's own adapters on switches carry none; Windows names them so in every language. */
function carriers(adapters: readonly z.output<typeof hostAdapter>[]): string[] {
  return adapters.map(({ Name }) => Name).filter((name) => !name.startsWith("vEthernet ("));
}

function missing(names: readonly string[] = [], known: readonly string[] = names): Problem[] {
  const choices = known.map((name) => JSON.stringify(name)).join(", ");
  return names.flatMap((name, index) =>
    known.some((one) => same(one, name))
      ? []
      : [
          {
            path: ["netAdapterNames", index],
            reason: `must be a physical adapter of the host: ${choices || "it has none"}; it is ${JSON.stringify(name)}`,
          },
        ],
  );
}

type Rule = (desired: Desired, surroundings: Surroundings) => Problem[];

const problem = (key: keyof Desired, reason: string): Problem => ({ path: [key], reason });

/** One rule each: what is unknown in a preview ends one and not the others. */
const rules: readonly Rule[] = [
  ({ node }, { nodes }) =>
    nodes.length > 1 && node === undefined
      ? [problem("node", `is required, as the provider has several nodes: ${nodes.join(", ")}`)]
      : [],
  ({ switchType, netAdapterNames }) =>
    switchType === "External" && !netAdapterNames
      ? [problem("netAdapterNames", "is required for an External switch: the names of physical adapters of the host")]
      : [],
  ({ switchType, netAdapterNames }) =>
    switchType !== "External" && netAdapterNames
      ? [problem("netAdapterNames", `is only for an External switch, and switchType is ${switchType}`)]
      : [],
  ({ netAdapterNames }) => {
    const names = (netAdapterNames ?? []).flatMap((name) => [name.toLowerCase()]);
    return new Set(names).size < names.length ? [problem("netAdapterNames", "names an adapter twice")] : [];
  },
];

export const virtualSwitch = define<typeof schema, Observed>({
  kind: "VirtualSwitch",
  noun: "virtual switch",
  identified: "a GUID",
  schema,
  recorded: z.object({
    id: z.string(),
    name: z.string(),
    switchType: z.enum(VMSwitchType),
    allowManagementOS: z.boolean(),
    notes: z.string(),
    teamed: z.boolean(),
    netAdapterNames: z.array(z.string()),
    interfaceDescriptions: z.array(z.string()),
    hostAdapterNames: z.array(z.string()).optional(),
  }),
  title: ({ name }) => name,
  rules,
  place: ({ node }) => ({ node }),
  whereabouts: (_id, { node }) => ({ node }),
  meant: ({ node }) => ({ node }),

  // the adapters first: a name that no switch has ends the batch
  find: ({ name, switchType }) => [
    ...(switchType === "External" ? [hostAdapters] : []),
    { cmdlet: "Get-VMSwitch", parameters: { Name: literal(name) }, select: { Id: null } },
  ],
  found: (results) =>
    z
      .array(z.object({ Id: z.string() }))
      .parse(valuesOf(results, results.length - 1))
      .map((candidate) => candidate.Id),
  lacks: (results, { switchType, netAdapterNames }) =>
    switchType === "External"
      ? missing(netAdapterNames, carriers(hostAdapter.array().parse(valuesOf(results, 0))))
      : [],
  sights: ({ name, node, netAdapterNames = [] }) => [
    ...(name === undefined ? [] : [switchSight({ node }, { name, path: ["name"], is: "free" })]),
    ...netAdapterNames.flatMap((adapter: string | undefined, index): Sight[] =>
      adapter === undefined ? [] : [adapterSight(node, adapter, index)],
    ),
  ],
  make,
  mints: true,
  identity: ({ values }) => z.object({ Id: z.string() }).parse(values[0]).Id,

  // the switch stores guids of adapters; descriptions lose and renumber their #n (recorded, hyper-v.md 4)
  observe: (id) => [{ cmdlet: "Get-VMSwitch", parameters: { Id: id }, select: switchProperties }, hostAdapters],
  parse: ({ results }) => {
    const seen = observation.parse(valuesOf(results, 0)[0]);
    const adapters = hostAdapter.array().parse(valuesOf(results, 1));
    return {
      id: seen.Id,
      name: seen.Name,
      switchType: seen.SwitchType,
      allowManagementOS: seen.AllowManagementOS,
      notes: seen.Notes ?? "",
      teamed: seen.EmbeddedTeamingEnabled ?? false,
      netAdapterNames: (seen.NetAdapterInterfaceGuid ?? []).map(
        (guid) => adapters.find((adapter) => bare(adapter.InterfaceGuid) === bare(guid))?.Name ?? guid,
      ),
      interfaceDescriptions: seen.NetAdapterInterfaceDescriptions ?? [],
      hostAdapterNames: carriers(adapters),
    };
  },
  inventory: () => [{ cmdlet: "Get-VMSwitch", select: { Id: null } }],
  listed: (id, results) =>
    z
      .array(z.object({ Id: z.string() }))
      .parse(valuesOf(results, 0))
      .some((candidate) => same(candidate.Id, id)),
  listing: {
    calls: [{ cmdlet: "Get-VMSwitch", select: { Id: null, Name: null } }],
    parse: (answers, node) =>
      listedBy(answers, z.object({ Id: z.string(), Name: z.string() }))
        .filter(({ Id }) => !same(Id, defaultSwitch))
        .map(({ Id, Name }) => ({ id: Id, name: Name, desired: onNode(node) })),
  },

  plan,
  remove,
  reflect: (observed, desired) => ({
    ...desired,
    name: observed.name,
    switchType: observed.switchType,
    netAdapterNames:
      observed.switchType !== "External"
        ? undefined
        : sameSet(observed.netAdapterNames, desired.netAdapterNames ?? [])
          ? desired.netAdapterNames
          : observed.netAdapterNames,
    allowManagementOS: observed.switchType === "External" ? observed.allowManagementOS : desired.allowManagementOS,
    notes: observed.notes,
  }),
  outputs: ({ interfaceDescriptions }) => ({ interfaceDescriptions }),
});

function adapterSight(node: string | undefined, name: string, index: number): Sight {
  const path = ["netAdapterNames", index];
  return { noun: "physical adapter", name, path, is: "there", listing: hostAdapters, by: "Name", at: { node } };
}

/** With an id of ours, a switch that was made while the connection broke is known by it (its `-Id`, hyper-v.md 1.3). */
function make(desired: Desired, _seen: readonly CallResult[], id?: string): Making {
  const { name, notes = "", netAdapterNames = [], allowManagementOS = true } = desired;
  const common = { Name: name, Notes: notes, ...(id !== undefined && { Id: id }) };
  const select = { Id: null };
  if (desired.switchType !== "External")
    return { call: { cmdlet: "New-VMSwitch", parameters: { ...common, SwitchType: desired.switchType }, select } };
  const external = { ...common, NetAdapterName: netAdapterNames, AllowManagementOS: allowManagementOS };
  const team = netAdapterNames.length > 1 ? { EnableEmbeddedTeaming: true } : {};
  return { call: { cmdlet: "New-VMSwitch", parameters: { ...external, ...team }, select } };
}

function plan(observed: Observed, desired: Desired): Plan {
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
function dropsNetwork(observed: Observed, properties: readonly string[]): boolean {
  if (properties.includes("netAdapterNames") || properties.includes("allowManagementOS")) return true;
  return properties.includes("switchType") && observed.switchType === "External";
}

/**
 * A host refuses only while machines on it run (hyper-v.md 4); those that are off it may disconnect without a word (K). Machines
 * of the same program may be on their way out without depending on the switch: they are given some time.
 */
function remove(observed: Observed): Plan {
  const connected = (results: readonly CallResult[]) =>
    machine
      .array()
      .parse(valuesOf(results, 0))
      .filter(({ NetworkAdapters }) => NetworkAdapters?.some(({ SwitchId }) => same(SwitchId ?? "", observed.id)))
      .map(({ Name }) => `"${Name}"`);
  return planOf(
    {
      does: "see that no machine is connected to it",
      calls: [],
      wait: {
        calls: [{ cmdlet: "Get-VM", select: { Name: null, NetworkAdapters: { SwitchId: null } } }],
        until: (results) => connected(results).length === 0,
        deadlineSeconds: removalSeconds,
        everySeconds: 2,
        failure: (results) =>
          `after ${removalSeconds} seconds there are still adapters of ${connected(results).join(", ")} on it, and they would be ` +
          "left without a switch. Disconnect them (leave out their switchName, or name another switch) or remove the machines, " +
          "then run pulumi up or destroy again",
      },
    },
    {
      does: "remove the switch",
      calls: [
        vmSwitch(observed.id),
        { cmdlet: "Remove-VMSwitch", parameters: { VMSwitch: result("switch"), Force: true } },
      ],
    },
  );
}

const removalSeconds = 60;

/** The cmdlets that change a switch take a name, which others may share, or this object. */
function vmSwitch(id: string): Action {
  return { cmdlet: "Get-VMSwitch", parameters: { Id: id }, as: "switch" };
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  const sorted = (names: readonly string[]) => names.map((name) => name.toLowerCase()).sort();
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

/** Get-NetAdapter writes guids in braces and capitals, the switch without. */
function bare(guid: string): string {
  return guid.replace(/[{}]/g, "").toLowerCase();
}
