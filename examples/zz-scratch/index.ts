import * as pulumi from "@pulumi/pulumi";
class Thing extends pulumi.dynamic.Resource {
  declare readonly v: pulumi.Output<string>;
  constructor(name: string, v: string) {
    super({ create: async (i: any) => ({ id: "x", outs: i }) }, name, { v });
  }
}
console.log(process.version, require.resolve("@pulumi/pulumi"), (process as any)[Symbol.for("ts-node.register.instance")]?.ts?.version, require.resolve("ts-node"));
export const v = new Thing("a", "hello").v;
