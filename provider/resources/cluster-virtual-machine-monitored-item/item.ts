import { type Problem, problem } from "../../schema";
import { same } from "../definition";
import type { Desired } from "./schema";

/** What is watched, without the machine. */
export type Item = Pick<Desired, "service" | "eventLog" | "eventSource" | "eventId">;

/** As the cluster calls it: a slash in the name of a log becomes a plus (D, hyper-v-host.md 14). */
export function nameOf({ service, eventLog = "", eventSource, eventId }: Item): string {
  return service ?? [eventLog.replaceAll("/", "+"), eventSource, eventId].join(",");
}

export function itemNamed(name: string): Item {
  const [log = "", source, id] = name.split(",");
  if (id === undefined) return { service: name };
  return { eventLog: log.replaceAll("+", "/"), eventSource: source, eventId: Number(id) };
}

/** The parameters that tell it to a cmdlet. */
export function parametersOf({ service, eventLog, eventSource, eventId }: Item) {
  return service === undefined
    ? { EventLog: eventLog, EventSource: eventSource, EventId: eventId }
    : { Service: [service] };
}

/** Ids name the machine, and what is watched in it. */
export const idOf = (vmId: string, name: string): string => `${vmId.toLowerCase()}/${name}`;

export function partsOf(id: string): { vmId: string; name: string } {
  const at = id.indexOf("/");
  return { vmId: id.slice(0, at), name: id.slice(at + 1) };
}

export function isOneItem({ service, eventLog, eventSource, eventId }: Desired): Problem[] {
  const parts = { eventLog, eventSource, eventId };
  const given = Object.entries(parts).flatMap(([key, value]) => (value === undefined ? [] : [key]));
  if (service !== undefined)
    return given.map((key) =>
      problem(key, "is given beside service. Watch a service or an event: declare two resources"),
    );
  if (given.length === 0) return [problem("service", "is required, or else eventLog, eventSource and eventId")];
  return Object.keys(parts)
    .filter((key) => !given.includes(key))
    .map((key) => problem(key, `is required with ${given.join(" and ")}`));
}

/** The program's spelling of what is there. */
export function spelled(name: string, desired: Item): Item {
  const isMeant = desired.service !== undefined || desired.eventLog !== undefined;
  return isMeant && same(nameOf(desired), name) ? desired : itemNamed(name);
}
