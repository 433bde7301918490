import { z } from "zod";
import { type Call, result } from "../../calls";
import { hot } from "../../schema";
import type { Block, Change } from "./change";

const service = (on: boolean) => hot(z.boolean().default(on), "Enable-VMIntegrationService");

export const integrationServices = z.strictObject({
  /** Whether the guest's sign of life reaches the host; `waitFor.heartbeat` needs it. @default true */
  heartbeat: service(true),
  /** Whether the host can ask the guest to shut down; without it every restart turns the machine off, or fails. @default true */
  shutdown: service(true),
  /** Whether the guest takes the time from the host. @default true */
  timeSynchronization: service(true),
  /** Whether the guest tells its name, system and addresses; `waitFor.ipAddress` needs it. @default true */
  keyValuePairExchange: service(true),
  /** Whether the guest quiets its disks for production checkpoints and backups. @default true */
  vss: service(true),
  /** Whether files can be copied into the guest with `Copy-VMFile`. @default false */
  guestServiceInterface: service(false),
});

type Service = keyof typeof integrationServices.shape;

/** By id: the names are the host's language (recorded on a Japanese host, hyper-v.md 2.6). */
const ids: Readonly<Record<Service, string>> = {
  heartbeat: "84eaae65-2f2e-45f5-9bb5-0e857dc8eb47",
  shutdown: "9f8233ac-be49-4c79-8ee3-e7e1985b2077",
  timeSynchronization: "2497f4de-e9fa-4204-80e4-4b75c46419c0",
  keyValuePairExchange: "2a34b1c2-fd73-4043-8a5b-dd2159bc743f",
  vss: "5ced1297-4598-4915-a5fc-ad21bb4d02a4",
  guestServiceInterface: "6c09bb55-d683-4da0-8931-c9bf705f6480",
};
const services = Object.entries(ids) as [Service, string][];

const recordedService = z.object({ id: z.string(), enabled: z.boolean() }).optional();
export const recordedServices = z.object({
  heartbeat: recordedService,
  shutdown: recordedService,
  timeSynchronization: recordedService,
  keyValuePairExchange: recordedService,
  vss: recordedService,
  guestServiceInterface: recordedService,
} satisfies Record<Service, unknown>);
export type ObservedServices = z.output<typeof recordedServices>;

export const serviceSelect = { Id: null, Enabled: null };
export const shownService = z.object({ Id: z.string(), Enabled: z.boolean() });

export function readServices(said: readonly z.output<typeof shownService>[]): ObservedServices {
  return Object.fromEntries(
    services.flatMap(([name, id]) => {
      const found = said.find(({ Id }) => Id.toLowerCase().endsWith(id));
      return found ? [[name, { id: found.Id, enabled: found.Enabled }]] : [];
    }),
  );
}

interface Observed {
  integrationServices: ObservedServices;
}

interface Desired {
  integrationServices?: z.input<typeof integrationServices> | undefined;
}

export const changeIntegrationServices: Block<Observed, Desired> = (observed, { integrationServices: desired }) =>
  services.flatMap(([name]): Change[] => {
    const wanted = desired?.[name];
    const is = observed.integrationServices[name];
    if (wanted === undefined || wanted === is?.enabled) return [];
    const property = `integrationServices.${name}`;
    if (!is)
      return wanted
        ? [
            {
              does: `turn on ${property}`,
              properties: [property],
              when: "hot",
              calls: [],
              refusal: "is not on this host",
            },
          ]
        : [];
    const parameters = { VMIntegrationService: result("vm", "VMIntegrationService", { Id: is.id }) };
    const call: Call = wanted
      ? { cmdlet: "Enable-VMIntegrationService", parameters }
      : { cmdlet: "Disable-VMIntegrationService", parameters };
    return [{ does: `turn ${property} ${wanted ? "on" : "off"}`, properties: [property], when: "hot", calls: [call] }];
  });

/** The services as the program would write them. */
export function reflectServices({ integrationServices: is }: Observed): {
  [name in Service]?: boolean;
} {
  return Object.fromEntries(services.flatMap(([name]) => (is[name] ? [[name, is[name].enabled]] : [])));
}
