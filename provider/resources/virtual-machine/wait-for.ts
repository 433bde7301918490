import { BlockList, isIPv4 } from "node:net";
import { z } from "zod";
import type { CallResult } from "../../calls";
import { policy } from "../../schema";
import { type Step, same, valuesOf } from "../definition";
import { machineCall } from "./machine-call";

const ipAddress = z.strictObject({
  /** `IPv4` or `IPv6`; either if not given. Link-local addresses do not count. */
  family: policy(z.enum(["IPv4", "IPv6"]).optional()),
  /** Subnet that the address must be in, such as `10.0.0.0/16`. */
  subnet: policy(z.union([z.cidrv4(), z.cidrv6()], "must be a subnet such as 10.0.0.0/16").optional()),
  /** Name of the adapter that must have it; any if not given. */
  networkAdapter: policy(z.string().min(1).optional()),
});

export const waitFor = z.strictObject({
  /** That the guest's integration services answer. @default false */
  heartbeat: policy(z.boolean().default(false)),
  /** That the guest reports an IP address; `{}` for any. */
  ipAddress: policy(ipAddress.optional()),
  /** That a TCP connection to this port of such an address succeeds, from where Pulumi runs; 1 to 65535. */
  tcpPort: policy(z.int().min(1).max(65535).optional()),
  /** Seconds for all of it, from 1 to a day. @default 600 */
  timeoutSeconds: policy(z.int().min(1).max(86400).default(600)),
});

type Wanted = z.input<typeof waitFor>;

const shownGuest = z.object({
  State: z.string(),
  Heartbeat: z.string().nullish(),
  NetworkAdapters: z.array(
    z.object({
      Name: z.string(),
      SwitchName: z.string().nullish(),
      Connected: z.boolean(),
      IPAddresses: z.array(z.string()).nullish(),
      VlanSetting: z.object({ OperationMode: z.string(), AccessVlanId: z.number().nullish() }).nullish(),
    }),
  ),
});
type Guest = z.output<typeof shownGuest>;

/** Waits for the guest, in create and update only: a reading never does. */
export function ready({ id }: { id: string }, { waitFor: wanted }: { waitFor?: Wanted | undefined }): Step | undefined {
  if (!wanted) return undefined;
  const { heartbeat, tcpPort, timeoutSeconds = 600 } = wanted;
  const needsAddress = wanted.ipAddress !== undefined || tcpPort !== undefined;
  const what = [
    ...(heartbeat ? ["a heartbeat"] : []),
    ...(needsAddress ? ["an IP address"] : []),
    ...(tcpPort === undefined ? [] : [`TCP port ${tcpPort}`]),
  ];
  if (what.length === 0) return undefined;
  return {
    does: `wait for ${what.join(", ")}`,
    calls: [],
    wait: {
      calls: [
        {
          ...machineCall(id),
          select: {
            State: null,
            Heartbeat: null,
            NetworkAdapters: {
              Name: null,
              SwitchName: null,
              Connected: null,
              IPAddresses: null,
              VlanSetting: { OperationMode: null, AccessVlanId: null },
            },
          },
        },
      ],
      until: (results) => {
        const guest = guestIn(results);
        return (!heartbeat || answers(guest)) && (!needsAddress || usable(guest, wanted).length > 0);
      },
      ...(tcpPort !== undefined && {
        reach: (results) => usable(guestIn(results), wanted).map((address) => ({ address, port: tcpPort })),
      }),
      deadlineSeconds: timeoutSeconds,
      everySeconds: 2,
      failure: (results) =>
        `${missing(guestIn(results), wanted)} after ${timeoutSeconds} seconds (waitFor.timeoutSeconds). ` +
        `The machine itself is as the program says; the next pulumi up waits again`,
    },
  };
}

function guestIn(results: readonly CallResult[]): Guest {
  return shownGuest.parse(valuesOf(results, 0)[0]);
}

function answers({ Heartbeat }: Guest): boolean {
  return Heartbeat?.startsWith("Ok") === true;
}

function usable(guest: Guest, { ipAddress: wanted }: Wanted): string[] {
  return reported(guest, wanted?.networkAdapter).filter((address) => !isLinkLocal(address) && suits(address, wanted));
}

function reported({ NetworkAdapters }: Guest, name: string | undefined): string[] {
  return NetworkAdapters.filter(({ Name }) => name === undefined || same(Name, name)).flatMap(
    ({ IPAddresses }) => IPAddresses ?? [],
  );
}

function suits(address: string, wanted: Wanted["ipAddress"]): boolean {
  const { family, subnet } = wanted ?? {};
  const own = isIPv4(address) ? "IPv4" : "IPv6";
  if (family !== undefined && family !== own) return false;
  if (subnet === undefined) return true;
  const [net = "", bits = ""] = subnet.split("/");
  const list = new BlockList();
  list.addSubnet(net, Number(bits), isIPv4(net) ? "ipv4" : "ipv6");
  return list.check(address, own === "IPv4" ? "ipv4" : "ipv6");
}

/** What a system gives itself where nobody answers: 169.254.0.0/16 and fe80::/10. */
function isLinkLocal(address: string): boolean {
  return /^169\.254\./.test(address) || /^fe[89ab]/i.test(address);
}

/** What is missing, and the nearest cause of it. */
function missing(guest: Guest, wanted: Wanted): string {
  if (guest.State !== "Running") return `the machine is ${guest.State} and not Running`;
  if (wanted.heartbeat && !answers(guest))
    return (
      `there is no heartbeat (${guest.Heartbeat ?? "none"}): the guest has not started, or its integration services ` +
      "are missing or turned off"
    );
  const found = usable(guest, wanted);
  if (found.length > 0)
    return (
      `nothing accepts connections on TCP port ${wanted.tcpPort} of ${found.join(", ")}: the service or the guest's ` +
      "firewall, or there is no route from where Pulumi runs"
    );
  return noAddress(guest, wanted);
}

function noAddress(guest: Guest, { ipAddress: wanted }: Wanted): string {
  const name = wanted?.networkAdapter;
  const adapters = guest.NetworkAdapters.filter(({ Name }) => name === undefined || same(Name, name));
  const which = name === undefined ? "" : ` on network adapter "${name}"`;
  if (adapters.length === 0) return `there is no network adapter${name === undefined ? "" : ` "${name}"`}`;
  if (!adapters.some(({ Connected, SwitchName }) => Connected && SwitchName))
    return `there is no IP address${which}: the adapter is connected to no switch`;
  const all = reported(guest, name);
  const vlans = adapters.flatMap(({ VlanSetting }) =>
    VlanSetting?.OperationMode === "Access" ? [`VLAN ${VlanSetting.AccessVlanId}`] : [],
  );
  const network = vlans.length > 0 ? `, or ${vlans.join(", ")} is the wrong one` : "";
  if (all.length === 0)
    return (
      `the guest reports no IP address${which}: it has not started, its integration services ` +
      `(keyValuePairExchange) do not answer${network}`
    );
  if (all.every(isLinkLocal))
    return `the guest has only link-local addresses${which} (${all.join(", ")}): no DHCP server answers on its switch${network}`;
  const asked = `${wanted?.family ?? "IP"} address${wanted?.subnet ? ` in ${wanted.subnet}` : ""}`;
  return `the guest has no ${asked}${which}, only ${all.join(", ")}`;
}
