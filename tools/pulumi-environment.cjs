// @ts-check
const fs = require("node:fs");
const path = require("node:path");

/**
 * The environment in which the CLI works offline and leaves nothing outside `folder`: stacks, plugins and settings are there.
 * None of the user's own Pulumi variables pass.
 * @param {import("./engine.cjs").Engine} engine
 * @param {string} folder made if it does not exist; must not lie below a folder that is deleted earlier
 * @returns {Record<string, string>}
 */
function pulumiEnvironment(engine, folder) {
  const state = path.resolve(folder, "state");
  const home = path.resolve(folder, "home");
  for (const made of [state, home]) fs.mkdirSync(made, { recursive: true });
  const { PATH: _, ...rest } = plain(process.env);
  return {
    ...rest,
    PATH: [...engine.folders, process.env.PATH].join(path.delimiter),
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

/** @param {NodeJS.ProcessEnv} env */
function plain(env) {
  /** @type {Record<string, string>} */
  const kept = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && !name.toUpperCase().startsWith("PULUMI_")) kept[name.toUpperCase() === "PATH" ? "PATH" : name] = value;
  return kept;
}

module.exports = { pulumiEnvironment };
