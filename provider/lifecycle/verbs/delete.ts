import { mints } from "../../resources/definition";
import { LifecycleError } from "../messages/messages";
import { isMade, isProven } from "../state/marks";
import { type Bag, hasUnknown } from "../values";
import { nameInUrn } from "../work/claims";
import { messageOf } from "../work/step-error";
import { type Kind, type Surroundings, wanted } from "./kind";

/** Takes away what this resource has made. */
export class Delete {
  constructor(private readonly kind: Kind) {}

  async delete(id: string, olds: Bag, surroundings: Surroundings): Promise<void> {
    const { definition, run } = this.kind;
    // nothing is taken away that this resource did not make
    if (!definition.death || !isMade(olds)) return;
    const desired = this.kind.filled(this.kind.inputsIn(olds));
    const attempt = this.kind.attempt("delete", desired, [olds], id);
    const thing = this.kind.owners.thing(id, olds);
    const owner = run.claims.otherThan(thing, olds.__urn);
    const { title } = attempt;
    if (owner !== undefined) {
      surroundings.say?.(
        `The ${definition.noun} "${title}" is left in place: the resource "${nameInUrn(owner)}" owns it now.`,
      );
      return;
    }
    const heir = run.claims.otherThan(wanted(thing), olds.__urn);
    if (heir !== undefined && typeof olds.__urn === "string")
      throw new LifecycleError(
        `Unable to delete ${definition.noun} "${title}": the resource "${nameInUrn(heir)}" of the program declares it as well. ` +
          `Set the option aliases: [{ name: "${nameInUrn(olds.__urn)}" }] there, if this is the same one, and run pulumi up again.`,
      );
    if (!isProven(olds) && !mints(definition)) {
      surroundings.say?.(
        `The ${definition.noun} "${title}" is left in place, if it exists: it was never confirmed that this resource created it. Delete it by hand if you do not need it.`,
      );
      return;
    }
    const work = this.kind.work(surroundings, attempt, id, olds);
    const known = { last: this.kind.definition.place.lastAt?.(olds), known: this.kind.known(id, olds) };
    const successor = run.successors.get(`${thing} ${olds.__urn}`);
    try {
      if (successor !== undefined && !hasUnknown(successor)) await work.require(successor);
      await this.kind.inTurn(desired, () => work.remove(id, desired, known, successor));
    } catch (error) {
      throw new LifecycleError(messageOf(attempt, await work.explained(error, desired, id)), { cause: error });
    }
  }
}
