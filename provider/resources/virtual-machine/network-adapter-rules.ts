import type { Problem } from "../../schema";
import { problem } from "../../schema";
import { type DesiredAdapter, syntheticDefaults } from "./network-adapters";
import { type Rule, repeated } from "./rule";

const syntheticOnly = Object.keys(syntheticDefaults) as (keyof typeof syntheticDefaults)[];

export const networkAdapterRules: readonly Rule[] = [
  ({ generation, networkAdapters }) =>
    (networkAdapters ?? []).flatMap(({ isLegacy }, index) =>
      generation === 2 && isLegacy ? [problem(["networkAdapters", index, "isLegacy"], "is only for generation 1")] : [],
    ),
  ({ networkAdapters }) =>
    (networkAdapters ?? []).flatMap((adapter, index) =>
      adapter.isLegacy
        ? syntheticOnly
            .filter((key) => adapter[key] !== undefined)
            .map((key) => problem(["networkAdapters", index, key], "is not for a legacy adapter"))
        : [],
    ),
  ({ networkAdapters }) => [
    ...tooMany("network adapters", 64, networkAdapters ?? [], ({ isLegacy }) => !isLegacy),
    ...tooMany("legacy network adapters", 4, networkAdapters ?? [], ({ isLegacy }) => isLegacy === true),
  ],
  ({ networkAdapters }) =>
    (networkAdapters ?? []).flatMap(({ vlan, vlanTrunk, privateVlan }, index) => {
      const given = Object.entries({ vlan, vlanTrunk, privateVlan }).filter(([, value]) => value !== undefined);
      return given.length > 1
        ? [problem(["networkAdapters", index], `must have one of ${given.map(([key]) => key).join(" and ")}`)]
        : [];
    }),
  ({ networkAdapters }) =>
    (networkAdapters ?? []).flatMap(({ privateVlan }, index) => {
      if (!privateVlan) return [];
      const { mode, secondaryVlanId, secondaryVlanIdList } = privateVlan;
      const [needed, other] =
        mode === "Promiscuous"
          ? (["secondaryVlanIdList", "secondaryVlanId"] as const)
          : (["secondaryVlanId", "secondaryVlanIdList"] as const);
      const at = ["networkAdapters", index, "privateVlan"];
      const has = { secondaryVlanId, secondaryVlanIdList };
      return [
        ...(has[needed] === undefined ? [problem([...at, needed], `is required in mode ${mode}`)] : []),
        ...(has[other] !== undefined ? [problem([...at, other], `is not for mode ${mode}, which has ${needed}`)] : []),
      ];
    }),
  ({ networkAdapters }) =>
    repeated(
      networkAdapters ?? [],
      ({ name }) => name.toLowerCase(),
      (first, index) =>
        problem(
          ["networkAdapters", index, "name"],
          `is the name of networkAdapters[${first}] too; names tell adapters apart`,
        ),
    ),
];

function tooMany(
  what: string,
  most: number,
  adapters: readonly DesiredAdapter[],
  counts: (adapter: DesiredAdapter) => boolean,
): Problem[] {
  const count = adapters.flatMap((adapter) => (counts(adapter) ? [adapter] : [])).length;
  return count > most ? [problem(["networkAdapters"], `must have at most ${most} ${what}; it has ${count}`)] : [];
}
