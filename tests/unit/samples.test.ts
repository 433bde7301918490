import assert from "node:assert/strict";
import { definitions } from "../../provider";
import { Handlers } from "../../provider/lifecycle/handlers";
import { samples } from "../samples";

/** Whether arguments have the property; of the elements of a list, any of them. */
function has(value: unknown, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return value !== undefined;
  if (first === "[]") return Array.isArray(value) && value.some((item) => has(item, rest));
  return typeof value === "object" && value !== null && has((value as Record<string, unknown>)[first], rest);
}

const keysOf = (property: string) => property.replaceAll("[]", ".[]").split(".");

describe("a sample of every property", () => {
  for (const sample of samples)
    it(`${sample.kind} ${sample.property} ${sample.kept ? `keeps it, ${sample.kept}` : "takes it out of the program"}`, () => {
      const removed = sample.removed("a");
      assert.equal(has(removed, keysOf(sample.property)), sample.kept !== undefined);
      if (sample.kept !== "required") return;
      const definition = definitions.find(({ kind }) => kind === sample.kind);
      assert(definition);
      const { [sample.property]: _left, ...rest } = removed;
      const { problems } = new Handlers(definition).check(rest, ["HV01", "HV02"]);
      assert(
        problems.some((problem) => problem.startsWith(`${sample.property} is required`)),
        problems.join("\n"),
      );
    });
});
