import assert from "node:assert/strict";
import { host, machine, succeeded } from "./machine-on-a-host";
import { type Declared, engineSuite, Stack } from "./stack";

engineSuite("through the real engine", () => {
  let stack: Stack;
  const made = async (...args: Parameters<typeof Stack.make>) => {
    stack = await Stack.make(...args);
    return stack;
  };
  afterEach(() => stack?.remove());
  const machines = async () => (await stack.world()).nodes.flatMap((node) => node.machines);

  it("names and notes of any kind arrive as they are, and machines named like patterns touch no others", async () => {
    await made(host);
    const names = ["a*", "[x]", "ab", "x", 'O\'Brien "x" $(throw) `n [a]* 日本'];
    const declared = (notes: string) =>
      names.map(
        (name, index): Declared => ({
          kind: "VirtualMachine",
          name: `m${index}`,
          args: { name, notes: `${notes} ${name}`, networkAdapters: [] },
        }),
      );
    succeeded(await stack.declare(declared("one")).up());
    succeeded(await stack.preview("--expect-no-changes"));
    succeeded(await stack.declare([...declared("two").slice(0, 2), ...declared("one").slice(2)]).up());
    assert.deepEqual(
      (await machines()).map(({ name, notes }) => [name, notes]).sort(),
      names.map((name, index) => [name, `${index < 2 ? "two" : "one"} ${name}`]).sort(),
    );
    succeeded(await stack.declare(declared("one").slice(2)).up());
    assert.deepEqual((await machines()).map(({ name }) => name).sort(), names.slice(2).sort());
  });

  it("a secret is nowhere in the state in clear", async () => {
    await made(host);
    const notes = { $secret: "topsecretvalue" };
    succeeded(await stack.declare([machine({ notes })]).up());
    succeeded(await stack.refresh());
    const { output } = await stack.pulumi(["stack", "export"]);
    assert.doesNotMatch(output, /topsecretvalue/);
    succeeded(await stack.preview("--expect-no-changes"));
    assert.deepEqual(
      (await machines()).map(({ notes: text }) => text),
      ["topsecretvalue"],
    );
  });
});
