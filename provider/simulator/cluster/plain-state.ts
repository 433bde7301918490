import type { PlainGroup, PlainResource } from "../world/world";

/** What all resources are, or PartialOnline; a group without any is Offline. */
export function plainState({ resources }: PlainGroup): "Online" | "Failed" | "PartialOnline" | "Offline" {
  if (resources.some(({ failed }) => failed)) return "Failed";
  const online = resources.filter((resource) => resource.online).length;
  if (online === 0) return "Offline";
  return online === resources.length ? "Online" : "PartialOnline";
}

export function plainResourceState({ online, failed }: PlainResource): "Online" | "Failed" | "Offline" {
  return failed ? "Failed" : online ? "Online" : "Offline";
}
