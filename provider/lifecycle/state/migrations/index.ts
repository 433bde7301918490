import type { Bag } from "../../values";

/** Brings what was observed of a kind from one shape into the next. Kinds that it does not concern it gives back as they are. */
export type Migration = (kind: string, observed: Bag) => Bag;

/**
 * All there are, in order: the first leads from shape 1 to shape 2. A release that observes something in another form adds a file
 * here, named by the shape that it leads to, and a state of the release before to tests/states. One that only observes more needs
 * none: what a state lacks is asked of the host.
 */
export const migrations: readonly Migration[] = [];

/** The shape that this release writes, if it has these migrations. */
export const shapeOf = (all: readonly Migration[] = migrations): number => all.length + 1;

/** In the shape of this release. Undefined for a shape that this release does not know: then the host is asked. */
export function migrated(
  kind: string,
  observed: unknown,
  shape: number,
  all: readonly Migration[] = migrations,
): unknown {
  if (shape < 1 || shape > shapeOf(all)) return undefined;
  return all.slice(shape - 1).reduce((last, migration) => migration(kind, last), observed as Bag);
}
