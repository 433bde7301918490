import { z } from "zod";
import { type Call, type CallResult, type CmdletCall, isAssignment, literal, withParameters } from "../../calls";

/** Machines that must have been asked for before it is worth knowing which others there are. */
const many = 8;
/** Of the host's machines one in so many: who asks for these is going to ask for the rest, or reads at most this much in vain. */
const share = 7;
/** Machines at most that are read beside those that somebody waits for, and who waits waits for these too. */
const atOnce = 100;
/** Milliseconds that these would take one like those before them; so many together take a fifth of it. */
const patience = 8000;
/** Milliseconds that an answer waits for who asks: a refresh of a thousand machines takes as long itself. */
const fresh = 10_000;

const machines: Call = { cmdlet: "Get-VM", select: { Id: null, Name: null, Generation: null } };
const listed = z.array(z.object({ Id: z.string(), Name: z.string(), Generation: z.number() }));

/** Reads that nobody waits for. */
export interface Beside {
  batches: readonly (readonly Call[])[];
  /** Takes their answers; undefined is one that cannot be told. */
  hear(answers: readonly (readonly CallResult[] | undefined)[]): void;
}

/**
 * An engine that refreshes a stack has as many reads under way as it has hands, whatever the host could answer at once. After a
 * good part of a host's machines the others are read too, the way those were, and each answer is kept for who asks for it
 * next. A change on the host forgets them all.
 */
export class ReadAhead {
  private readonly asked = new Set<string>();
  private readonly kept = new Map<string, { results: readonly CallResult[]; until: number }>();
  private others: z.output<typeof listed> = [];
  private isListed = false;
  private changes = 0;

  /** What was read a moment ago, once. */
  answer(calls: readonly Call[]): CallResult[] | undefined {
    const key = keyOf(calls);
    const found = this.kept.get(key);
    this.kept.delete(key);
    return found && found.until > performance.now() ? [...found.results] : undefined;
  }

  /** Which machines there are, once that is worth knowing: asked apart, as whoever waits for some need not wait for all. */
  list(): Beside {
    if (this.isListed || this.asked.size < many) return nothing;
    this.isListed = true;
    return {
      batches: [[machines]],
      hear: ([results]) => {
        const { data = [] } = listed.safeParse(results?.[0]?.values);
        this.others = data.map((one) => ({ ...one, Id: one.Id.toLowerCase() }));
      },
    };
  }

  /** What to read beside these, where each takes so many milliseconds. */
  beside(batches: readonly (readonly Call[])[], each: number): Beside {
    const examples = batches.flatMap((calls) => machineOf(calls) ?? []);
    for (const { id } of examples) this.asked.add(id);
    const all = this.others;
    if (examples.length === 0 || this.asked.size * share < all.length) return nothing;
    const generations = new Map(all.map(({ Id, Generation }) => [Id, Generation]));
    const like = new Map(examples.map((example) => [generations.get(example.id), example]));
    const next = all
      .flatMap(({ Id, Name, Generation }) => {
        const example = like.get(Generation);
        return example && !this.asked.has(Id) ? [{ id: Id, calls: example.calls(Id, Name) }] : [];
      })
      .slice(0, Math.min(atOnce, patience / each));
    for (const { id } of next) this.asked.add(id);
    const { changes } = this;
    return {
      batches: next.map(({ calls }) => calls),
      hear: (answers) => {
        if (changes !== this.changes) return;
        const until = performance.now() + fresh;
        for (const [index, { calls }] of next.entries()) {
          const results = answers[index];
          if (results?.every(({ error }) => !error)) this.kept.set(keyOf(calls), { results, until });
        }
      },
    };
  }

  /** What was read may no longer be so. */
  forget(): void {
    this.changes += 1;
    this.kept.clear();
  }
}

const nothing: Beside = { batches: [], hear: () => {} };

/** The machine that a batch asks for by its id, and the same batch for another one. */
function machineOf(calls: readonly Call[]): { id: string; calls(id: string, name: string): Call[] } | undefined {
  const [finding, second] = calls.filter((call) => !isAssignment(call) && call.byName !== undefined) as CmdletCall[];
  const { Id: id } = (finding?.parameters ?? {}) as { Id?: unknown };
  if (typeof id !== "string" || second) return undefined;
  return {
    id: id.toLowerCase(),
    calls: (Id, name) =>
      calls.map((call) =>
        call === finding ? Object.assign(withParameters(call, { Id }), { byName: literal(name) }) : call,
      ),
  };
}

/** By what a machine is found says nothing of what is asked. */
function keyOf(calls: readonly Call[]): string {
  return JSON.stringify(calls, (key, value: unknown) => (key === "byName" ? undefined : value));
}
