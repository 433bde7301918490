// The nodes of a cluster, of which the configuration pauses one for service: what runs on it moves away, and back afterwards.
// Needs a cluster; set hyperv:nodes. Destroy leaves every node as it is.
import * as pulumi from "@pulumi/pulumi";
import * as hyperv from "pulumi-hyperv";

const config = new pulumi.Config();
const nodes = config.getObject<string[]>("nodes") ?? ["HV01", "HV02"];
const inService = config.get("inService");

for (const node of nodes)
  new hyperv.ClusterNode(node, { node, state: node === inService ? "Paused" : "Up", failback: "Immediate" });
