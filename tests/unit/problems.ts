import assert from "node:assert/strict";
import { definitions } from "../../provider";
import { Handlers } from "../../provider/lifecycle/handlers";

/** What the program says, and all that must be said about it. */
export type Case = [claim: string, kind: string, inputs: Record<string, unknown>, expected: RegExp[], nodes?: string[]];

export function problems(kind: string, inputs: Record<string, unknown>, nodes: string[] = []): string[] {
  const definition = definitions.find((candidate) => candidate.kind === kind);
  assert.ok(definition);
  return new Handlers(definition).check(inputs, nodes).problems;
}

/** A test that a check of the inputs says all of it, and nothing more. */
export function itNames([claim, kind, inputs, expected, nodes]: Case): void {
  it(claim, () => {
    const found = problems(kind, inputs, nodes);
    assert.equal(found.length, expected.length, found.join("\n"));
    for (const pattern of expected)
      assert.ok(
        found.some((problem) => pattern.test(problem)),
        `${pattern} is not in:\n${found.join("\n")}`,
      );
  });
}
