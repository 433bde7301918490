import { isDeepStrictEqual } from "node:util";
import { type Settings, settings } from "../provider/settings";

/** Of settings what is not as it is where nobody says anything. */
export function withoutDefaults(given: Settings): Record<string, unknown> {
  const usual: Record<string, unknown> = settings.parse({});
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => !isDeepStrictEqual(value, usual[name])));
}
