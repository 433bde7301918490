import { z } from "zod";
import { same } from "../definition";
import { match, sameMac, withKept } from "./network-adapter-changes";
import { common, type DesiredAdapter, syntheticDefaults } from "./network-adapters";
import type { ObservedAdapter } from "./observed-network-adapters";
import type { Observed } from "./recorded";
import type { Desired } from "./schema";
import { reflectVlan, sameVlan } from "./vlan";

/** The adapters as the program would write them. */
export function reflectAdapters(
  observed: Observed,
  { networkAdapters: desired = [], adopt }: Desired,
): DesiredAdapter[] {
  const { pairs, extra } = match(observed.adapters, desired);
  const shown = pairs.flatMap(({ wanted, now }) => {
    if (!now) return [];
    return [adopt ? asFarAs(wanted, now) : reflectAdapter(now, wanted)];
  });
  return [...shown, ...extra.map((adapter) => reflectAdapter(adapter, undefined))];
}

/** An adapter that is adopted, as far as the program says anything of it. */
function asFarAs(wanted: DesiredAdapter, adapter: ObservedAdapter): DesiredAdapter {
  const kept = withKept(adapter, wanted);
  const { vlan: access, vlanTrunk, privateVlan, ...shown } = reflectAdapter(adapter, kept);
  const tagged = sameVlan(adapter.vlan, kept) ? wanted : { vlan: access, vlanTrunk, privateVlan };
  const said = Object.entries(shown).filter(([key]) => wanted[key as keyof DesiredAdapter] !== undefined);
  return {
    ...Object.fromEntries(said),
    name: adapter.name,
    ...(tagged.vlan !== undefined && { vlan: tagged.vlan }),
    ...(tagged.vlanTrunk && { vlanTrunk: tagged.vlanTrunk }),
    ...(tagged.privateVlan && { privateVlan: tagged.privateVlan }),
  };
}

/** Of an adapter that the program has, what the program says of it and its VLAN; of another what is not as usual. */
function reflectAdapter(adapter: ObservedAdapter, wanted: DesiredAdapter | undefined): DesiredAdapter {
  const macAddress = adapter.dynamicMacAddress ? undefined : adapter.macAddress;
  const written = wanted && sameMac(adapter, wanted) ? wanted.macAddress : macAddress;
  const switchName =
    wanted && same(adapter.switchName ?? "", wanted.switchName ?? "") ? wanted.switchName : adapter.switchName;
  const usual: Readonly<Record<string, unknown>> = { ...usualSettings, ...syntheticDefaults };
  const settings = Object.fromEntries(
    Object.entries(adapter.settings).filter(([key, value]) =>
      wanted ? wanted[key as keyof DesiredAdapter] !== undefined : value !== usual[key],
    ),
  );
  return {
    name: adapter.name,
    ...(wanted?.isLegacy === undefined ? adapter.isLegacy && { isLegacy: true } : { isLegacy: adapter.isLegacy }),
    ...(switchName !== undefined && { switchName }),
    ...(written !== undefined && { macAddress: written }),
    ...reflectVlan(adapter.vlan, wanted),
    ...settings,
  };
}

const usualSettings: Readonly<Record<string, unknown>> = z.strictObject(common).parse({});
