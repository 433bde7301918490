import type { Cmdlets, Running } from "../engine/cmdlet";
import { given } from "../engine/settings";
import { Thing } from "../engine/thing";
import { secondsOf } from "../engine/times";
import type { Node, ReplicaServer } from "../world/world";
import { entryThing } from "./replication-entry";
import { keeperOf, requireServer, settingsOf } from "./replication-keeper";
import { requireStorage } from "./replication-place";

export const replicationServerCmdlets: Cmdlets = {
  "Get-VMReplicationServer"(call) {
    requireServer(call);
    return [serverThing(call.node)];
  },
  "Set-VMReplicationServer": setServer,
};

const settings = {
  ReplicationEnabled: "replicationEnabled",
  AllowedAuthenticationType: "allowedAuthenticationType",
  ReplicationAllowedFromAnyServer: "replicationAllowedFromAnyServer",
  DefaultStorageLocation: "defaultStorageLocation",
  KerberosAuthenticationPort: "kerberosAuthenticationPort",
  CertificateAuthenticationPort: "certificateAuthenticationPort",
  KerberosAuthenticationPortMapping: "kerberosAuthenticationPortMapping",
  CertificateAuthenticationPortMapping: "certificateAuthenticationPortMapping",
  MonitoringInterval: "monitoringInterval",
  MonitoringStartTime: "monitoringStartTime",
} as const satisfies Record<string, keyof ReplicaServer>;

function setServer(call: Running): Thing[] {
  const keeper = requireServer(call);
  const told = Object.entries(settings).flatMap(([parameter, key]) => {
    const value = given<unknown>(call, parameter);
    return value === undefined ? [] : [[key, value]];
  });
  const now: ReplicaServer = { ...settingsOf(keeper), ...(Object.fromEntries(told) as Partial<ReplicaServer>) };
  refuseServer(call, now);
  keeper.replicaServer = now;
  return call.flag("Passthru") ? [serverThing(call.node)] : [];
}

function refuseServer(call: Running, now: ReplicaServer): void {
  const location = given<string>(call, "DefaultStorageLocation");
  if (location !== undefined) requireStorage(call, location);
  if (now.replicationAllowedFromAnyServer && now.defaultStorageLocation === null)
    call.invalid("A default storage location is needed to accept replication from any server.");
  const wantsCertificate = /Certificate/.test(given<string>(call, "AllowedAuthenticationType") ?? "");
  // there are no certificates in the simulator's world
  if (wantsCertificate || call.has("CertificateThumbprint"))
    call.invalid("A valid certificate is needed for certificate-based authentication, and none was found.");
  if (!isInterval(secondsOf(now.monitoringInterval)))
    call.invalid(`'${now.monitoringInterval}' is not an interval for monitoring.`);
  const start = secondsOf(now.monitoringStartTime);
  if (start < 0 || start >= 86_400) call.invalid(`'${now.monitoringStartTime}' is not a time of day.`);
}

/** 1, 2, 3, 4, 6, 8, 12 or 24 hours, or 2 to 7 days (D, hyper-v-host.md 5). */
function isInterval(seconds: number): boolean {
  const days = seconds / 86_400;
  return [1, 2, 3, 4, 6, 8, 12, 24].includes(seconds / 3600) || (Number.isInteger(days) && days >= 2 && days <= 7);
}

function serverThing({ name }: Node): Thing {
  return new Thing("VMReplicationServer", `VMReplicationServer:${name}`, { ComputerName: name }, (world) => {
    const node = world.nodes.find((candidate) => candidate.name === name);
    const keeper = node && keeperOf(world, node);
    if (!keeper) return undefined;
    const now = settingsOf(keeper);
    return {
      ReplicationEnabled: now.replicationEnabled,
      AllowedAuthenticationType: now.allowedAuthenticationType,
      ReplicationAllowedFromAnyServer: now.replicationAllowedFromAnyServer,
      DefaultStorageLocation: now.defaultStorageLocation,
      KerberosAuthenticationPort: now.kerberosAuthenticationPort,
      CertificateAuthenticationPort: now.certificateAuthenticationPort,
      KerberosAuthenticationPortMapping: now.kerberosAuthenticationPortMapping,
      CertificateAuthenticationPortMapping: now.certificateAuthenticationPortMapping,
      CertificateThumbprint: "",
      MonitoringInterval: now.monitoringInterval,
      MonitoringStartTime: now.monitoringStartTime,
      AuthorizationEntries: () => now.entries.map((entry) => entryThing(node, entry)),
      OperationalStatus: ["Ok"],
      StatusDescriptions: ["Operating normally"],
      IsDeleted: false,
    };
  });
}
