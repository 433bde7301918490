#!/usr/bin/env node
// The command. What npm packs is built; in a clone it may not be, or not any more.
const { spawnSync } = require("node:child_process");
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const tools = join(__dirname, "..", "tools", "run.mjs");
if (existsSync(tools)) {
  // what it says is not what the command prints
  const { status } = spawnSync(process.execPath, [tools, "build"], { stdio: ["ignore", 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}
require("../dist/cli/index.js");
