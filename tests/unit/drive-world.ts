import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

export type Inputs = Record<string, unknown>;

export const [a, b, c, typo] = ["D:\\a.vhdx", "D:\\b.vhdx", "D:\\c.vhdx", "D:\\typo.vhdx"];
const iso = "D:\\one.iso";
export const running = { name: "web", state: "Running" };
export const paths = (...all: string[]) => all.map((path) => ({ path }));

/** Three disks and a disc, for a machine and what else the lines make. */
async function host(...lines: string[]): Promise<Simulator> {
  const simulator = Simulator.inMemory({
    nodes: [{ name: "HV01", offlineDisks: [7] }],
    guestsBoot: true,
    seed: "drives",
  });
  for (const path of [a, b, c]) await run(simulator, `New-VHD -Path ${path} -SizeBytes 1GB`);
  await simulator.happen({ touch: iso, sizeBytes: 2 ** 20 });
  await run(simulator, ...lines);
  return simulator;
}

async function run(simulator: Simulator, ...lines: string[]): Promise<void> {
  for (const line of lines) {
    const results = await simulator.run("HV01", parseLine(line));
    assert.deepEqual(
      results.flatMap(({ error }) => error?.message ?? []),
      [],
      line,
    );
  }
}

export async function machineOf(simulator: Simulator) {
  const machines = (await simulator.world()).nodes.flatMap((node) => node.machines);
  return machines.find(({ name }) => name === "web") ?? assert.fail();
}

export async function attached(simulator: Simulator): Promise<string[]> {
  const { drives, state } = await machineOf(simulator);
  const shown = drives.map(
    (drive) =>
      `${drive.controllerType} ${drive.controllerNumber}:${drive.controllerLocation} ${drive.path ?? drive.diskNumber ?? "empty"}`,
  );
  return [state, ...shown.sort()];
}

export async function made(inputs: Inputs, ...lines: string[]) {
  const simulator = await host(...lines);
  const lifecycle = new Lifecycle("VirtualMachine", simulator);
  const state = await lifecycle.create(inputs);
  return { simulator, lifecycle, state };
}
