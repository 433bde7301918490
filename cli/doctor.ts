import { lookup } from "node:dns/promises";
import { connect as connectTo } from "node:net";
import { Command } from "commander";
import pc from "picocolors";
import type { Call } from "../provider/calls";
import { connect, realHost } from "../provider/connect";
import { ConnectError, type ConnectStep, errorOf, HostSetupError } from "../provider/host/errors";
import type { HostPool } from "../provider/host/pool/pool";
import type { Hello } from "../provider/host/session/frames";
import { type NodeSettings, nodesOf, type SettingNames, type Settings, transportOf } from "../provider/settings";
import { shown } from "../provider/text/shown";
import { type Connection, connectionFrom, connectionHelp, type Flags, withConnection } from "./connection-options";

/** What one step of the way to a host showed. */
export interface Finding {
  step: string;
  outcome: "ok" | "note" | "fails";
  says: string;
  /** What to do about it. */
  advice?: string;
}

export function doctorCommand(): Command {
  return withConnection(
    new Command("doctor").description(
      "connect as the provider would, and say step by step what works and what to do about what does not",
    ),
  )
    .addHelpText("after", `\n${connectionHelp} Ends with 1 if a step fails.`)
    .action(async (flags: Flags) => {
      const connection = await connectionFrom(flags);
      for (const finding of configurationFindings(connection)) console.log(lineOf(finding));
      const healthy = await examine(connection.settings, (line) => console.log(line), connection.names);
      if (!healthy) process.exitCode = 1;
    });
}

/** Where the settings come from, and what the environment may have been meant to say. */
export function configurationFindings({ givers, warnings }: Pick<Connection, "givers" | "warnings">): Finding[] {
  const step = "configuration";
  return [
    { step, outcome: "ok", says: givers.length > 0 ? givers.join(", ") : "nothing is set" },
    ...warnings.map((says): Finding => ({ step, outcome: "note", says })),
  ];
}

/** Examines every host that the settings name, and says what it finds. Whether nothing fails. */
export async function examine(settings: Settings, say: (line: string) => void, names?: SettingNames): Promise<boolean> {
  const nodes = nodesOf(settings);
  let healthy = true;
  for (const node of nodes.length > 0 ? nodes : [undefined]) {
    if (node) say(pc.bold(node.name));
    for await (const finding of diagnose(settings, node, names)) {
      healthy &&= finding.outcome !== "fails";
      say(lineOf(finding));
    }
  }
  say(healthy ? pc.green("Every check passed.") : pc.red("A check failed."));
  return healthy;
}

/** Goes the way to a host, up to the first step that fails. */
export async function* diagnose(
  settings: Settings,
  node?: NodeSettings,
  names: SettingNames = {},
): AsyncGenerator<Finding> {
  const transport = transportOf(settings);
  if (transport === "simulator") return yield* simulatorFindings(settings);
  let host: HostPool;
  try {
    host = realHost({ ...settings, maxSessions: 1 }, node, { names });
  } catch (error) {
    return yield fails("configuration", error);
  }
  try {
    if (transport === "ssh") {
      const reached = yield* networkFindings(
        node?.address ?? node?.name ?? settings.address ?? "",
        node?.port ?? settings.port ?? 22,
      );
      if (!reached) return;
    }
    yield* hostFindings(host, transport === "ssh", settings.clustered && nodesOf(settings).length > 0);
  } finally {
    await host.close();
  }
}

const look: Call = { cmdlet: "Get-VMHost", select: { Name: null } };

async function* simulatorFindings(settings: Settings): AsyncGenerator<Finding> {
  try {
    const hosts = connect(settings);
    const { results } = await hosts.run({ node: undefined }, [look]);
    await hosts.close();
    const error = results[0]?.error;
    if (error) yield fails("simulator", new Error(error.message), worldAdvice);
    else yield { step: "simulator", outcome: "ok", says: `the world in ${settings.simulator} answers` };
  } catch (error) {
    yield fails("simulator", error, worldAdvice);
  }
}

