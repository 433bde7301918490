import type { AnyDefinition } from "../resources/definition";
import type { Listed } from "../resources/surveys";
import { hideRepeated } from "./inputs/hidden";
import type { Bag } from "./values";
import { Check } from "./verbs/check";
import { Create } from "./verbs/create";
import { Delete } from "./verbs/delete";
import { type Compared, type Difference, Differences } from "./verbs/difference";
import { Import, type Imported } from "./verbs/import";
import { Kind, type State, type Surroundings } from "./verbs/kind";
import type { PropertyDifference } from "./verbs/property-differences";
import { type Known, Read } from "./verbs/read";
import { Update } from "./verbs/update";
import type { Report } from "./work/host-calls";
import { Run } from "./work/run";

export type { Compared, Difference } from "./verbs/difference";
export type { Imported } from "./verbs/import";
export { PartialFailure, type State, type Surroundings } from "./verbs/kind";
export type { PropertyDifference } from "./verbs/property-differences";
export type { Known } from "./verbs/read";

/**
 * The lifecycle of one kind, in plain values: unknowns are a symbol, secrets are plain. Which engine calls it, and over
 * which door, it does not know.
 */
export class Handlers {
  private readonly kind: Kind;

  constructor(definition: AnyDefinition, run = new Run()) {
    this.kind = new Kind(definition, run);
  }

  /** Everything that is wrong with the inputs. They stay as they are: what the state holds costs time in every step. */
  check(news: Bag, nodes: readonly string[], isClustered = true): { inputs: Bag; problems: string[] } {
    return new Check(this.kind).check(news, nodes, isClustered);
  }

  /** What a preview finds on the hosts that is in the way of what the program wants to be made. */
  verify(olds: Bag, news: Bag, surroundings: Surroundings): Promise<string[]> {
    return new Check(this.kind).verify(olds, news, surroundings);
  }

  /** The same as `diff`, but before it refuses for a state that may have changed since, the host is asked. */
  difference(compared: Compared, surroundings: Surroundings): Promise<Difference> {
    return new Differences(this.kind).difference(compared, surroundings);
  }

  /** Pure and local: the plan from what the state says was observed, or from what was seen just now. */
  diff(compared: Compared, options: { seen?: unknown; tell?: Report } = {}): Difference {
    return new Differences(this.kind).diff(compared, options);
  }

  /** Which properties differ, for a door that can tell the engine: the dynamic provider's cannot. */
  properties(compared: Compared): PropertyDifference[] {
    return new Differences(this.kind).properties(compared);
  }

  create(news: Bag, surroundings: Surroundings): Promise<State> {
    return new Create(this.kind).create(news, surroundings);
  }

  update(id: string, olds: Bag, news: Bag, surroundings: Surroundings): Promise<State> {
    return new Update(this.kind).update(id, olds, news, surroundings);
  }

  /** Undefined when it is proven that the thing is gone. */
  read(id: string, olds: Bag, surroundings: Surroundings): Promise<Known | undefined> {
    return new Read(this.kind).read(id, olds, surroundings);
  }

  /** The id of the only one of a name. */
  lookUp(by: Bag, surroundings: Surroundings): Promise<string> {
    return new Read(this.kind).lookUp(by, surroundings);
  }

  /** All that the hosts have of the kind. */
  list(surroundings: Surroundings): Promise<(Listed & { node: string | undefined })[]> {
    return new Import(this.kind).list(surroundings);
  }

  /** What read and check would make of a thing that no program has yet. Managed from then on: destroy deletes it. */
  imported(listed: Listed, surroundings: Surroundings): Promise<Imported> {
    return new Import(this.kind).imported(listed, surroundings);
  }

  /** Outputs whose values may repeat a secret, as a state may hold them. */
  hidden(outputs: Bag): Bag {
    return outputs.__secret === true ? hideRepeated(this.kind.definition, outputs) : outputs;
  }

  delete(id: string, olds: Bag, surroundings: Surroundings): Promise<void> {
    return new Delete(this.kind).delete(id, olds, surroundings);
  }
}
