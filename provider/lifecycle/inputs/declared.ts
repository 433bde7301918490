import { asBag, type Bag, equal, hasUnknown, isBag, unknown } from "../values";

/** What the host shows, in the program's own words where it is what they mean. */
export function asDeclared(shown: unknown, meant: unknown, declared: unknown): unknown {
  if (equal(shown, meant)) return declared;
  if (Array.isArray(shown) && Array.isArray(meant) && Array.isArray(declared))
    return shown.length === meant.length && meant.length === declared.length
      ? shown.map((item, index) => asDeclared(item, meant[index], declared[index]))
      : shown;
  if (!isBag(shown) || !isBag(meant)) return shown;
  const said = asBag(declared);
  return Object.fromEntries(
    Object.keys(shown).flatMap((key) => {
      const item = asDeclared(shown[key], meant[key], said[key]);
      return item === undefined ? [] : [[key, item] as const];
    }),
  );
}

/** The value with, in place of what it has there, what is not known in `open`. */
export function withUnknown(value: unknown, open: unknown): unknown {
  if (open === unknown) return unknown;
  if (!hasUnknown(open)) return value;
  // an element that is not known is not among the others of the list
  if (Array.isArray(open)) return open;
  const inner = asBag(open);
  return {
    ...asBag(value),
    ...Object.fromEntries(Object.keys(inner).map((key) => [key, withUnknown(asBag(value)[key], inner[key])])),
  };
}

/** Leaves out every property without which the whole still is what it should be. */
export function pruned(value: unknown, holds: (whole: unknown) => boolean): unknown {
  if (Array.isArray(value)) {
    const items = [...value];
    for (const index of items.keys())
      items[index] = pruned(items[index], (item) => holds(items.map((old, at) => (at === index ? item : old))));
    return items;
  }
  if (!isBag(value)) return value;
  let rest: Bag = value;
  for (const key of Object.keys(value)) {
    const { [key]: own, ...others } = rest;
    if (holds(others)) rest = others;
    else rest = { ...rest, [key]: pruned(own, (item) => holds({ ...rest, [key]: item })) };
  }
  return rest;
}
