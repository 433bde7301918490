import * as pulumi from "@pulumi/pulumi";

/** What a resource has: what the program says, what the host has of it instead, and what only the host knows. */
export type Outputs<T> = {
  readonly [Key in keyof T]-?: pulumi.Output<Exclude<T[Key], undefined> | Extract<T[Key], undefined>>;
};

/** Names of a resource's properties. The compiler sees that none is missing. */
export type Names<T> = { readonly [Key in keyof Required<T>]: undefined };

// the state of every stack holds this text, and evaluates it to find us: it never changes
const provider = (kind: string): string => `exports.handler=()=>require('pulumi-hyperv/provider').get('${kind}')`;

/** Only an output can be secret; what was observed is then stored as a secret too. */
function holdsOutput(value: unknown): boolean {
  if (pulumi.Output.isInstance(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsOutput);
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

/** What all resources share: how the engine finds their provider, and which properties they have. */
export abstract class HyperVResource extends pulumi.CustomResource {
  protected constructor(
    kind: string,
    name: string,
    names: Readonly<Record<string, undefined>>,
    args: object,
    opts: pulumi.CustomResourceOptions = {},
  ) {
    const type = `pulumi-nodejs:dynamic/hyperv:${kind}`;
    if (opts.import !== undefined)
      throw new pulumi.RunError(
        `${kind} "${name}": the option import does not reach dynamic providers. Set adopt: true to take over what is there, or ` +
          "import it from a file: npx pulumi-hyperv import.",
      );
    // with an id it is read, not made: that it is missing is then an error
    const given = opts.id === undefined ? args : { __get: true };
    const own = {
      // for progress on its row
      __urn: shortUrn(name, type, opts.parent),
      __provider: provider(kind),
      ...(holdsOutput(given) && {
        __secret: pulumi.isSecret(pulumi.output(given)).then((secret) => secret || undefined),
      }),
    };
    // the SDK keeps a stack trace for every property of every resource, for its own debugging; a third of a preview's time
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      super(type, name, { ...names, ...given, ...own }, opts);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    if ((opts.replaceOnChanges ?? []).length > 0)
      void pulumi.log.warn(
        "The option replaceOnChanges has no effect: the provider itself says which changes replace. Run pulumi up --replace to replace it.",
        this,
      );
  }
}
