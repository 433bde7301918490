#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { doctorCommand } from "./doctor";
import { errorLine } from "./error-line";
import { importCommand } from "./import";
import { simulatorCommand } from "./simulator";

const { version } = JSON.parse(readFileSync(require.resolve("pulumi-hyperv/package.json"), "utf8")) as {
  version: string;
};

const program = new Command("pulumi-hyperv")
  .description("Tools beside the Pulumi resources for Microsoft Hyper-V")
  .version(version)
  .addCommand(doctorCommand())
  .addCommand(importCommand())
  .addCommand(simulatorCommand());

program.parseAsync().catch((error: unknown) => {
  console.error(errorLine(error));
  process.exitCode = 1;
});
