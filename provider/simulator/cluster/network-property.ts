import { convert } from "../engine/conversion";
import { conversionOf } from "../engine/parameter-type";
import type { Cluster, ClusterNetwork } from "../world/world";
import { plainResources } from "./any-group";
import type { Assigning } from "./assigning";
import { freeName } from "./group-property";
import { requireCluster } from "./membership";
import { networkOf } from "./plain-resource";
import { assignProperty, refusedValue } from "./property";
import { codes } from "./selection";

/** Name, role and metric; the subnet is what a network is (D, S; hyper-v-host.md 11). */
export function assignNetwork({ world, node, target, property, value }: Assigning): void {
  const cluster = requireCluster(world, node, "");
  const { networks = [] } = cluster;
  const network = networks.find(({ id }) => id === target.identity.Id);
  if (!network) throw refusedValue(property, "The network could not be found.", 0x80070000 + codes.networkNotFound);
  assignProperty({
    type: "ClusterNetwork",
    property,
    value,
    set: {},
    properties: {},
    others: {
      Name: (name) => {
        network.name = freeName(property, name, networks, network);
      },
      Description: (text) => {
        network.description = as<string>(property, "string", text) ?? "";
      },
      Role: (role) => {
        network.role = acceptedRole(cluster, network, property, role);
      },
      Metric: (number) => {
        const metric = as<number>(property, "uint32", number) ?? 0;
        if (metric < 1 || metric > 0x0fffffff)
          throw refusedValue(property, `${metric} is not between 1 and ${0x0fffffff}.`, 0x80070057);
        network.metric = metric;
      },
      AutoMetric: (flag) => {
        if (as<boolean>(property, "bool", flag)) delete network.metric;
        else network.metric ??= network.autoMetric;
      },
    },
  });
}

function as<Value>(property: string, type: string, value: unknown): Value | null {
  const converted = convert(conversionOf(type), value);
  if (!converted.ok) throw refusedValue(property, `Cannot convert it: ${JSON.stringify(value) ?? "null"}`);
  return converted.value as Value | null;
}

/** Not for clients alone, for them where an address of the cluster is, and one network stays for the nodes (D). */
function acceptedRole(
  cluster: Cluster,
  network: ClusterNetwork,
  property: string,
  value: unknown,
): ClusterNetwork["role"] {
  const role = as<ClusterNetwork["role"] | "Client">(property, "ClusterNetworkRole", value);
  const notAvailable = 0x80070000 + codes.networkNotAvailable;
  if (role === null || role === "Client")
    throw refusedValue(property, "No network is for clients only.", 0x80070000 + codes.invalidParameter);
  const carries = plainResources(cluster).some(
    ({ resource: { type, parameters } }) =>
      type === "IP Address" && networkOf(cluster, String(parameters.Address ?? "")) === network,
  );
  if (carries && role !== "ClusterAndClient")
    throw refusedValue(property, `'${network.name}' carries an address of the cluster.`, notAvailable);
  const isOnly = (cluster.networks ?? []).every((other) => other === network || other.role === "None");
  if (role === "None" && isOnly)
    throw refusedValue(property, `'${network.name}' is the only network of the cluster.`, notAvailable);
  return role;
}
