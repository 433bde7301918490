import { type Call, type CallResult, isAssignment, isReference } from "../../calls";

/** Milliseconds after which reads that follow one another are others: a refresh asks for one thing after the other. */
const fresh = 10_000;

/** A batch of reads, and whether what was read some seconds ago will do. */
export interface Reading {
  calls: readonly Call[];
  recent: boolean;
}

/** Batches without what is known, or asked by one of them already, and the way back. */
export interface Cut {
  batches: readonly (readonly Call[])[];
  /** What each is answered, from the answers to these; undefined where they do not tell. */
  joined(answers: readonly (readonly CallResult[] | undefined)[]): Promise<readonly (CallResult[] | undefined)[]>;
  /** There are no answers. */
  failed(): void;
}

type Answer = readonly CallResult[] | undefined;

/** What is asked, and was or will be answered. */
interface Known {
  results?: readonly CallResult[];
  arrived: Promise<Answer>;
  arrive(answer: Answer): void;
}

/**
 * What the reads of a refresh ask alike, such as all groups of a cluster, is asked once, as long as one read follows the other. A
 * change on the hosts forgets it. A batch is cut for that into parts that need nothing of one another.
 */
export class Alike {
  private readonly known = new Map<string, Known>();
  private until = 0;

  constructor(private readonly now = () => performance.now()) {}

  /** What is known by now of all that a batch asks. */
  answer(calls: readonly Call[]): CallResult[] | undefined {
    this.goesOn();
    if (calls.some(isOfMachine)) return undefined;
    const parts = partsOf(calls);
    const answers = parts.map(({ key }) => this.known.get(key)?.results);
    return answers.every((answer) => answer !== undefined) ? inOrder(parts, answers, calls.length) : undefined;
  }

  cut(readings: readonly Reading[]): Cut {
    this.goesOn();
    const batches: (readonly Call[])[] = [];
    const asked: { key: string; known: Known }[] = [];
    const own = readings.map(({ calls, recent }) => {
      // a machine is asked for with others, and read ahead
      const parts = recent && !calls.some(isOfMachine) ? partsOf(calls) : [{ key: "", at: [...calls.keys()] }];
      return parts.map((part) => {
        const before = part.key === "" ? undefined : this.known.get(part.key);
        if (before) return { ...part, known: before };
        const known = promised();
        if (part.key !== "") this.known.set(part.key, known);
        batches.push(part.at.map((index) => calls[index] as Call));
        asked.push({ key: part.key, known });
        return { ...part, known };
      });
    });
    const forget = (key: string, known: Known) => this.known.get(key) === known && this.known.delete(key);
    return {
      batches,
      joined: async (answers) => {
        // who waited for these could not ask for more meanwhile
        this.until = this.now() + fresh;
        for (const [index, { key, known }] of asked.entries()) {
          const answer = answers[index];
          if (!answer?.every(({ error }) => !error)) forget(key, known);
          known.arrive(answer);
        }
        return Promise.all(
          own.map(async (parts, index) => {
            const arrived = await Promise.all(parts.map(({ known }) => known.arrived));
            return inOrder(parts, arrived, readings[index]?.calls.length ?? 0);
          }),
        );
      },
      failed: () => {
        for (const { key, known } of asked) {
          forget(key, known);
          known.arrive(undefined);
        }
      },
    };
  }

  /** What was read may no longer be so. */
  forget(): void {
    this.known.clear();
  }

  private goesOn(): void {
    if (this.now() > this.until) this.forget();
    this.until = this.now() + fresh;
  }
}

function promised(): Known {
  let arrive: Known["arrive"] = () => {};
  const arrived = new Promise<Answer>((resolve) => {
    arrive = resolve;
  });
  const known: Known = {
    arrived,
    arrive: (answer) => {
      if (answer) known.results = answer;
      arrive(answer);
    },
  };
  return known;
}

/** Calls that need one another, with where they are in their batch. */
interface Part {
  key: string;
  at: readonly number[];
}

function partsOf(calls: readonly Call[]): Part[] {
  const parts: { at: number[]; names: Set<string> }[] = [];
  for (const [index, call] of calls.entries()) {
    const names = new Set(namesIn(call));
    const related = parts.filter((part) => [...part.names].some((name) => names.has(name)));
    const [first = { at: [], names: new Set<string>() }, ...others] = related;
    if (related.length === 0) parts.push(first);
    for (const other of others) parts.splice(parts.indexOf(other), 1);
    for (const part of [...others, { at: [index], names }]) {
      first.at.push(...part.at);
      for (const name of part.names) first.names.add(name);
    }
  }
  return parts.map(({ at }) => {
    const inTurn = at.sort((one, other) => one - other);
    return { key: JSON.stringify(inTurn.map((index) => calls[index])), at: inTurn };
  });
}

/** Under which its results are known in its batch, and of which it makes use. */
function namesIn(call: Call): string[] {
  const used = (value: unknown): string[] => {
    if (isReference(value)) return [value.$ref];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(used) : [];
  };
  return [...used(call), ...(!isAssignment(call) && call.as !== undefined ? [call.as] : [])];
}

const isOfMachine = (call: Call): boolean => !isAssignment(call) && call.byName !== undefined;

/** The answers to a whole batch, to its first error; undefined with a gap. */
function inOrder(parts: readonly Part[], answers: readonly Answer[], length: number): CallResult[] | undefined {
  const at = new Map(parts.flatMap((part, index) => part.at.map((call, of) => [call, answers[index]?.[of]])));
  const results: CallResult[] = [];
  for (let call = 0; call < length; call += 1) {
    const result = at.get(call);
    if (!result) return undefined;
    results.push(result);
    if (result.error) break;
  }
  return results;
}
