import type { Running } from "../engine/cmdlet";
import { given } from "../engine/settings";

/** `-StaticMacAddress` as a host writes it: 12 digits, upper case. Three ways of writing it, not mixed (V, hyper-v.md 3). */
export function staticMacAddress(call: Running): string | undefined {
  const written = given<string>(call, "StaticMacAddress");
  if (written === undefined) return undefined;
  if (call.flag("DynamicMacAddress")) call.invalid("A MAC address is either static or dynamic.");
  if (!/^(?:[0-9a-f]{12}|[0-9a-f]{2}(?::[0-9a-f]{2}){5}|[0-9a-f]{2}(?:-[0-9a-f]{2}){5})$/i.test(written))
    call.invalid(`'${written}' is not a MAC address.`);
  const address = written.replace(/[:-]/g, "").toUpperCase();
  if ((Number.parseInt(address.slice(0, 2), 16) & 1) === 1)
    call.invalid(`Failed to modify device 'Synthetic Ethernet Port'. '${written}' is a multicast address.`);
  return address;
}
