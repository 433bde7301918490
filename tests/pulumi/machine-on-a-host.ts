import assert from "node:assert/strict";
import type { Declared } from "./stack";

const GiB = 2 ** 30;
export const host = { nodes: [{ name: "HV01" }], guestsBoot: true };
export const machine = (args: Record<string, unknown> = {}): Declared => ({
  kind: "VirtualMachine",
  name: "web",
  args: { memory: { startupBytes: GiB }, ...args },
});

export function succeeded(run: { code: number; output: string }): void {
  assert.equal(run.code, 0, run.output);
}
