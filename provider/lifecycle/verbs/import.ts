import { NotFoundError, UnreachableError } from "../../host/errors";
import type { Listed } from "../../resources/surveys";
import { pruned } from "../inputs/declared";
import { type Attempt, LifecycleError } from "../messages/messages";
import { asBag, type Bag, canonical, equal, storable } from "../values";
import { messageOf } from "../work/step-error";
import { Check } from "./check";
import type { Kind, State, Surroundings } from "./kind";

/** A thing that no program has yet, as the state would hold it. */
export interface Imported extends State {
  /** The least that a program must say. */
  inputs: Bag;
  /** Why a program cannot say what the host has. */
  problems: string[];
}

/** What no program has yet. */
export class Import {
  constructor(private readonly kind: Kind) {}

  /** All that the hosts have of the kind. */
  async list(surroundings: Surroundings): Promise<(Listed & { node: string | undefined })[]> {
    const attempt: Attempt = { verb: "list", definition: this.kind.definition };
    try {
      return await this.kind.work(surroundings, attempt).list();
    } catch (error) {
      // nothing in particular was looked for: a stopped service answers so (hyper-v.md 1.2)
      const cause =
        error instanceof NotFoundError ? new UnreachableError(error.message, { ...error, delivered: false }) : error;
      throw new LifecycleError(messageOf(attempt, cause), { cause });
    }
  }

  /** What read and check would make of a thing that no program has yet. Managed from then on: destroy deletes it. */
  async imported({ id, name, desired }: Listed, surroundings: Surroundings): Promise<Imported> {
    const { definition } = this.kind;
    const attempt: Attempt = { verb: "read", definition, title: name };
    const work = this.kind.work(surroundings, attempt);
    const { nodes, isClustered } = surroundings.hosts;
    try {
      const first = await work.look(id, desired);
      const reflected = asBag(storable(definition.show.reflect(first.observed, desired)));
      const own = asBag(storable(definition.list.declared?.(first.observed, reflected) ?? reflected));
      const { problems } = new Check(this.kind).check(own, nodes, isClustered);
      if (problems.length > 0) return { id, inputs: own, outputs: own, problems };
      // a refresh asks what the inputs say there is to know
      const wanted = this.kind.filled(own);
      const asked = equal(definition.read.observe(id, desired), definition.read.observe(id, wanted));
      const looked = asked ? first : await work.look(id, wanted);
      const inputs = this.least(wanted);
      const left = this.kind.left(looked.observed, wanted);
      return { id, inputs, outputs: this.kind.outputs({ id, inputs, looked, made: true, olds: {} }), problems: left };
    } catch (error) {
      throw new LifecycleError(messageOf(attempt, error), { cause: error });
    }
  }

  /** The inputs without what the defaults give anyway. */
  private least(inputs: Bag): Bag {
    const whole = canonical(inputs);
    const gives = (bag: Bag) => canonical(this.kind.filled(bag)) === whole;
    return asBag(pruned(inputs, (value) => gives(asBag(value))));
  }
}
