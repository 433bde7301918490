import * as pulumi from "@pulumi/pulumi";
import { findProvider } from "./reach";

/** What a resource has: what the program says, what the host has of it instead, and what only the host knows. */
export type Outputs<T> = {
  readonly [Key in keyof T]-?: pulumi.Output<Exclude<T[Key], undefined> | Extract<T[Key], undefined>>;
};

/** Names of a resource's properties. The compiler sees that none is missing. */
export type Names<T> = { readonly [Key in keyof Required<T>]: undefined };

// the state of every stack holds this text, and evaluates it to find us: it never changes
export const providerText = (kind: string): string =>
  `exports.handler=()=>require('pulumi-hyperv/provider').get('${kind}')`;

/** Only an output can be secret; what was observed is then stored as a secret too. */
function holdsOutput(value: unknown): boolean {
  if (pulumi.Output.isInstance(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsOutput);
}

/** What only the outputs in its arguments tell: that there is a secret, and, in an up that goes on after errors, what has failed. */
function marksOf(given: object): object {
  return {
    __secret: pulumi.isSecret(pulumi.output(given)).then((secret) => secret || undefined),
    ...(!pulumi.runtime.isDryRun() && { __lacks: failedIn(outputsIn(given)) }),
  };
}

function outputsIn(value: unknown): Unresolved[] {
  if (pulumi.Output.isInstance(value)) return [value as unknown as Unresolved];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(outputsIn) : [];
}

/** In an up only what has failed, or was skipped for it, has outputs that nobody knows (ran). */
async function failedIn(outputs: readonly Unresolved[]): Promise<string[] | undefined> {
  const names = new Set<string>();
  let isWhole = true;
  for (const output of outputs) {
    if ((await output.isKnown) !== false) continue;
    isWhole = false;
    for (const { __name } of (await output.allResources?.()) ?? []) if (__name !== undefined) names.add(__name);
  }
  return isWhole ? undefined : [...names];
}

/** Of an output, though no public interface of the SDK. */
interface Unresolved {
  isKnown?: Promise<boolean>;
  allResources?(): Promise<Iterable<{ __name?: string }>>;
}

/**
 * Short, as the engine writes all state anew for each step. A promise, as an output of the parent's urn carries the parent: a
 * component stands for all its children, which would then wait for each other.
 */
function shortUrn(name: string, type: string, parent: pulumi.Resource | undefined): Promise<string> {
  return new Promise((resolve) => {
    pulumi
      .createUrn(name, type, parent)
      .apply((urn) => resolve(urn.replace("urn:pulumi:", "").replace(`${type}::`, "*::")));
  });
}

/** Of what cannot stand beside what replaces it: `--replace` and a taint are the engine's own, and do not ask the provider. */
export const alone = (opts?: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions => ({
  deleteBeforeReplace: true,
  ...opts,
});

/** What the resources of one class have in common. */
export interface Shape {
  kind: string;
  /** Names of its properties. */
  names: Readonly<Record<string, undefined>>;
}

/** What all resources share: how the engine finds their provider, and which properties they have. */
export abstract class HyperVResource extends pulumi.CustomResource {
  protected constructor({ kind, names }: Shape, name: string, args: object, opts: pulumi.CustomResourceOptions = {}) {
    const type = `pulumi-nodejs:dynamic/hyperv:${kind}`;
    findProvider();
    if (opts.import !== undefined)
      throw new pulumi.RunError(
        `${kind} "${name}": the option import does not reach dynamic providers. Set adopt: true to take over an existing one, or ` +
          "import it from a file: npx pulumi-hyperv import.",
      );
    // with an id it is read, not made: that it is missing is then an error
    const given = opts.id === undefined ? args : { __get: true };
    const own = {
      // for progress on its row
      __urn: shortUrn(name, type, opts.parent),
      __provider: providerText(kind),
      // both are what the engine does not tell a dynamic provider
      ...(opts.id === undefined && pulumi.runtime.isDryRun() && { __preview: true }),
      ...(opts.customTimeouts && { __timeouts: opts.customTimeouts }),
      ...(holdsOutput(given) && marksOf(given)),
    };
    // the SDK keeps a stack trace for every property of every resource, for its own debugging; a third of a preview's time
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      super(type, name, { ...names, ...given, ...own }, opts);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    // an engine older than the SDK does not say it in a preview, where all that depends on it would then be replaced (ran)
    const { id } = opts;
    if (id !== undefined) Object.assign(this, { id: pulumi.all([this.urn, id]).apply(([, known]) => known) });
    if ((opts.replaceOnChanges ?? []).length > 0)
      void pulumi.log.warn(
        "The option replaceOnChanges has no effect: the provider itself says which changes replace. Run pulumi up --replace to replace it.",
        this,
      );
  }
}
