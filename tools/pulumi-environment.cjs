// @ts-check
const fs = require("node:fs");
const path = require("node:path");

/**
 * The environment in which the CLI works offline and leaves nothing outside `folder`: stacks, plugins and settings are there.
 * None of the user's own variables for Pulumi and for our provider pass.
 * @param {import("./engine.cjs").Engine} engine
 * @param {string} folder made if it does not exist
 * @returns {Record<string, string>}
 */
function pulumiEnvironment(engine, folder) {
  const state = path.resolve(folder, "state");
  const home = path.resolve(folder, "home");
  for (const made of [state, home]) fs.mkdirSync(made, { recursive: true });
  return {
    ...plain(process.env),
    PATH: [...engine.folders, process.env.PATH ?? ""].join(path.delimiter),
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${state.replaceAll("\\", "/")}`, // on Windows too with two slashes: three make C:\C:\
    PULUMI_CONFIG_PASSPHRASE: "", // must be set, though empty
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_CONFIRMATIONS: "true",
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true", // `npm run types` checks programs too, once and not at each run
  };
}

/**
 * Lets a program in `folder`, outside this checkout, use the packages installed here, this one by its name among them.
 * The folder needs a package.json, or Pulumi warns.
 * @param {string} folder
 */
function linkPackages(folder) {
  const packages = path.join(__dirname, "..", "node_modules");
  fs.symlinkSync(packages, path.join(folder, "node_modules"), "junction"); // Windows lets every user make those
}

/** @param {NodeJS.ProcessEnv} env */
function plain(env) {
  /** @type {Record<string, string>} */
  const kept = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && !/^(PULUMI_|HYPERV_(?!TEST_))/i.test(name))
      kept[name.toUpperCase() === "PATH" ? "PATH" : name] = value;
  return kept;
}

module.exports = { linkPackages, pulumiEnvironment };
