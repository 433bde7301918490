import { NodeUses } from "../../resources/node-uses";
import { Plans } from "../../resources/plans";
import type { Bag } from "../values";
import { Claims } from "./claims";
import { Uses } from "./uses";
import { Verification } from "./verify";

/** What one run of the engine has learnt of its resources, of all kinds: each process of a provider has one. */
export class Run {
  readonly plans = new Plans();
  readonly claims = new Claims();
  readonly uses = new Uses();
  readonly nodeUses = new NodeUses();
  readonly verification = new Verification();
  /** What takes the place of a thing that is to be replaced, by the thing. */
  readonly successors = new Map<string, Bag>();
  /** Where nobody answered in time when a difference was to be told: nobody waits for it twice. */
  readonly silent = new Set<string>();
}
