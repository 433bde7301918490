import type { BootEntry, Machine } from "./world";

/** Devices come into the boot order of generation 2 as they are added, at its end (D, hyper-v.md 2.4). */
export function addBootEntry({ generation, firmware }: Machine, entry: BootEntry): void {
  if (generation === 2) firmware.bootOrder.push(entry);
}

export function removeBootEntry({ firmware }: Machine, entry: BootEntry): void {
  firmware.bootOrder = firmware.bootOrder.filter((candidate) => !sameEntry(candidate, entry));
}

export function sameEntry(one: BootEntry, other: BootEntry): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
