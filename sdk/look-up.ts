import * as pulumi from "@pulumi/pulumi";
import { findProvider } from "./reach";
import { providerText } from "./resource";

/** What to look for where the id is not known. */
export interface ByName {
  /** Name on the host; exactly one must have it. */
  name: pulumi.Input<string>;
  /** Node of the provider's `nodes` that is asked; all of them if not given. */
  node?: pulumi.Input<string> | undefined;
}

/** The id as given, or that of the one that has the name. */
export function idOf(
  kind: string,
  name: string,
  given: pulumi.Input<pulumi.ID> | ByName,
  opts: pulumi.CustomResourceOptions = {},
): pulumi.Input<pulumi.ID> {
  if (!isByName(given)) return given;
  // mocks give back what they are given: there a name stands for the id
  const { foundId } = new LookUp(kind, name, given, opts);
  return pulumi.all([foundId, given.name]).apply(([found, called]) => found ?? called);
}

function isByName(given: pulumi.Input<pulumi.ID> | ByName): given is ByName {
  return typeof given === "object" && !pulumi.Output.isInstance(given) && "name" in given;
}

/** A resource of its own, as the engine gives what is read the id that the program said, whatever the provider answers (ran). */
class LookUp extends pulumi.CustomResource {
  declare readonly foundId: pulumi.Output<string | undefined>;

  constructor(kind: string, name: string, by: ByName, { parent, provider, dependsOn }: pulumi.CustomResourceOptions) {
    findProvider();
    const id = pulumi.output(by).apply((known) => (known.node ? `${known.node}/${known.name}` : known.name));
    const inputs = { foundId: undefined, __lookUp: by, __provider: providerText(kind) };
    super(`pulumi-nodejs:dynamic/hyperv:${kind}ByName`, name, inputs, { parent, provider, dependsOn, id });
  }
}