const worldAdvice =
  "npx pulumi-hyperv simulator show --file <file> shows the world's hosts, and which of them are up; simulator create makes a new one.";

/** The name and the port, looked at without SSH: so that each has a line of its own. */
async function* networkFindings(host: string, port: number): AsyncGenerator<Finding, boolean> {
  try {
    const { address } = await lookup(host);
    yield { step: "name", outcome: "ok", says: address === host ? host : `${host} is ${address}` };
  } catch (error) {
    yield fails("name", error, `Check the spelling of "${host}" and the network's name service, or give an address.`);
    return false;
  }
  const banner = await bannerOf(host, port);
  if (!("error" in banner)) {
    yield { step: "port", outcome: "ok", says: `${port} answers: ${banner.text}` };
    return true;
  }
  const advice =
    "Install and start OpenSSH Server on the host (Add-WindowsCapability -Online -Name OpenSSH.Server*; Start-Service sshd), and let this " +
    `machine through its firewall to port ${port}.`;
  yield fails("port", banner.error, advice);
  return false;
}

function bannerOf(host: string, port: number): Promise<{ text: string } | { error: Error }> {
  return new Promise((resolve) => {
    const socket = connectTo({ host, port, timeout: 10_000 });
    const end = (outcome: { text: string } | { error: Error }) => {
      socket.destroy();
      resolve(outcome);
    };
    // other lines may come before the version (RFC 4253, 4.2)
    let said = "";
    socket.on("data", (chunk: Buffer) => {
      said += chunk.toString("latin1");
      const [, text] = /^(SSH-.*?)\r?\n/m.exec(said) ?? [];
      if (text !== undefined) end({ text });
      else if (said.length > 8192) end({ error: new Error(stranger) });
    });
    const over = (otherwise: string) => end({ error: new Error(said === "" ? otherwise : stranger) });
    socket.on("timeout", () => over("no answer within 10 seconds"));
    socket.on("error", (error) => end({ error }));
    socket.on("close", () => over("the connection was closed before the server said anything"));
  });
}

const stranger = "the server that answers there is not an SSH server";

/** What must have worked before a step of connecting is reached. */
const onTheWay: readonly ConnectStep[] = ["host key", "sign-in", "session", "PowerShell"];

/** Where the message itself does not say what to do. */
const adviceAt: Readonly<Partial<Record<ConnectStep | "call", string>>> = {
  PowerShell:
    "Name the one to start with the provider argument powershell (hyperv:powershell). If it is the right one, a policy (AppLocker, App " +
    "Control) may keep the user from running it, or give it constrained language only, which is not enough.",
  call: "Check that the service vmms runs (Get-Service vmms) and that the host is not overloaded.",
};

async function* hostFindings(host: HostPool, overSsh: boolean, isClustered: boolean): AsyncGenerator<Finding> {
  const steps = overSsh ? onTheWay.slice(0, 2) : [];
  let first: Awaited<ReturnType<HostPool["run"]>>;
  try {
    first = await host.run([look], { timeoutSeconds: 120 });
  } catch (error) {
    const at = error instanceof ConnectError ? error.step : "call";
    for (const step of steps.slice(0, at === "call" ? steps.length : Math.max(onTheWay.indexOf(at), 0)))
      yield { step, outcome: "ok", says: "accepted" };
    yield fails(at, error, adviceAt[at]);
    return;
  }
  for (const step of steps) yield { step, outcome: "ok", says: "accepted" };
  const { hello } = host;
  if (hello) yield* greetingFindings(hello, isClustered);
  const error = first[0]?.error;
  if (error) {
    const kind = errorOf(error, { address: host.address, cmdlet: "Get-VMHost" });
    yield {
      step: "services",
      outcome: "fails",
      says: `Get-VMHost: ${error.message.trim()} (${error.id})`,
      advice:
        kind instanceof HostSetupError
          ? "Install the role with its module: Install-WindowsFeature Hyper-V -IncludeManagementTools."
          : "Check that the service vmms runs (Get-Service vmms) and that the user may manage Hyper-V.",
    };
    return;
  }
  yield { step: "services", outcome: "ok", says: "Hyper-V answers" };
  yield { step: "time", outcome: "ok", says: `${await timePerCall(host)} ms per call` };
}

