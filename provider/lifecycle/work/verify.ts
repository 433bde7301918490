import type { CallResult, Where } from "../../calls";
import { shortName } from "../../calls/node-name";
import { errorOf, NotFoundError } from "../../host/errors";
import { same } from "../../resources/paths";
import type { Sight } from "../../resources/sights";
import type { Problem } from "../../schema";
import { asBag, canonical } from "../values";
import { nameInUrn } from "./claims";
import type { HostCalls } from "./host-calls";

/** An input that says that the engine previews: only check sees it. */
export const previewKey = "__preview";

interface Listed {
  address: string;
  values: readonly unknown[];
  /** Why nothing is listed: a folder or a drive that is not there. */
  missing?: NotFoundError;
}

/** For whom something is looked for. */
export interface Asking {
  urn: string;
  calls: HostCalls;
  nodes: readonly string[];
  /** Whether what has this id is the one that a replacement takes the place of, or that gets another name in this run. */
  isLeaving(id: string): boolean;
}

/** What is in the way of a new thing. */
export interface Findings {
  problems: Problem[];
  /** Ids of what has its name already. */
  taken: string[];
  address: string;
}

/** What a preview has asked its hosts and seen of its resources, for as long as the run takes. */
export class Verification {
  private readonly listings = new Map<string, Promise<Listed[]>>();
  /** What the resources of the run are about to make, by who makes it. */
  private readonly coming = new Map<string, readonly Sight[]>();

  /** What a resource is about to make counts as there for those that need it. */
  foresee(urn: string, sights: readonly Sight[]): void {
    this.coming.set(
      urn,
      sights.filter(({ is }) => is === "free"),
    );
  }

  /** Whether a resource of the run is to have something else in its place. */
  gives(urn: string, sight: Sight): boolean {
    return this.coming.get(urn)?.some((other) => isOne(other, sight)) === true;
  }

  async look(sights: readonly Sight[], asking: Asking): Promise<Findings> {
    const findings: Findings = { problems: [], taken: [], address: "" };
    for (const sight of sights) {
      if (sight.is === "there" && this.isComing(sight, asking.nodes)) continue;
      const listed = await this.list(sight, asking);
      if (sight.is === "there") findings.problems.push(...lacking(sight, listed));
      else this.collect(sight, listed, asking, findings);
      if (sight.is === "free" && findings.taken.length === 0) findings.problems.push(...this.twice(sight, asking));
    }
    return findings;
  }

  /** Whether the host of a place can be asked at all. */
  async signIn(at: Where, { calls }: Asking): Promise<void> {
    await this.once(canonical(["sign in", at]), async () => {
      await calls.ask(at, [{ cmdlet: "Get-VMHost", select: { Name: null } }]);
      return [];
    });
  }

  private isComing(sight: Sight, nodes: readonly string[]): boolean {
    return [...this.coming.values()]
      .flat()
      .some((other) => isOne(other, sight) && (sight.anywhere === true || isSamePlace(other.at, sight.at, nodes)));
  }

  /** Another resource of the run that is to be the same. */
  private twice(sight: Sight, { urn, nodes }: Asking): Problem[] {
    const others = [...this.coming].filter(
      ([other, sights]) =>
        other !== urn && sights.some((one) => isOne(one, sight) && isSamePlace(one.at, sight.at, nodes)),
    );
    return others.map(([other]) => ({
      path: sight.path,
      reason: `is also declared by the resource "${nameInUrn(other)}": declare it once, or choose another`,
    }));
  }

  private collect(sight: Sight, listed: readonly Listed[], asking: Asking, findings: Findings): void {
    for (const { address, values, missing } of listed) {
      if (missing && isDrive(missing))
        findings.problems.push({ path: sight.path, reason: `is on a drive that ${address} does not have` });
      for (const value of values) {
        const { Id, [sight.by]: name } = asBag(value);
        if (typeof name !== "string" || !same(name, sight.name)) continue;
        const id = typeof Id === "string" ? Id.toLowerCase() : sight.name;
        if (asking.isLeaving(id)) continue;
        findings.taken.push(id);
        findings.address = listed.length === 1 ? address : "";
      }
    }
  }

  private list({ at, listing, anywhere }: Sight, { calls }: Asking): Promise<Listed[]> {
    const isAnywhere = anywhere === true && "node" in at && at.node === undefined;
    return this.once(canonical([isAnywhere, at, listing]).toLowerCase(), async () => {
      const answers = isAnywhere ? await calls.everywhere(at, [listing]) : [await calls.raw(at, [listing])];
      return answers.map(({ results, host: { address } }) => listedIn(results, address, listing.cmdlet));
    });
  }

  /** Also what failed is not asked again. */
  private once(key: string, ask: () => Promise<Listed[]>): Promise<Listed[]> {
    const known = this.listings.get(key);
    if (known) return known;
    const asked = ask();
    this.listings.set(key, asked);
    return asked;
  }
}

function listedIn(results: readonly CallResult[], address: string, cmdlet: string): Listed {
  const [{ values = [], error } = {}] = results;
  if (!error) return { address, values };
  const typed = errorOf(error, { address, cmdlet });
  if (typed instanceof NotFoundError) return { address, values: [], missing: typed };
  throw typed;
}

function lacking(sight: Sight, listed: readonly Listed[]): Problem[] {
  const { path, noun, name, by } = sight;
  const address = listed.map((one) => one.address).join(" and ");
  const values = listed.flatMap((one) => one.values);
  const missing = listed.length === 1 ? listed[0]?.missing : undefined;
  const names = values.map((value) => String(asBag(value)[by]));
  if (names.some((one) => same(one, name))) return [];
  if (noun === "file") {
    const where =
      missing && isDrive(missing)
        ? `, and ${address} has no such drive`
        : `, which ${address} ${listed.length > 1 ? "do" : "does"} not have`;
    return [{ path, reason: `names ${name}${where}. Create the file first, or name an existing one` }];
  }
  const some = names.slice(0, mostNames).map((one) => JSON.stringify(one));
  const they = listed.length > 1 ? "they have" : "it has";
  const others =
    some.length === 0 ? `${they} none` : `${they} ${some.join(", ")}${names.length > some.length ? ", ..." : ""}`;
  return [
    {
      path,
      reason: `names the ${noun} ${JSON.stringify(name)}, which ${address} ${listed.length > 1 ? "do" : "does"} not have; ${others}`,
    },
  ];
}

const mostNames = 10;

const isDrive = ({ errorId }: NotFoundError): boolean => errorId?.startsWith("DriveNotFound") === true;

function isOne(one: Sight, other: Sight): boolean {
  return one.noun === other.noun && same(one.name, other.name);
}

/** A place without a node is the first one's. */
function isSamePlace(one: Where, other: Where, [first = ""]: readonly string[]): boolean {
  if (!("node" in one) || !("node" in other)) return canonical(one).toLowerCase() === canonical(other).toLowerCase();
  const short = (node: string | undefined) => shortName(node ?? first).toLowerCase();
  return short(one.node) === short(other.node);
}
