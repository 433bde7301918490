import type * as pulumi from "@pulumi/pulumi";
import type { Names, Outputs } from "./resource";
import { alone, HyperVResource } from "./resource";
import type { PrivateNetworkArgs, PrivateNetworkProperties } from "./types.generated";

const names: Names<PrivateNetworkProperties> = {
  name: undefined,
  notes: undefined,
  node: undefined,
  adopt: undefined,
};

export interface PrivateNetwork extends Outputs<PrivateNetworkProperties> {}

/**
 * A network that only machines of one host are on.
 *
 * ```ts
 * new hyperv.PrivateNetwork("storage", { notes: "for backups" });
 * ```
 *
 * Privileges: Administrators.
 *
 * Errors: *refused* where the host has a switch of the name.
 *
 * Destroy removes it.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the outputs are the schema's, and the engine sets them
export class PrivateNetwork extends HyperVResource {
  constructor(name: string, args: PrivateNetworkArgs, opts?: pulumi.CustomResourceOptions) {
    super({ kind: "PrivateNetwork", names }, name, { ...args, name: args.name ?? name }, alone(opts));
  }

  /** Reads one that is managed elsewhere, by its id. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): PrivateNetwork {
    return new PrivateNetwork(name, {} as PrivateNetworkArgs, { ...opts, id });
  }
}
