import type { Where } from "../../calls";
import type { Sight } from "../../resources/sights";
import type { Problem } from "../../schema";
import { maskWords } from "../../text/secrets";
import { adopts, taken } from "../inputs/adoption";
import { hiddenOf } from "../inputs/hidden";
import { problemsOf } from "../inputs/problems";
import { marksOf, withoutMarks } from "../state/marks";
import { asBag, type Bag, hasUnknown, known, pathText, whereKnown } from "../values";
import { nameInUrn } from "../work/claims";
import { mustFit } from "../work/host-work";
import { messageOf } from "../work/step-error";
import type { Asking } from "../work/verify";
import { noticesIn } from "./difference";
import type { Kind, Surroundings } from "./kind";

/** What a program gives, as far as it can be told without a difference. */
export class Check {
  constructor(private readonly kind: Kind) {}

  /** Everything that is wrong with the inputs. They stay as they are: what the state holds costs time in every step. */
  check(news: Bag, nodes: readonly string[], isClustered = true): { inputs: Bag; problems: string[] } {
    const declared = withoutMarks(news);
    const desired = this.kind.withSchemaDefaults(declared);
    const hidden = hiddenOf(this.kind.definition, news);
    const problems = problemsOf(this.kind.definition, desired, { nodes, isClustered }, hidden);
    if (problems.length === 0) problems.push(...this.conflicts(desired, news).map((one) => textOf(one, hidden)));
    return { inputs: { ...declared, ...marksOf(news) }, problems };
  }

  /** What other resources of the program name or want as well, and must not: of those that the engine has asked for so far. */
  private conflicts(desired: Bag, { __urn: urn }: Bag): Problem[] {
    const { definition, run } = this.kind;
    if (typeof urn !== "string") return [];
    const { inputs } = definition;
    const uses = whereKnown(desired, (all) => inputs?.uses?.(all) ?? [], []);
    const nodeUse = whereKnown(desired, (all) => inputs?.nodeUse?.(all), undefined);
    return [...run.uses.see(`${definition.kind} ${urn}`, uses), ...run.nodeUses.set(urn, nodeUse, nameInUrn)];
  }

  /** What a preview finds on the hosts that is in the way of what the program wants to be made. */
  async verify(olds: Bag, news: Bag, surroundings: Surroundings): Promise<string[]> {
    const { definition, run } = this.kind;
    const isNew = Object.keys(olds).length === 0;
    if (isNew && this.kind.isOnlySet) return this.foresee(news, surroundings);
    const wanted = this.kind.filled(withoutMarks(news));
    const desired = asBag(known(wanted));
    const attempt = this.kind.attempt(isNew ? "create" : "update", desired, [news]);
    const sights = (definition.birth?.sights?.(desired) ?? []).map((sight) =>
      isNew && !adopts(desired) ? sight : whereverItIs(sight),
    );
    const before = isNew ? [] : (definition.birth?.sights?.(this.kind.inputsIn(olds)) ?? []);
    run.verification.foresee(String(news.__urn), sights);
    const sought = sights.filter(
      ({ noun, name, is }) =>
        (is === "there" || (isNew ? !adopts(desired) : noun === "file")) &&
        !before.some((other) => other.noun === noun && other.name === name),
    );
    const work = this.kind.work(surroundings, attempt, "", news);
    const asking: Asking = {
      urn: String(news.__urn),
      calls: work.calls,
      nodes: surroundings.hosts.nodes,
      isLeaving: (id) => this.isLeaving(id, desired, news, sights),
    };
    try {
      const { problems, taken: ids, address } = await run.verification.look(sought, asking);
      if (isNew && definition.birth?.sights === undefined && !hasUnknown(wanted)) {
        const found = await work.find(desired);
        if (!adopts(desired) || found.ids.length === 0) problems.push(...found.lacks);
        if (!adopts(desired)) ids.push(...found.ids.filter((id) => !asking.isLeaving(id)));
      } else if (isNew && sought.length === 0) await run.verification.signIn(this.placeKnown(wanted), asking);
      const there = { ...attempt, ...(address && { address }) };
      return [
        ...problems.map((problem) => textOf(problem, attempt.hidden)),
        ...(ids.length > 0
          ? [`${taken(there, ids, this.kind.owners.ownerOf(ids, desired, news)).message}\n  ${replacedByHand}`]
          : []),
      ];
    } catch (error) {
      return [messageOf(attempt, error)];
    }
  }

  /** What is only set is there already: tells what an up does to it, and why it could not. */
  private async foresee(news: Bag, surroundings: Surroundings): Promise<string[]> {
    const wanted = this.kind.filled(withoutMarks(news));
    const { place, read } = this.kind.definition;
    const look = whereKnown<Bag, unknown>(wanted, (all) => [place.of(all), read.observe("", all)], undefined);
    // nobody knows yet which one is meant
    if (look === undefined) return [];
    const desired = asBag(known(wanted));
    const attempt = this.kind.attempt("create", desired, [news]);
    try {
      const there = await this.kind.work(surroundings, attempt, "", news).present(desired);
      if (!hasUnknown(wanted)) mustFit(there.attempt, there.plan, "differs from what exists, and cannot change");
      this.kind.owners.claimAlone(there.id, news, there.attempt);
      for (const notice of noticesIn(there.plan)) surroundings.tell?.(notice);
      return [];
    } catch (error) {
      return [messageOf(attempt, error)];
    }
  }

  /** Whether what has an id is what this resource has now and is to be replaced, or what another is to name otherwise. */
  private isLeaving(id: string, desired: Bag, { __urn: urn }: Bag, sights: readonly Sight[]): boolean {
    const { claims, verification } = this.kind.run;
    const thing = this.kind.owners.thing(id, desired);
    if (claims.has(thing, urn)) return true;
    const owner = claims.otherThan(thing, urn);
    return owner !== undefined && !sights.some((sight) => verification.gives(owner, sight));
  }

  private placeKnown(wanted: Bag): Where {
    return whereKnown<Bag, Where>(wanted, (all) => this.kind.definition.place.of(all), { node: undefined });
  }
}

function textOf({ path, reason }: Problem, hidden: readonly string[] = []): string {
  return `${pathText(path)} ${maskWords(reason, hidden)}`;
}

/** The engine asks then as for a new one, and tells nobody that it is not. */
const replacedByHand =
  "If this resource already has it and is being replaced by --replace or a taint, set hyperv:verify to false for this run.";

/** What exists may have moved since its node was written down: what it needs is there where one node has it. */
function whereverItIs(sight: Sight): Sight {
  return sight.is === "there" && "node" in sight.at ? { ...sight, at: { node: undefined }, anywhere: true } : sight;
}
