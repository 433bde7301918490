import * as pulumi from "@pulumi/pulumi";
import type { ProviderArgs } from "./types.generated";

const secrets: ReadonlySet<string> = new Set<keyof ProviderArgs>(["password", "privateKey", "passphrase"]);

/**
 * A Hyper-V host, or the nodes of a failover cluster, that resources are on. Programs with one host need none: they set
 * the same arguments in stack config (`pulumi config set hyperv:address hv01`).
 *
 * ```ts
 * const cluster = new hyperv.Provider("cluster", { user: "CORP\\pulumi", privateKey, nodes: ["hv01", "hv02"] });
 * const machine = new hyperv.VirtualMachine("web", { state: "Running" }, { provider: cluster });
 * ```
 *
 * A change of its arguments replaces nothing: the resources are found again by their ids. Give it addresses that are
 * known in a preview; with one that is not, nothing below it can be checked or compared.
 *
 * Privileges: members of Hyper-V Administrators manage machines, disks and internal switches; external switches and
 * cluster roles need Administrators.
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    // names with a colon are what the provider's process can ask for, and the same that stack config has
    const inputs = Object.fromEntries(
      Object.entries(args).map(([key, value]) => [`hyperv:${key}`, secrets.has(key) ? pulumi.secret(value) : value]),
    );
    // without it the provider's process would take it for the one that the engine makes, for which the environment speaks too: a
    // password there is not for this one's host
    super("pulumi-nodejs", name, { ...inputs, "hyperv:__explicit": true }, opts);
  }
}
