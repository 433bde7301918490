import { NotFoundError } from "../../host/errors";
import { guid, name, path } from "../../schema";
import { asDeclared } from "../inputs/declared";
import { nodeIsKnown } from "../inputs/problems";
import { type Attempt, LifecycleError, sentence, severalOf } from "../messages/messages";
import { getMarker, isMade, marksOf, owedIn } from "../state/marks";
import { answeredIn, isSettled, recordedKey } from "../state/recorded";
import { asBag, type Bag, equal, restrict } from "../values";
import type { Found } from "../work/finding";
import { messageOf } from "../work/step-error";
import { type Kind, type State, type Surroundings, withoutUndefined } from "./kind";

/** What is there, as the engine is told. */
export interface Known extends State {
  inputs: Bag;
  /** Whether all of this is what the state holds already. */
  isAsRecorded?: true;
}

/** What the host says now. */
export class Read {
  constructor(private readonly kind: Kind) {}

  /** Undefined when it is proven that the thing is gone. */
  async read(id: string, olds: Bag, surroundings: Surroundings): Promise<Known | undefined> {
    const { definition } = this.kind;
    const getting = olds[getMarker] === true;
    if (getting) this.mustBeId(id);
    const declared = this.kind.inputsIn(olds);
    const recorded = getting ? declared : this.kind.filled(declared, isMade(olds));
    const attempt = this.kind.attempt("read", recorded, [olds], id);
    const work = this.kind.work(surroundings, attempt, id, olds);
    try {
      const before = getting ? undefined : answeredIn(olds);
      // to unpack what the state holds takes a fifth of a read: where the same is answered, nobody needs it
      const recall = () => (getting ? undefined : this.kind.known(id, olds));
      const known = definition.moving ? recall() : undefined;
      const last = definition.place.lastAt?.(olds);
      const looked = await work.look(id, recorded, { last, known, recall, answered: before, recent: !getting });
      const { observed, answered } = looked;
      // nothing has happened since the inputs were what is there
      const isSame = answered !== undefined && answered === before;
      if (isSame || (!getting && isSettled(olds) && equal(observed, known ?? recall())))
        return {
          id,
          isAsRecorded: true,
          inputs: { ...declared, ...marksOf(olds) },
          outputs: this.kind.withRecord(olds, olds[recordedKey], olds),
        };
      const reflected = definition.show.reflect(observed, recorded);
      const inputs = getting
        ? withoutUndefined(reflected)
        : asBag(
            asDeclared(
              restrict(reflected, { ...recorded, ...this.strange(observed, recorded, reflected) }),
              recorded,
              declared,
            ),
          );
      return {
        id,
        inputs: getting ? {} : { ...inputs, ...marksOf(olds) },
        outputs: this.kind.outputs({ id, inputs, looked, made: isMade(olds), olds, owed: owedIn(olds) }),
      };
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw new LifecycleError(messageOf(attempt, error), { cause: error });
      if (!getting) return undefined;
      throw new LifecycleError(
        `Unable to get ${definition.noun} ${id}: it is not there. Check the id and the provider's ${hostsOf(surroundings)}.`,
        { cause: error },
      );
    }
  }

  /** The id of the only one of a name. */
  async lookUp({ name, node }: Bag, surroundings: Surroundings): Promise<string> {
    const { definition } = this.kind;
    const title = String(name);
    const fail = (reason: string, cause?: unknown) =>
      new LifecycleError(`Unable to get ${definition.noun} "${title}": ${reason}`, { cause });
    const [problem] = nodeIsKnown({ node }, { nodes: surroundings.hosts.nodes });
    if (problem) throw fail(sentence(`node ${problem.reason}`));
    // what is adopted is looked for on every node
    const sought = { name: title, ...(typeof node === "string" ? { node } : { adopt: true }) };
    const attempt: Attempt = { verb: "read", definition, title };
    let found: Found;
    try {
      found = await this.kind.work(surroundings, attempt).find(sought);
    } catch (error) {
      throw new LifecycleError(messageOf(attempt, error), { cause: error });
    }
    const [id, ...others] = found.ids;
    const where = typeof node === "string" ? node : found.host ? found.host.address : "any of the provider's nodes";
    if (id === undefined)
      throw fail(
        `no ${definition.noun} has this name on ${where}. Check the name and the provider's ${hostsOf(surroundings)}.`,
      );
    if (others.length > 0)
      throw fail(
        `${found.ids.length} ${severalOf(definition.noun)} have this name: ${found.ids.join(", ")}. Get one of them by its id${node === undefined && surroundings.hosts.nodes.length > 1 ? ", or set node" : ""}.`,
      );
    return id;
  }

  /** What a program gives as an id may be a name. */
  private mustBeId(id: string): void {
    const { kind, noun, identified, isFoundByName } = this.kind.definition;
    const isOne = forms[identified].safeParse(id).success;
    if (isOne) return;
    const byName = isFoundByName
      ? ` To look it up by its name: ${kind}.get("...", { name: ${JSON.stringify(id)} }).`
      : "";
    throw new LifecycleError(`Unable to get ${noun} "${id}": its id must be ${identified}.${byName}`);
  }

  /** Of what is reflected what the program leaves out and an up would change all the same. */
  private strange(observed: unknown, recorded: Bag, reflected: Bag): Bag {
    if (!this.kind.definition.schema.safeParse(recorded).success) return {};
    const all = this.kind.left(observed, recorded);
    if (all.length === 0) return {};
    return Object.fromEntries(
      Object.entries(reflected).filter(
        ([key, is]) => recorded[key] === undefined && !equal(this.kind.left(observed, { ...recorded, [key]: is }), all),
      ),
    );
  }
}

const forms = { "a GUID": guid(), "an absolute path": path(), "a name": name() };

/** What a program checks where something is not found. */
function hostsOf({ hosts }: Surroundings): string {
  return hosts.nodes.length > 0 ? "nodes" : "address";
}
