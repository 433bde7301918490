import { type Problem, problem } from "../../schema";
import { nodeIsSaid } from "../nodes";
import { canonicalSubnet } from "../subnets";
import type { Desired } from "./schema";

export const rules = [nodeIsSaid, macAddressesAreRange, portNamesAreRange, networksAreDifferent];

function macAddressesAreRange({ macAddressMinimum, macAddressMaximum }: Desired): Problem[] {
  return rangeProblems("macAddressMinimum", macAddressMinimum, macAddressMaximum);
}

function portNamesAreRange({ fibreChannelWwpnMinimum, fibreChannelWwpnMaximum }: Desired): Problem[] {
  return rangeProblems("fibreChannelWwpnMinimum", fibreChannelWwpnMinimum, fibreChannelWwpnMaximum);
}

function rangeProblems(property: string, least: string | undefined, most: string | undefined): Problem[] {
  if (least === undefined || most === undefined) return [];
  const bare = (text: string) => text.replace(/[-:]/g, "").toUpperCase();
  const isRange = bare(least) <= bare(most);
  return isRange ? [] : [problem(property, `must not be above the end of the range, ${most}; it is "${least}"`)];
}

function networksAreDifferent({ migration }: Desired): Problem[] {
  const subnets = (migration?.networks ?? []).map(({ subnet }) => canonicalSubnet(subnet));
  return subnets.flatMap((subnet, index) => {
    const first = subnets.indexOf(subnet);
    const path = ["migration", "networks", index, "subnet"];
    return first < index ? [problem(path, `is the subnet of migration.networks[${first}] again`)] : [];
  });
}
