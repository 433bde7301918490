// The PowerShell engine of the tests: found, or built from tests/powershell-lab into the user's cache where .NET is.
// @ts-check
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { cache } = require("./engine.cjs");

const project = path.resolve(__dirname, "..");
const sources = path.join(project, "tests", "powershell-lab");
const beside = path.join(project, "..", "shared", "tools", "powershell");
const home = path.join(cache(), "pulumi-hyperv", "powershell-lab");
const built = path.join(home, process.platform === "win32" ? "powershell-lab.exe" : "powershell-lab");

/** @returns {string | undefined} the engine, if there is one */
function findPowershell() {
  if (process.env.HYPERV_TEST_POWERSHELL) return process.env.HYPERV_TEST_POWERSHELL;
  return [beside, built].find((file) => fs.existsSync(file));
}

/** @returns {string} the engine that was built */
function buildPowershell() {
  const system = process.platform === "win32" ? "win" : process.platform === "darwin" ? "osx" : process.platform;
  const runtime = `${system}-${process.arch}`;
  fs.mkdirSync(path.dirname(home), { recursive: true });
  const scratch = fs.mkdtempSync(`${home}.new-`);
  try {
    const args = ["publish", "host", "-c", "Release", "-r", runtime, "--self-contained"];
    const options = ["-o", path.join(scratch, "engine"), `-p:LabBuild=${path.join(scratch, "build")}${path.sep}`];
    const { status, error } = spawnSync("dotnet", [...args, ...options], { cwd: sources, stdio: "inherit" });
    if (error) throw new Error("Building the PowerShell engine needs the .NET 10 SDK (dotnet) and Python 3.");
    if (status !== 0) throw new Error(`dotnet publish ended with ${status}.`);
    fs.rmSync(home, { recursive: true, force: true });
    fs.renameSync(path.join(scratch, "engine"), home);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
  return built;
}

module.exports = { buildPowershell, findPowershell };
