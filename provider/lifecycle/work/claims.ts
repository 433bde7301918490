/** Which resource of this run has which thing: learnt as the engine asks for their differences, and as they are made. */
export class Claims {
  private readonly owners = new Map<string, Set<string>[]>();
  /** What is told only if somebody asks: to say where a thing is takes longer than to see that nothing has changed. */
  private readonly later: (() => void)[] = [];

  /** `urns` are all of one resource: the one that its state holds, and the one that the program gives it now. */
  see(thing: string, urns: readonly unknown[]): void {
    const own = new Set(urns.filter((urn): urn is string => typeof urn === "string" && urn !== ""));
    if (own.size === 0) return;
    const others = (this.owners.get(thing) ?? []).filter((owner) => ![...own].some((urn) => owner.has(urn)));
    this.owners.set(thing, [...others, own]);
  }

  /** A resource has a thing no longer. */
  leave(thing: string, urns: readonly unknown[]): void {
    const others = (this.owners.get(thing) ?? []).filter((owner) => !urns.some((urn) => owner.has(String(urn))));
    this.owners.set(thing, others);
  }

  /** The same of a place, which is looked up when somebody asks. */
  seeLater(place: () => string | undefined, urns: readonly unknown[]): void {
    this.later.push(() => {
      const thing = place();
      if (thing !== undefined) this.see(thing, urns);
    });
  }

  /** Whether a resource has the thing. */
  has(thing: string, urn: unknown): boolean {
    return typeof urn === "string" && this.owners.get(thing)?.some((owner) => owner.has(urn)) === true;
  }

  /** The resource that has the thing, if it is not the one that asks. */
  otherThan(thing: string, urn: unknown): string | undefined {
    for (const told of this.later.splice(0)) told();
    return this.toldOther(thing, [urn]);
  }

  /** The same of what was told outright. */
  toldOther(thing: string, urns: readonly unknown[]): string | undefined {
    const other = (this.owners.get(thing) ?? []).find((owner) => !urns.some((urn) => owner.has(String(urn))));
    return other && [...other].at(-1);
  }
}

/** The name that the program gives a resource. */
export function nameInUrn(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}
