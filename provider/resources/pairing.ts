/** One that a program wants, and the one that is there for it: none where it is still to come. */
export interface Pair<Wanted, There> {
  wanted: Wanted;
  now: There | undefined;
}

export interface Pairing<Wanted, There> {
  /** In the order in which they are wanted. */
  pairs: readonly Pair<Wanted, There>[];
  /** What is there, and nobody wants. */
  extra: readonly There[];
}

/** Whether what is there is the one that is wanted, or may become it. */
export type Likeness<Wanted, There> = (now: There, wanted: Wanted) => boolean;

/**
 * Who is who in a list that one thing owns: what comes, what changes and what goes. Each is paired once, by the first likeness
 * under which one is left for it: where the strict one comes before the loose, nobody takes what is another's.
 */
export function paired<Wanted, There>(
  wanted: readonly Wanted[],
  there: readonly There[],
  ...likenesses: readonly Likeness<Wanted, There>[]
): Pairing<Wanted, There> {
  const extra = [...there];
  const pairs = wanted.map((one): Pair<Wanted, There> => ({ wanted: one, now: undefined }));
  for (const isAlike of likenesses)
    for (const pair of pairs) {
      if (pair.now !== undefined) continue;
      const at = extra.findIndex((now) => isAlike(now, pair.wanted));
      if (at >= 0) [pair.now] = extra.splice(at, 1);
    }
  return { pairs, extra };
}