function* greetingFindings(hello: Hello, isClustered: boolean): Generator<Finding> {
  const { version, edition, computer, culture, user, rights, modules, cluster } = hello;
  yield {
    step: "PowerShell",
    outcome: "ok",
    says: `${version} ${edition ?? ""} on ${computer} as ${user}${culture && `, ${culture}`}`,
  };
  for (const [name, required] of [
    ["Hyper-V", true],
    ["FailoverClusters", isClustered],
  ] as const) {
    const module = modules[name];
    if (module && "version" in module) yield { step: "module", outcome: "ok", says: `${name} ${module.version}` };
    else if (required)
      yield {
        step: "module",
        outcome: "fails",
        says: `${name} is not there${module ? ` (${module.error.id})` : ""}`,
        advice:
          name === "Hyper-V"
            ? "Install-WindowsFeature Hyper-V-PowerShell on a server; on a client the feature Microsoft-Hyper-V-Management-PowerShell."
            : "Install-WindowsFeature RSAT-Clustering-PowerShell on each node.",
      };
  }
  yield rightsFinding(rights, isClustered);
  if (isClustered) yield clusterFinding(cluster);
  else if (cluster && "name" in cluster)
    yield {
      step: "cluster",
      outcome: "note",
      says: `the host is a node of ${cluster.name}`,
      advice:
        "With the provider argument nodes (hyperv:nodes) machines are found on every node, and roles can be managed.",
    };
}

function rightsFinding(rights: Hello["rights"], clustered: boolean): Finding {
  const step = "rights";
  if (!rights) return { step, outcome: "note", says: "cannot be told: this is not Windows" };
  if (rights.administrator) return { step, outcome: "ok", says: "Administrators" };
  const advice =
    "Add the user to Administrators for external switches, files elsewhere and clusters: Add-LocalGroupMember Administrators; over the " +
    "network, its token must not be filtered.";
  if (clustered)
    return { step, outcome: "fails", says: "the user is not an administrator, and a cluster requires one", advice };
  if (rights.hyperVAdministrator)
    return {
      step,
      outcome: "note",
      says: "Hyper-V Administrators: enough for machines, disks and internal switches",
      advice,
    };
  return {
    step,
    outcome: "fails",
    says: "the user is neither in Administrators nor in Hyper-V Administrators",
    advice:
      "Add-LocalGroupMember -Group 'Hyper-V Administrators' (the group S-1-5-32-578, where its name is another), then sign in again.",
  };
}

function clusterFinding(cluster: Hello["cluster"]): Finding {
  if (cluster && "name" in cluster)
    return { step: "cluster", outcome: "ok", says: `${cluster.node} is a node of ${cluster.name}` };
  return {
    step: "cluster",
    outcome: "fails",
    says: cluster ? `${cluster.error.message.trim()} (${cluster.error.id})` : "the host belongs to no cluster",
    advice: "Check that the service ClusSvc runs on the node, or leave out nodes for a standalone host.",
  };
}

async function timePerCall(host: HostPool): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const begun = performance.now();
    await host.run([look], { timeoutSeconds: 120 });
    times.push(performance.now() - begun);
  }
  return Math.round(times.sort((one, other) => one - other)[2] ?? 0);
}

function fails(step: string, error: unknown, advice?: string): Finding {
  return { step, outcome: "fails", says: error instanceof Error ? error.message : String(error), advice };
}

/** What a host says of itself, and its server's greeting, are among it. */
export function lineOf({ step, outcome, says, advice }: Finding): string {
  const mark = { ok: pc.green("ok   "), note: pc.yellow("note "), fails: pc.red("FAILS") }[outcome];
  return `${mark} ${step.padEnd(13)} ${shown(says)}${advice ? `\n${" ".repeat(20)}${advice}` : ""}`;
}
