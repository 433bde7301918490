import { adoptedOf, adopts } from "../inputs/adoption";
import { type Attempt, LifecycleError, refusal } from "../messages/messages";
import { unprovenKey, withoutMarks } from "../state/marks";
import type { Bag } from "../values";
import { type Made, UnprovenError } from "../work/creating";
import { type HostWork, mustFit } from "../work/host-work";
import { messageOf } from "../work/step-error";
import { type Kind, PartialFailure, type State, type Surroundings, wanted } from "./kind";

interface Begun extends Made {
  /** Whether it is this resource's own, and not taken over. */
  made: boolean;
}

/** Takes over what is there, or brings it into being. */
export class Create {
  constructor(private readonly kind: Kind) {}

  async create(news: Bag, surroundings: Surroundings): Promise<State> {
    const desired = this.kind.filled(withoutMarks(news));
    const attempt = this.kind.attempt("create", desired, [news]);
    const work = this.kind.work(surroundings, attempt, "", news);
    const { id, made, known, putBack } = await this.kind.inTurn(desired, async () => {
      const { id, made, known, afterwards } = await this.begun(desired, work, attempt, news);
      surroundings.exists?.(id);
      this.kind.owners.claim(id, news, [news.__urn]);
      const putBack = work.putBack(desired, afterwards);
      // the next one must find it as it was; what goes wrong is told below, where the id is kept
      await Promise.allSettled([putBack]);
      return { id, made, known, putBack };
    });
    const named = { ...attempt, title: attempt.title ?? id };
    return {
      id,
      outputs: await this.kind.converged({ id, desired, news, made, known, work, attempt: named }, putBack),
    };
  }

  private async begun(desired: Bag, work: HostWork, attempt: Attempt, news: Bag): Promise<Begun> {
    try {
      if (this.kind.isOnlySet) return await this.present(desired, work, news);
      const found = await work.find(desired);
      const { ids, lacks, host } = found;
      const there = { ...attempt, address: host?.address };
      // whoever is refused may be what another resource was renamed to, which the engine deletes next
      if (!adopts(desired))
        for (const id of ids) this.kind.run.claims.see(wanted(this.kind.owners.thing(id, desired)), [news.__urn]);
      const adopted = adoptedOf(there, ids, desired, this.kind.owners.ownerOf(ids, desired, news));
      if (adopted === undefined && lacks.length > 0) throw refusal(there, lacks);
      if (adopted === undefined) return { ...(await work.make(desired, found)), made: true };
      await work.fits(adopted, desired);
      return { id: adopted, made: false, afterwards: [] };
    } catch (error) {
      if (error instanceof UnprovenError)
        throw new PartialFailure(
          error.id,
          { ...news, [unprovenKey]: true },
          unprovenText(messageOf(attempt, error.cause)),
        );
      throw new LifecycleError(messageOf(attempt, await work.explained(error, desired)), { cause: error });
    }
  }

  /** What is only set, if no other resource of the program sets it. */
  private async present(desired: Bag, work: HostWork, news: Bag): Promise<Begun> {
    const { id, attempt, plan } = await work.present(desired);
    mustFit(attempt, plan, "differs from what exists, and cannot change");
    this.kind.owners.claimAlone(id, news, attempt);
    return { id, made: true, afterwards: [] };
  }
}

function unprovenText(message: string): string {
  return `${message}\n  It may have been created. Pulumi's state keeps it, and the next pulumi up finishes it; pulumi destroy does not delete it before that.`;
}
