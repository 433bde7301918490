import type { Question, Where } from "../../calls";
import { NotFoundError, UnreachableError } from "../../host/errors";
import type { Host, Ran } from "../../host/host";
import { type Answers, type AnyDefinition, birthOf } from "../../resources/definition";
import type { Problem } from "../../schema";
import { adopts } from "../inputs/adoption";
import type { Bag } from "../values";
import type { HostCalls } from "./host-calls";
import { namedBy } from "./looking";

/** What is in the place of a new thing. */
export interface Found {
  ids: readonly string[];
  lacks: readonly Problem[];
  host: Host | undefined;
  seen: Answers;
}

/** Finds what is already there where a new one is to be made. */
export class Finding {
  constructor(
    private readonly definition: AnyDefinition,
    private readonly calls: HostCalls,
  ) {}

  /** What is already there under the name that a new one would have, and what a new one would lack. */
  async find(desired: Bag): Promise<Found> {
    const { definition } = this;
    const place = this.placeOf(desired);
    const birth = birthOf(definition);
    const asked = birth.find(desired);
    const calls = Object.values(asked);
    // where any node may be meant, all are asked: one that is down may have it
    const anywhere = "node" in place && place.node === undefined;
    const ask = async () =>
      anywhere ? await this.everywhere(place, calls, desired) : [await this.calls.raw(place, calls)];
    let answers = await ask();
    // ObjectNotFound comes from a stopped service too (hyper-v.md 1.1): a second one, while it answers otherwise, is believed
    if (answers.some(({ results }) => results.some(({ error }) => error?.id.startsWith("ObjectNotFound")))) {
      const inventory = definition.gone?.inventory("") ?? [];
      for (const ran of await this.calls.everywhere(place, inventory)) this.calls.must(ran, inventory);
      answers = await ask();
    }
    const ids = answers.flatMap((ran) => {
      try {
        this.calls.must(ran, calls);
        return birth.found(namedBy(asked, ran.results), desired);
      } catch (error) {
        if (error instanceof NotFoundError) return [];
        throw error;
      }
    });
    const lacks = answers.flatMap(({ results }) => birth.lacks?.(namedBy(asked, results), desired) ?? []);
    const [first, ...others] = answers;
    const { host, results = [] } = first ?? {};
    return { ids: [...new Set(ids)], lacks, host: others.length > 0 ? undefined : host, seen: namedBy(asked, results) };
  }

  /** What moves by itself, and is there to be adopted, may have moved since its node was written down. */
  private placeOf(desired: Bag): Where {
    const { place } = this.definition;
    return adopts(desired) && place.lastAt ? { node: undefined } : place.of(desired);
  }

  private async everywhere(place: Where, calls: readonly Question[], desired: Bag): Promise<Ran[]> {
    try {
      return await this.calls.everywhere(place, calls);
    } catch (error) {
      if (!(error instanceof UnreachableError) || adopts(desired)) throw error;
      const advice =
        `Without a node of its own the ${this.definition.noun} is created only while every node answers, as one that does not may ` +
        "already have one of this name. Set node, or run the command again when it answers.";
      throw new UnreachableError(error.message, { ...error, advice, delivered: error.delivered });
    }
  }
}
