import type { Problem } from "../../schema";
import { type Attempt, refusal } from "../messages/messages";
import { type Bag, canonical } from "../values";
import { nameInUrn } from "../work/claims";
import type { Kind } from "./kind";

/** Which resource of the run has which thing of one kind. */
export class Owners {
  constructor(private readonly kind: Kind) {}

  /** Says that a resource has a thing, and what lies where it was seen last. */
  claim(id: string, bag: Bag, urns: readonly unknown[]): void {
    const { claims } = this.kind.run;
    claims.see(this.thing(id, bag), urns);
    claims.seeLater(() => {
      const known = this.kind.known(id, bag);
      return known === undefined ? undefined : this.placeOf(id, bag, known);
    }, urns);
  }

  /** Under which name a thing is claimed. */
  thing(id: string, bag: Bag): string {
    const { kind, moving, place } = this.kind.definition;
    // a node may be named in one program and not in another
    if (this.kind.isOnlySet) return `${kind} ${id}`.toLowerCase();
    const known = moving && this.kind.known(id, bag);
    const now = moving && known !== undefined ? moving.located(known) : id;
    return `${kind} ${canonical([place.now(id, this.kind.inputsIn(bag), known), now])}`.toLowerCase();
  }

  /** And what lies in its place, whichever thing that is. */
  placeOf(id: string, bag: Bag, known: unknown): string {
    const { definition } = this.kind;
    const desired = this.kind.inputsIn(bag);
    const place = [definition.place.now(id, desired, known), definition.read.observe(id, desired, known)];
    return `${definition.kind} at ${canonical(place)}`.toLowerCase();
  }

  /** The resource of this run that has one of these things. */
  ownerOf(ids: readonly string[], desired: Bag, { __urn: urn }: Bag): string | undefined {
    const owners = ids.flatMap((id) => this.kind.run.claims.otherThan(this.thing(id, desired), urn) ?? []);
    return owners[0] && nameInUrn(owners[0]);
  }

  /** Of what is only set: that another resource of the program sets it too, so that they would undo each other's work. */
  otherOf(id: string, urns: readonly unknown[]): Problem | undefined {
    const other = this.kind.run.claims.toldOther(this.thing(id, {}), urns);
    if (other === undefined) return undefined;
    return {
      path: [],
      reason: `the resource "${nameInUrn(other)}" of this program declares it as well. Declare it once`,
    };
  }

  /** Says that a resource sets what is there, and throws where another one does. */
  claimAlone(id: string, { __urn: urn }: Bag, attempt: Attempt): void {
    const twice = this.otherOf(id, [urn]);
    if (twice) throw refusal(attempt, [twice]);
    this.claim(id, {}, [urn]);
  }
}
