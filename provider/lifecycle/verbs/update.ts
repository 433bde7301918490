import { mints } from "../../resources/definition";
import { refusal } from "../messages/messages";
import { isMade, isProven, owedIn, unprovenKey, withoutMarks } from "../state/marks";
import type { Bag } from "../values";
import { timeoutsKey } from "../work/deadline";
import { messageOf } from "../work/step-error";
import { type Kind, PartialFailure, type State, type Surroundings, type Undertaking } from "./kind";

/** Makes what exists what is desired of it. */
export class Update {
  constructor(private readonly kind: Kind) {}

  async update(id: string, olds: Bag, news: Bag, surroundings: Surroundings): Promise<State> {
    const made = isMade(olds);
    const desired = { ...owedIn(olds), ...this.kind.filled(withoutMarks(news), made) };
    const attempt = this.kind.attempt("update", desired, [news, olds], id);
    const work = this.kind.work(surroundings, attempt, id, olds, news);
    this.kind.owners.claim(id, olds, [olds.__urn, news.__urn]);
    const undertaking = { id, desired, news, olds, made, work, attempt };
    if (!isProven(olds)) await this.remade(undertaking);
    const { [timeoutsKey]: _before, ...rest } = olds;
    const outputs = await this.kind.converged({ ...undertaking, olds: rest });
    // it may lie elsewhere by now, and another one where it was
    this.kind.run.claims.leave(this.kind.owners.thing(id, olds), [olds.__urn, news.__urn]);
    this.kind.owners.claim(id, outputs, [olds.__urn, news.__urn]);
    return { id, outputs };
  }

  /** Of what nobody saw being made: makes it now, if it is proven that it is not there. */
  private async remade({ id, desired, work, attempt, news, olds }: Undertaking & { olds: Bag }): Promise<void> {
    try {
      const found = await work.find(desired);
      const isThere = found.ids.some((one) => one.toLowerCase() === id.toLowerCase());
      if (!isThere && found.lacks.length > 0) throw refusal({ ...attempt, address: found.host?.address }, found.lacks);
      if (!isThere) await work.make(desired, found, id);
      // what has an id of ours is ours in any case
      if (!isThere || mints(this.kind.definition)) delete olds[unprovenKey];
    } catch (error) {
      throw new PartialFailure(id, { ...news, [unprovenKey]: true }, messageOf(attempt, error));
    }
  }
}
