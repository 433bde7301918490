import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Command, Option } from "commander";
import { parseSettings } from "../provider/lifecycle/given-settings";
import { type SettingNames, type Settings, settingNames } from "../provider/settings";
import { isGiven, misspeltIn, namesOf, settingsIn, variableOf } from "../provider/settings/environment";
import { programFolder, seenFrom } from "./program-folder";

export type Flags = Record<string, string | boolean | undefined>;

export const connectionHelp =
  "What no option gives comes from the stack's configuration (pulumi config), and then from the environment, where each setting has a " +
  "variable:\nHYPERV_ADDRESS, HYPERV_PRIVATE_KEY. A password and a passphrase have no option: a command line is no place for them.";

/** The options that say which hosts are meant, and how they are reached. */
export function withConnection(command: Command): Command {
  return command
    .addOption(new Option("--transport <transport>", "how the host is reached").choices(["local", "ssh", "simulator"]))
    .option("--address <name>", "name or address of the host")
    .option("--port <port>", "port of its SSH server")
    .option("--user <user>", "user to sign in as")
    .option("--private-key <file>", "file of the user's private key")
    .option("--host-key <key>", "fingerprint or public key that the SSH server must show")
    .option("--known-hosts <file>", "file of known hosts")
    .option("--powershell <path>", "PowerShell to start on the host")
    .option("--nodes <names>", "nodes of the cluster, with commas between them")
    .option("--simulator <file>", "state file of the simulator")
    .option("--stack <stack>", "stack whose configuration to read; the selected one if not given")
    .option("--no-config", "read no stack's configuration");
}

export interface Connection {
  settings: Settings;
  /** What gave each setting that is given: `--address`, `hyperv:user`, `HYPERV_PASSWORD`. */
  givers: string[];
  /** What messages call settings of the environment. */
  names: SettingNames;
  /** What somebody may have meant to set. */
  warnings: string[];
}

/** What the options give, what they leave open the stack's configuration, and what that leaves open the environment. */
export async function connectionFrom(flags: Flags): Promise<Connection> {
  return connectionOf(flags, flags.config === false ? {} : await stackConfig(flags.stack as string | undefined));
}

export function connectionOf(
  flags: Flags,
  configured: Record<string, unknown>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Connection {
  const options: Record<string, unknown> = {
    ...Object.fromEntries(settingNames.map((name) => [name, flags[name]])),
    ...(typeof flags.nodes === "string" && { nodes: flags.nodes.split(",").map((name) => name.trim()) }),
  };
  const left = Object.fromEntries(
    Object.entries(configured).filter(([name]) => !isGiven(options[name]) && !givesWayTo(flags, name)),
  );
  const variables = settingsIn(environment, { ...options, ...left });
  const folder = programFolder();
  const transport = options.transport ?? left.transport ?? variables.transport;
  const sources = [
    { values: options, giver: (name: string) => `--${name.replace(/[A-Z]/g, "-$&").toLowerCase()}` },
    { values: seenFrom(folder, left, transport), giver: (name: string) => `hyperv:${name}` },
    { values: seenFrom(folder, variables, transport), giver: variableOf },
  ];
  const sourceOf = (name: string) => sources.find(({ values }) => isGiven(values[name]));
  return {
    settings: parseSettings(
      (name) => sourceOf(name)?.values[name],
      Object.keys(left),
      (name) => sourceOf(name)?.giver(name) ?? `hyperv:${name}`,
    ),
    givers: settingNames.flatMap((name) => sourceOf(name)?.giver(name) ?? []),
    names: namesOf(variables),
    warnings: misspeltIn(environment),
  };
}

/** Whether an option says where to go, or whom to trust, so that this part of the configuration, which says otherwise, no longer counts. */
function givesWayTo({ transport, address, simulator, knownHosts }: Flags, name: string): boolean {
  if (name === "hostKey") return knownHosts !== undefined;
  if (transport === "local" || address !== undefined) return elsewhere.has(name);
  return name === "transport" && simulator !== undefined;
}

const elsewhere: ReadonlySet<string> = new Set(["transport", "address", "nodes", "simulator"]);

/** The `hyperv:` part of a stack's configuration; nothing where there is no stack, or no Pulumi. */
async function stackConfig(stack: string | undefined): Promise<Record<string, unknown>> {
  const selected = stack === undefined ? [] : ["--stack", stack];
  try {
    return configOf(await pulumi("config", "--json", "--show-secrets", ...selected));
  } catch (error) {
    if (stack === undefined && !(await isSelected())) return {};
    const { stderr = "" } = error as { stderr?: string };
    const name = stack === undefined ? "" : ` "${stack}"`;
    throw new Error(
      `The configuration of the stack${name} cannot be read: ${stderr.trim() || "pulumi did not answer"}\nWith --no-config it is left out.`,
      { cause: error },
    );
  }
}

function isSelected(): Promise<boolean> {
  return pulumi("stack", "--show-name").then(
    () => true,
    () => false,
  );
}

async function pulumi(...words: string[]): Promise<string> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return (await promisify(execFile)("pulumi", words, { env })).stdout;
}

/** What `pulumi config --json` prints, as provider arguments. */
export function configOf(json: string): Record<string, unknown> {
  const entries = Object.entries(JSON.parse(json) as Record<string, { value?: unknown; objectValue?: unknown }>);
  return Object.fromEntries(
    entries.flatMap(([key, { value, objectValue }]) =>
      key.startsWith("hyperv:") ? [[key.slice(7), objectValue ?? value]] : [],
    ),
  );
}
