import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

const started = process.cwd();
let found = false;

/**
 * The provider's process starts where the program did, and finds this package from there (ran). Only a program that the CLI runs is
 * told: with mocks there is no provider, and an inline program of the Automation API may start it in another folder than its own.
 */
export function findProvider(): void {
  if (found || process.env.PULUMI_NODEJS_MONITOR === undefined) return;
  try {
    createRequire(join(started, "index.js")).resolve("pulumi-hyperv/provider");
    found = true;
  } catch {
    throw new pulumi.RunError(
      `pulumi-hyperv is not found from ${started}, where its provider starts: add it to the dependencies of the program itself, ` +
        "as with npm install pulumi-hyperv; a dependency of one of its libraries is not enough.",
    );
  }
}
