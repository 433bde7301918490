// @ts-check
// Finds the Pulumi engine: an installed one, else one built from Go modules into the user's cache.
// `node tools/engine.cjs` builds it if need be and prints where the CLI is.
const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { alone } = require("./lock.cjs");

const built = "3.259.0"; // the newest whose modules are served
const oldest = [3, 216]; // the SDK's read reports inputs since then
const windows = process.platform === "win32";
const exe = windows ? ".exe" : "";
const dynamicProvider = ["pulumi-resource-pulumi-nodejs", "pulumi-resource-pulumi-nodejs.cmd"];
const sdk = path.join(__dirname, "..", "node_modules", "@pulumi", "pulumi");
const home = path.join(cache(), "pulumi-hyperv", `engine-${built}`);

// The Node host is no module of its own; 3.68.0 is the last SDK that holds it, and works with newer engines.
const parts = [
  { folder: "pulumi", makes: "the Pulumi CLI", version: built, tags: "osusergo,grpcnotrace" },
  { folder: "language-nodejs", makes: "its Node.js host", version: "3.68.0", tags: "osusergo" },
];

const install = "Install Pulumi (https://www.pulumi.com/docs/install/), or Go 1.25 or newer to have it built here.";

/**
 * @typedef {object} Engine
 * @property {string} pulumi path of the CLI
 * @property {string} version such as 3.259.0
 * @property {string[]} folders to put in front of PATH: the CLI starts its Node host and dynamic provider from there
 */

/**
 * The engine, built if there is none: takes minutes, once a machine.
 * @param {{ say?: (line: string) => void }} [options]
 * @returns {Promise<Engine>}
 */
async function engine({ say = (line) => console.error(line) } = {}) {
  const found = findEngine();
  if (found) return found;
  if (!fs.existsSync(sdk)) throw new Error("There is no @pulumi/pulumi in node_modules: run `npm ci` first.");
  if (spawnSync("go", ["version"]).status !== 0) throw new Error(`There is no Pulumi engine. ${install}`);
  await alone(
    `${home}.lock`,
    async () => {
      if (!cached()) await build(say);
    },
    () => say("Waiting for another process that builds the Pulumi engine."),
  );
  const made = cached();
  if (!made) throw new Error(`The Pulumi engine was built, but ${home} lacks a part of it.`);
  return made;
}

/**
 * The engine if there is one already.
 * @returns {Engine | undefined}
 */
function findEngine() {
  return installed() ?? cached();
}

/** @returns {Engine | undefined} */
function installed() {
  const pulumi = onPath("pulumi");
  if (!pulumi || !onPath("pulumi-language-nodejs", path.dirname(fs.realpathSync(pulumi)))) return undefined;
  const version = spawnSync(pulumi, ["version"], {
    encoding: "utf8",
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  const [, major, minor] = /v?(\d+)\.(\d+)\.\d+/.exec(version.stdout ?? "") ?? [];
  if (Number(major) !== oldest[0] || Number(minor) < Number(oldest[1])) return undefined;
  return { pulumi, version: version.stdout.trim().replace(/^v/, ""), folders: [] };
}

/** @returns {Engine | undefined} */
function cached() {
  addDynamicProvider();
  const all = [`pulumi${exe}`, `pulumi-language-nodejs${exe}`, ...dynamicProvider].map((name) => path.join(home, name));
  if (!all.every((file) => fs.existsSync(file))) return undefined;
  return { pulumi: path.join(home, `pulumi${exe}`), version: built, folders: [home] };
}

/** The third part is in the SDK. It has to lie beside the CLI, which warns when it comes from elsewhere on PATH. */
function addDynamicProvider() {
  for (const name of dynamicProvider) {
    const from = path.join(sdk, name);
    const to = path.join(home, name);
    if (fs.existsSync(home) && fs.existsSync(from) && !fs.existsSync(to)) fs.copyFileSync(from, to);
  }
}

/** @param {(line: string) => void} say */
async function build(say) {
  say(`Building the Pulumi engine ${built}: once, about 5 minutes. An installed Pulumi would be used instead.`);
  const began = Date.now();
  for (const left of fs.readdirSync(path.dirname(home)))
    if (left.startsWith(`${path.basename(home)}.new-`))
      fs.rmSync(path.join(path.dirname(home), left), { recursive: true });
  const temporary = fs.mkdtempSync(`${home}.new-`);
  try {
    for (const part of parts) await buildPart(part, temporary, (what) => say(`  ${what}, ${seconds(began)} s`));
    fs.rmSync(home, { recursive: true, force: true });
    fs.renameSync(temporary, home);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
  say(`The Pulumi engine is built: ${seconds(began)} s.`);
}

/**
 * @param {(typeof parts)[number]} part
 * @param {string} into
 * @param {(what: string) => void} progress
 */
function buildPart({ folder, makes, version, tags }, into, progress) {
  const stamp = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  const flags = ["-v", "-mod=readonly", "-buildvcs=false", "-trimpath", "-tags", tags, "-ldflags", stamp];
  const go = spawn("go", ["build", ...flags, "-o", into + path.sep, "tool"], {
    cwd: path.join(__dirname, "engine", folder),
    env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const counts = { downloaded: 0, compiled: 0 };
  /** @type {string[]} */
  const other = [];
  require("node:readline")
    .createInterface({ input: go.stderr })
    .on("line", (line) => {
      if (line.startsWith("go: downloading")) counts.downloaded++;
      else if (/^[\w./~-]+$/.test(line)) counts.compiled++;
      else other.push(line);
    });
  const clock = setInterval(
    () => progress(`${makes}: ${counts.downloaded} modules downloaded, ${counts.compiled} packages compiled`),
    15_000,
  );
  return new Promise((resolve, reject) => {
    go.on("error", reject);
    go.on("close", (code) => {
      clearInterval(clock);
      if (code === 0) resolve(undefined);
      else
        reject(
          new Error(`Unable to build ${makes}: go ended with ${code}.\n${other.slice(-20).join("\n")}\n${install}`),
        );
    });
  });
}

/** @param {number} since */
function seconds(since) {
  return Math.round((Date.now() - since) / 1000);
}

/**
 * @param {string} name
 * @param {string} [first] a folder to look in before
 */
function onPath(name, first) {
  const folders = [...(first ? [first] : []), ...(process.env.PATH ?? "").split(path.delimiter)];
  return folders
    .map((folder) => path.join(folder, name + exe))
    .find((file) => path.isAbsolute(file) && fs.existsSync(file));
}

function cache() {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  if (windows) return process.env.LOCALAPPDATA ?? path.join(os.homedir(), "AppData", "Local");
  return path.join(os.homedir(), ...(process.platform === "darwin" ? ["Library", "Caches"] : [".cache"]));
}

module.exports = { cache, engine, findEngine };

if (require.main === module)
  engine().then(
    ({ pulumi }) => console.log(pulumi),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
