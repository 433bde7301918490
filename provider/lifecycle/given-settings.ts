import type { Problem } from "../schema";
import { conflictsIn, type Settings, settingNames, settings } from "../settings";
import { isGiven } from "../settings/environment";
import { formProblems, secretsOf } from "./inputs/problems";
import { LifecycleError, sentence } from "./messages/messages";
import { type Bag, equal, isBag, type Path, pathText, unwrapSecrets } from "./values";

/**
 * Arguments from wherever they come: stack config gives text, a provider resource gives values whose secrets are wrapped. A message
 * calls each by what gave it.
 */
export function parseSettings(
  get: (name: string) => unknown,
  names: readonly string[] = [],
  giver: (name: string) => string = (name) => `hyperv:${name}`,
): Settings {
  const given = Object.fromEntries(
    [...new Set([...settingNames, ...names])].flatMap((name) => {
      const value = unwrapSecrets(get(name));
      return isGiven(value) ? [[name, fromText(name, value)]] : [];
    }),
  );
  const marked = secretsOf(settings);
  // any argument may be given as a secret
  const isSecret = (path: Path) => marked(path) || !equal(get(String(path[0])), unwrapSecrets(get(String(path[0]))));
  const problems = settingProblems(given, isSecret);
  if (problems.length === 0) return settings.parse(given);
  throw new LifecycleError(
    [
      "The provider's configuration is not valid:",
      ...problems.map(({ path: [name = "", ...rest], reason }) => {
        const within = pathText([name, ...rest]).slice(String(name).length);
        return `  - ${giver(String(name))}${within} ${sentence(reason)}`;
      }),
    ].join("\n"),
  );
}

function settingProblems(given: Bag, isSecret: (path: Path) => boolean): Problem[] {
  const malformed = formProblems(settings, given, "the provider", isSecret).map((problem) =>
    pathText(problem.path) === "nodes" ? { ...problem, reason: nodesReason } : problem,
  );
  const names = Array.isArray(given.nodes)
    ? given.nodes.map((node: unknown) => (isBag(node) ? node.name : node)).map((name) => String(name).toLowerCase())
    : [];
  const twice = names.flatMap((name, index) =>
    names.indexOf(name) < index
      ? [{ path: ["nodes", index], reason: `names ${name}, which nodes[${names.indexOf(name)}] names already` }]
      : [],
  );
  const spoilt = (name: string) =>
    name in settings.shape && !decisive.has(name) && malformed.some(({ path }) => path[0] === name);
  const { data } = settings.safeParse(Object.fromEntries(Object.entries(given).filter(([name]) => !spoilt(name))));
  return [
    ...malformed,
    ...(data ? conflictsIn(data) : []),
    ...twice.filter(({ path }) => !malformed.some((one) => pathText(one.path).startsWith(pathText(path)))),
  ];
}

/** Where one of these is malformed, what others lack beside it cannot be said. */
const decisive: ReadonlySet<string> = new Set(["transport", "address", "nodes", "simulator"]);

/** Without what was given: it may be the text of a list that is broken, with anything in it. */
const nodesReason =
  'must be a list of nodes, where it is text as JSON: ["HV01", "HV02"], or with an object where a node differs from the rest: ' +
  '[{ "name": "HV01", "address": "10.0.0.1" }, "HV02"]';

const inJson: ReadonlySet<string> = new Set(["nodes", "trace", "port", "timeoutSeconds", "maxSessions", "verify"]);

/** Stack config holds lists, objects, numbers and truth values as JSON text; the others are text in any case. */
function fromText(name: string, value: unknown): unknown {
  if (typeof value !== "string" || !inJson.has(name)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
