// The program of Pulumi.yaml: example 03, on a simulated cluster that is created when there is none. Builds the package first where
// it is not built, as the program and the provider load it by its name.
const { spawnSync } = require("node:child_process");
const { existsSync } = require("node:fs");
const { join } = require("node:path");

module.exports = async () => {
  build();
  await createWorldIfMissing();
  require("ts-node/register/transpile-only");
  return require("./examples/03-cluster");
};

function build() {
  const { status } = spawnSync(process.execPath, [join(__dirname, "tools", "run.mjs"), "build"], { stdio: "inherit" });
  if (status !== 0) throw new Error("The package cannot be built.");
}

async function createWorldIfMissing() {
  const pulumi = require("@pulumi/pulumi");
  const { createWorld, saveWorld } = require("pulumi-hyperv/simulator");
  const config = new pulumi.Config("hyperv");
  const file = config.get("simulator");
  // a stack may be configured for real hosts
  if (config.get("transport") !== "simulator" || !file || existsSync(file)) return;
  const nodes = config.getObject("nodes") ?? ["HV01", "HV02"];
  const named = nodes.map((node) => ({ name: node.name ?? node }));
  await saveWorld(file, createWorld({ nodes: named, cluster: { name: "LAB" }, guestsBoot: true }));
}
