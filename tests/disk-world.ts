import { parseLine } from "../cli/powershell-line";
import type { State } from "../provider/lifecycle/handlers";
import { PartialFailure } from "../provider/lifecycle/handlers";
import { Simulator, type WorldDescription } from "../provider/simulator";
import { Lifecycle } from "./lifecycle";

/** A host with two volumes, and the lifecycles of what stands on disks there. */
export class DiskWorld {
  readonly disks: Lifecycle;
  readonly machines: Lifecycle;
  readonly checkpoints: Lifecycle;

  private constructor(
    readonly simulator: Simulator,
    nodes: readonly string[],
  ) {
    this.disks = new Lifecycle("VirtualHardDisk", simulator, nodes);
    this.machines = new Lifecycle("VirtualMachine", simulator, nodes);
    this.checkpoints = new Lifecycle("Checkpoint", simulator, nodes);
  }

  static async make(lines: readonly string[] = [], description: Partial<WorldDescription> = {}): Promise<DiskWorld> {
    const hosts = description.nodes ?? [{ name: "HV01" }];
    const simulator = Simulator.inMemory({
      seed: "disks",
      guestsBoot: true,
      ...description,
      nodes: hosts.map((node) => ({
        volumes: ["C:\\", "D:\\", "E:\\"].map((root) => ({ root, sizeBytes: 2 ** 40 })),
        ...node,
      })),
    });
    const world = new DiskWorld(simulator, description.cluster ? hosts.map(({ name }) => name) : []);
    await world.types(...lines);
    return world;
  }

  /** What an administrator types on the first node. */
  async types(...lines: readonly string[]): Promise<void> {
    await this.typesOn("HV01", ...lines);
  }

  async typesOn(node: string, ...lines: readonly string[]): Promise<void> {
    for (const line of lines)
      for (const { error } of await this.simulator.run(node, parseLine(line)))
        if (error) throw new Error(`${line}: ${error.message}`);
  }

  /** Disks by their paths, with their identifiers; also those that are half made. */
  async files(): Promise<Record<string, string | undefined>> {
    const { nodes, cluster } = await this.simulator.world();
    const all = [...nodes.flatMap(({ files }) => Object.values(files)), ...Object.values(cluster?.files ?? {})];
    return Object.fromEntries(
      all.filter(({ path }) => /vhd/i.test(path)).map(({ path, vhd }) => [path, vhd?.identifier]),
    );
  }

  async paths(): Promise<string[]> {
    return Object.keys(await this.files()).sort();
  }

  async machine(name: string) {
    const { nodes } = await this.simulator.world();
    const found = nodes.flatMap(({ machines }) => machines).find((one) => one.name === name);
    if (!found) throw new Error(`There is no machine ${name}.`);
    return found;
  }

  /** As the engine does it: what failed half way is kept, and the next up goes on. */
  async update(state: State, inputs: Record<string, unknown>): Promise<{ state: State; failed: boolean }> {
    try {
      return { state: await this.disks.update(state, inputs), failed: false };
    } catch (error) {
      if (!(error instanceof PartialFailure)) throw error;
      return { state: { id: error.id, outputs: error.outputs }, failed: true };
    }
  }
}
