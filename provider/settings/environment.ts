import { distance } from "fastest-levenshtein";
import { type SettingNames, settingNames } from ".";

type Environment = Readonly<Record<string, string | undefined>>;

/** The variable of a setting: `privateKey` is `HYPERV_PRIVATE_KEY`. */
export function variableOf(setting: string): string {
  return `HYPERV_${setting.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
}

/** What the environment says of the settings that are not given, as text. An empty variable says nothing. */
export function settingsIn(environment: Environment, given: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    settingNames.flatMap((name) => {
      const text = environment[variableOf(name)];
      return text === undefined || text === "" || isGiven(given[name]) || givesWay(name, given) ? [] : [[name, text]];
    }),
  );
}

/** What messages call settings that came from the environment. */
export function namesOf(variables: Readonly<Record<string, string>>): SettingNames {
  return Object.fromEntries(Object.keys(variables).map((name) => [name, variableOf(name)]));
}

/** Whether a setting has a value: an empty text is none. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

/** Who says where to go or whom to trust says all of it: a variable must not turn it into another host. */
function givesWay(name: string, given: Readonly<Record<string, unknown>>): boolean {
  if (name === "hostKey") return isGiven(given.knownHosts);
  if (!["transport", "address", "nodes", "simulator"].includes(name)) return false;
  return given.transport === "local" || ["address", "nodes", "simulator"].some((other) => isGiven(given[other]));
}

/** A sentence for each variable that looks like a misspelt one of ours. */
export function misspeltIn(environment: Environment): string[] {
  const known = settingNames.map(variableOf);
  return Object.keys(environment)
    .filter((name) => /^HYPERV_/i.test(name) && !/^HYPERV_TEST_/.test(name) && !known.includes(name))
    .flatMap((name) => {
      const [nearest] = known
        .map((other) => ({ other, distance: distance(name.toUpperCase(), other) }))
        .filter(({ other, distance: is }) => is <= Math.max(1, Math.floor((other.length - "HYPERV_".length) / 3)))
        .sort((one, two) => one.distance - two.distance);
      // where names are the same in any case of letters it may be that one
      return nearest && environment[nearest.other] === undefined
        ? [`The environment variable ${name} sets nothing. Did you mean ${nearest.other}?`]
        : [];
    });
}
