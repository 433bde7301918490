import { parseLine } from "../../cli/powershell-line";
import { type Sample, samples, setupWorld } from "../samples";
import type { Declared, Stack } from "./stack";

export const nameOf = ({ property }: Sample) => `s-${property.replace(/\W+/g, "-").toLowerCase()}`;

/** A resource for each property of a kind, all in one program: what one does must not touch the others. */
export class SampleProgram {
  readonly own: readonly Sample[];
  private readonly vmIds: Record<string, string> = {};

  constructor(readonly kind: string) {
    this.own = samples.filter((sample) => sample.kind === kind);
  }

  /** Makes what must be there before. */
  async prepare(stack: Stack): Promise<void> {
    for (const line of [...setupWorld, ...this.own.flatMap((sample) => sample.setup?.(nameOf(sample)) ?? [])])
      await stack.run(parseLine(line), "HV01");
    for (const { machines } of (await stack.world()).nodes)
      for (const machine of machines) this.vmIds[machine.name] = machine.id;
  }

  declared(pick: "set" | "changed" | "removed"): (Declared & { args: Record<string, unknown> })[] {
    return this.own.map((sample) => {
      const name = nameOf(sample);
      const args = JSON.parse(
        JSON.stringify(sample[pick](name))
          .replaceAll('"$vm"', `"${this.vmIds[name]}"`)
          .replaceAll('"$other"', `"${this.vmIds[`${name}-other`]}"`),
      ) as Record<string, unknown>;
      return { kind: this.kind, name, args };
    });
  }
}
