import { z } from "zod";
import { define } from "../definition";
import { listedBy, onNode } from "../surveys";
import { hostProperties, type Observed, parse, recorded } from "./observed";
import { plan, reflect } from "./plan";
import { rules } from "./rules";
import { type Desired, schema } from "./schema";

export const hostSettings = define<typeof schema, Observed>({
  kind: "HostSettings",
  noun: "host settings",
  identified: "a name",
  schema,

  inputs: { rules },

  place: {
    of: ({ node }) => ({ node }),
    // what is read by its id alone is a node's, which has that name
    now: (id, { node }) => ({ node: node ?? (id === "" ? undefined : id) }),
  },

  read: {
    recorded,
    id: ({ name }) => name,
    observe: () => ({
      host: { cmdlet: "Get-VMHost", select: hostProperties },
      networks: { cmdlet: "Get-VMMigrationNetwork", select: { Subnet: null, Priority: null } },
    }),
    parse,
  },

  change: { plan },

  list: {
    calls: [{ cmdlet: "Get-VMHost", select: { Name: null } }],
    parse: (answers, node) =>
      listedBy(answers, z.object({ Name: z.string() })).map(({ Name }) => ({
        id: Name,
        name: Name,
        desired: onNode(node),
      })),
    declared: (_observed, reflected) => withoutChosen(reflected),
  },

  show: {
    title: ({ node }) => node,
    reflect,
    outputs: ({ name }) => ({ hostName: name }),
  },
});

/** Without what an installation has chosen, and what a cluster writes over the settings of its nodes (hyper-v-host.md 2). */
function withoutChosen(reflected: Desired): Desired {
  const { macAddressMinimum, macAddressMaximum, ...others } = reflected;
  const { fibreChannelWwnn, fibreChannelWwpnMinimum, fibreChannelWwpnMaximum, migration = {}, ...rest } = others;
  const { maximumVirtualMachineMigrations, ...own } = migration;
  return { ...rest, migration: rest.node === undefined ? migration : own };
}
