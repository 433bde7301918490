import type { z } from "zod";
import type { CallResult, Question } from "../calls";

/** A question with what the host said to it. */
export interface Answer {
  call: Question;
  result: CallResult;
}

/** One thing of those that a host has. */
export interface Listed {
  id: string;
  /** What a person knows it by. */
  name: string;
  /** Name of the machine that it is a part of, by which a person looks for it. */
  machine?: string;
  /** What a program must say for it to be found: its node, its machine. */
  desired: Record<string, unknown>;
}

/** Asks each host for all that it has of a kind. */
export interface Listing {
  /** Only a cluster has it. */
  clustered?: boolean;
  calls: readonly Question[];
  /** What is to be asked then. Each of these may fail, and the others are asked all the same. */
  follow?(answers: readonly Answer[]): readonly Question[];
  /** `node` is given where a program must tell nodes apart. */
  parse(answers: readonly Answer[], node: string | undefined): readonly Listed[];
}

/** A look at all that several hosts have: in rounds, of which each may ask what the one before has told. */
export interface Survey<Result> {
  /** The only node that is asked; without it all are. */
  node?: string | undefined;
  /** Whether a node that cannot be reached is left out, if another answers. Otherwise nothing is concluded then. */
  skips?: true;
  /** Whether nothing is known without this answer, which is an error. */
  needs?(failed: Answer): boolean;
  /** What is asked next of one node, from its answers so far; each of these may fail. Nothing ends it. */
  ask(answers: readonly Answer[]): readonly Question[];
  conclude(nodes: readonly Surveyed[]): Result;
}

export interface Surveyed {
  /** Undefined with one host. */
  node: string | undefined;
  address: string;
  answers: readonly Answer[];
}

/** Where a thing was found by what it is. */
export interface Sought<Observed> {
  places: readonly Observed[];
  /** What could not be read, so that it may be there. */
  unread: readonly string[];
}

/** The results of the first call of a listing. */
export function listedBy<Shape extends z.ZodType>(answers: readonly Answer[], shape: Shape): z.output<Shape>[] {
  return (answers[0]?.result.values ?? []).map((value) => shape.parse(value));
}

/** What a program says of the node, where it must tell nodes apart. */
export const onNode = (node: string | undefined) => (node === undefined ? {} : { node });
