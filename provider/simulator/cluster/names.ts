import { sameName } from "../engine/names";

/** Whether something of this kind has the name, in any case of letters. */
export function nameIsTaken(all: readonly { name: string }[], name: string): boolean {
  return all.some((one) => sameName(one.name, name));
}
