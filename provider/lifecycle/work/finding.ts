import type { Question, Where } from "../../calls";
import { HostError, NotFoundError, UnreachableError } from "../../host/errors";
import type { Host, Ran } from "../../host/host";
import { type Answers, type AnyDefinition, type Asked, birthOf } from "../../resources/definition";
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

/** What a host has answered, and to what. */
interface Told {
  ran: Ran;
  asked: Asked;
}

/** Finds what is already there where a new one is to be made. */
export class Finding {
  constructor(
    private readonly definition: AnyDefinition,
    private readonly calls: HostCalls,
  ) {}

  /**
   * What is already there under the name that a new one would have, and what a new one would lack; `before` is what was there before
   * an attempt to make it.
   */
  async find(desired: Bag, before?: Answers): Promise<Found> {
    const { definition } = this;
    const place = this.placeOf(desired);
    const birth = birthOf(definition);
    const asked = birth.find(desired);
    const calls = Object.values(asked);
    // where any node may be meant, all are asked: one that is down may have it
    const anywhere = "nodes" in place || ("node" in place && place.node === undefined);
    const ask = async (): Promise<Told[]> =>
      anywhere
        ? (await this.everywhere(place, calls, desired)).map((ran) => ({ ran, asked }))
        : [await this.followed(place, asked, desired)];
    let told = await ask();
    // ObjectNotFound comes from a stopped service too (hyper-v.md 1.1): a second one, while it answers otherwise, is believed
    if (told.some(({ ran }) => ran.results.some(({ error }) => error?.id.startsWith("ObjectNotFound")))) {
      const inventory = definition.gone?.inventory("") ?? [];
      for (const ran of await this.calls.everywhere(place, inventory)) this.calls.must(ran, inventory);
      told = await ask();
    }
    const ids = told.flatMap(({ ran, asked }) => {
      try {
        this.calls.must(ran, Object.values(asked));
        return birth.found(namedBy(asked, ran.results), desired, before);
      } catch (error) {
        if (error instanceof NotFoundError || (error instanceof HostError && birth.saysNone?.(error))) return [];
        throw error;
      }
    });
    const lacks = told.flatMap(({ ran, asked }) => birth.lacks?.(namedBy(asked, ran.results), desired) ?? []);
    const [first, ...others] = told;
    const seen = first ? namedBy(first.asked, first.ran.results) : {};
    return { ids: [...new Set(ids)], lacks, host: others.length > 0 ? undefined : first?.ran.host, seen };
  }

  /** In one place, with what is to be asked on top. */
  private async followed(place: Where, first: Asked, desired: Bag): Promise<Told> {
    const { follow } = birthOf(this.definition);
    let asked = first;
    let ran = await this.calls.raw(place, Object.values(first));
    const isWhole = () => ran.results.length === Object.keys(asked).length && ran.results.every(({ error }) => !error);
    while (follow && isWhole()) {
      const more = follow(namedBy(asked, ran.results), desired);
      if (!more) break;
      const next = await this.calls.raw(place, Object.values(more));
      ran = { ...ran, results: [...ran.results, ...next.results] };
      asked = { ...asked, ...more };
    }
    return { ran, asked };
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
      if (!(error instanceof UnreachableError) || adopts(desired) || "nodes" in place) throw error;
      const advice =
        `Without a node of its own the ${this.definition.noun} is created only while every node answers, as one that does not may ` +
        "already have one of this name. Set node, or run the command again when it answers.";
      throw new UnreachableError(error.message, { ...error, advice, delivered: error.delivered });
    }
  }
}
