import { isReference, type Select } from "../../provider/calls";
import type { Case } from "./cases";

/** Properties of earlier results that a case expects again: they are asked for with those results, and kept. */
export class Remembered {
  private readonly selects = new Map<string, Select>();
  private readonly results = new Map<string, readonly unknown[]>();

  constructor({ steps }: Case) {
    for (const step of steps) if ("call" in step) this.find(step.expect);
  }

  selectOf(name: string | undefined): Select | undefined {
    return name === undefined ? undefined : this.selects.get(name);
  }

  keep(name: string, values: readonly unknown[]): void {
    this.results.set(name, values);
  }

  /** Puts values in place of references. */
  resolve(expected: unknown): unknown {
    if (isReference(expected)) {
      const path = (expected.property ?? "").split(".");
      const values = (this.results.get(expected.$ref) ?? []).flatMap((value) => path.reduce(step, value));
      return values.length === 1 ? values[0] : values;
    }
    if (Array.isArray(expected)) return expected.map((item) => this.resolve(item));
    if (typeof expected !== "object" || expected === null) return expected;
    return Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, this.resolve(value)]));
  }

  private find(expected: unknown): void {
    if (typeof expected !== "object" || expected === null) return;
    if (!isReference(expected)) {
      for (const part of Object.values(expected)) this.find(part);
      return;
    }
    const select = this.selects.get(expected.$ref) ?? {};
    this.selects.set(expected.$ref, select);
    let at = select;
    for (const property of (expected.property ?? "").split(".")) {
      const below: Select = {};
      at[property] = below;
      at = below;
    }
  }
}

function step(value: unknown, property: string): unknown {
  if (Array.isArray(value)) return value.flatMap((item) => step(item, property));
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[property] : undefined;
}
