import { z } from "zod";
import type { Question } from "../calls";
import { subnetOf } from "./subnets";

/** A network of a cluster: its subnet is what it is, its id is found anew with it (hyper-v-host.md 11). */
export interface Network {
  id: string;
  /** Of a network with none but IPv6 that of IPv6. */
  subnet: string;
  name: string;
  role: string;
  metric: number;
  autoMetric: boolean;
}

/** Of a network without IPv4 these are empty (K). */
const texts = z.array(z.string()).nullish();

const shown = z.object({
  Id: z.string(),
  Name: z.string(),
  Address: z.string().nullish(),
  AddressMask: z.string().nullish(),
  Ipv6Addresses: texts,
  Ipv6PrefixLengths: z.array(z.union([z.string(), z.number()])).nullish(),
  Role: z.string(),
  Metric: z.number(),
  AutoMetric: z.boolean(),
});

export const allNetworks: Question = {
  cmdlet: "Get-ClusterNetwork",
  parameters: { Cluster: "." },
  as: "networks",
  select: Object.fromEntries(Object.keys(shown.shape).map((property) => [property, null])),
};

export function networkOf(value: unknown): Network {
  const { Id, Name, Role, Metric, AutoMetric, ...addresses } = shown.parse(value);
  const { Address, AddressMask, Ipv6Addresses, Ipv6PrefixLengths } = addresses;
  const newer = `${Ipv6Addresses?.[0] ?? ""}/${Ipv6PrefixLengths?.[0] ?? ""}`;
  const subnet = Address ? subnetOf(Address, AddressMask ?? "") : newer;
  return { id: Id, subnet, name: Name, role: Role, metric: Metric, autoMetric: AutoMetric };
}
