import type { Cmdlets, Running } from "../engine/cmdlet";
import { sameName } from "../engine/names";
import { nameMatches } from "../engine/selection";
import { given } from "../engine/settings";
import { Thing } from "../engine/thing";
import type { AuthorizationEntry, Node, ReplicaServer } from "../world/world";
import { keeperOf, requireServer, settingsOf } from "./replication-keeper";
import { requireStorage } from "./replication-place";

/** Who may send, while not anyone may; the sender's name is an entry's identity (D, hyper-v-host.md 5). */
export const replicationEntryCmdlets: Cmdlets = {
  "Get-VMReplicationAuthorizationEntry": (call) => found(call).map((entry) => entryThing(call.node, entry)),
  "New-VMReplicationAuthorizationEntry": newEntry,
  "Set-VMReplicationAuthorizationEntry": setEntries,
  "Remove-VMReplicationAuthorizationEntry": removeEntries,
};

function found(call: Running): AuthorizationEntry[] {
  const server = given<string>(call, "AllowedPrimaryServer");
  const location = given<string>(call, "ReplicaStorageLocation");
  const group = given<string>(call, "TrustGroup");
  return settingsOf(requireServer(call)).entries.filter(
    (entry) =>
      (server === undefined || nameMatches(entry.allowedPrimaryServer, server)) &&
      (location === undefined || nameMatches(entry.replicaStorageLocation, location)) &&
      (group === undefined || nameMatches(entry.trustGroup, group)),
  );
}

function newEntry(call: Running): Thing[] {
  const keeper = requireServer(call);
  const server = settingsOf(keeper);
  if (server.replicationAllowedFromAnyServer)
    call.invalidState("Replication is accepted from any server: there are no authorization entries.");
  const entry = {
    allowedPrimaryServer: call.text("AllowedPrimaryServer") ?? "",
    replicaStorageLocation: call.text("ReplicaStorageLocation") ?? "",
    trustGroup: call.text("TrustGroup") ?? "",
  };
  // in full, or an asterisk in place of the first label
  if (!/^(\*|[^.*\s]+)(\.[^.*\s]+)+$/.test(entry.allowedPrimaryServer))
    call.invalid(`'${entry.allowedPrimaryServer}' is not a fully qualified name of a server, nor one with a wildcard.`);
  if (server.entries.some(isOf(entry.allowedPrimaryServer)))
    call.invalid(`There is an authorization entry for '${entry.allowedPrimaryServer}' already.`);
  requireStorage(call, entry.replicaStorageLocation);
  save(keeper, [...server.entries, entry]);
  return [entryThing(call.node, entry)];
}

function isOf(server: string): (entry: AuthorizationEntry) => boolean {
  return ({ allowedPrimaryServer }) => sameName(allowedPrimaryServer, server);
}

function save(keeper: { replicaServer?: ReplicaServer }, entries: AuthorizationEntry[]): void {
  keeper.replicaServer = { ...settingsOf(keeper), entries };
}

function setEntries(call: Running): Thing[] {
  const meant = entriesMeant(call);
  const location = given<string>(call, "ReplicaStorageLocation");
  const group = given<string>(call, "TrustGroup");
  if (location !== undefined) requireStorage(call, location);
  for (const entry of meant)
    Object.assign(
      entry,
      location !== undefined && { replicaStorageLocation: location },
      group !== undefined && { trustGroup: group },
    );
  return passed(call, meant);
}

function removeEntries(call: Running): Thing[] {
  const keeper = requireServer(call);
  const gone = entriesMeant(call);
  const things = passed(call, gone);
  save(
    keeper,
    settingsOf(keeper).entries.filter((entry) => !gone.includes(entry)),
  );
  return things;
}

/** Objects, or what has the name or the trust group; nothing of that kind is not found (K). */
function entriesMeant(call: Running): AuthorizationEntry[] {
  const { entries } = settingsOf(requireServer(call));
  const objects = call.things("VMReplicationAuthorizationEntry")?.map(({ identity }) => identity.AllowedPrimaryServer);
  const server = given<string>(call, "AllowedPrimaryServer");
  // for Set the trust group is a new one, and the entries are named
  const group = objects || server !== undefined ? undefined : given<string>(call, "TrustGroup");
  const meant = entries.filter(
    (entry) =>
      (objects?.includes(entry.allowedPrimaryServer) ?? true) &&
      (server === undefined || isOf(server)(entry)) &&
      (group === undefined || sameName(entry.trustGroup, group)),
  );
  if (meant.length === 0) call.notFound("There is no authorization entry of this kind.");
  return meant;
}

function passed(call: Running, entries: readonly AuthorizationEntry[]): Thing[] {
  return call.flag("Passthru") ? entries.map((entry) => entryThing(call.node, entry)) : [];
}

export function entryThing({ name }: Node, { allowedPrimaryServer }: AuthorizationEntry): Thing {
  const identity = { AllowedPrimaryServer: allowedPrimaryServer };
  const key = `VMReplicationAuthorizationEntry:${name}/${allowedPrimaryServer}`;
  return new Thing("VMReplicationAuthorizationEntry", key, identity, (world) => {
    const node = world.nodes.find((candidate) => candidate.name === name);
    const keeper = node && keeperOf(world, node);
    const entry = keeper && settingsOf(keeper).entries.find(isOf(allowedPrimaryServer));
    return (
      entry && {
        ...identity,
        ReplicaStorageLocation: entry.replicaStorageLocation,
        TrustGroup: entry.trustGroup,
        ComputerName: name,
        IsDeleted: false,
      }
    );
  });
}
