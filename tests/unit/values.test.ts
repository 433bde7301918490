import assert from "node:assert/strict";
import { complete } from "../../provider/lifecycle/inputs/defaults";
import {
  equal,
  fillUnknown,
  receive,
  restrict,
  send,
  storable,
  unknown,
  unknownPaths,
  unwrapSecrets,
  whereKnown,
} from "../../provider/lifecycle/values";
import { schema } from "../../provider/resources/virtual-machine/schema";

const text = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("values of the engine", () => {
  it("turn every kind of unknown into one, and back", () => {
    const sent = {
      a: text,
      b: [1, "dd056dcd-154b-4c76-9bd3-c8f88648b5ff"],
      c: { d: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7" },
    };
    const received = receive(sent);
    assert.deepEqual(received, { a: unknown, b: [1, unknown], c: { d: unknown } });
    assert.deepEqual(unknownPaths(received), [["a"], ["b", 1], ["c", "d"]]);
    assert.deepEqual(send(received), { a: text, b: [1, text], c: { d: text } });
  });

  it("lose undefined at any depth before they go out, and keep null", () => {
    assert.deepEqual(storable({ a: undefined, b: { c: undefined, d: null }, e: [undefined, 1] }), {
      b: { d: null },
      e: [null, 1],
    });
  });

  it("are refused with their path where the engine would damage them", () => {
    assert.throws(
      () => storable({ a: { b: [new Date(0)] } }),
      /^Error: a\.b\[0\] is a Date, which Pulumi cannot store\.$/,
    );
    assert.throws(() => storable({ a: Number.NaN }), /a is NaN/);
    assert.throws(() => storable({ a: 2 ** 53 }), /beyond 2\^53/);
    assert.throws(() => storable({ a: 1n }), /a bigint/);
    assert.throws(() => storable({ a: Buffer.from("x") }), /a Buffer/);
  });

  it("unwrap the nested secrets of an explicit provider", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "x" };
    assert.deepEqual(unwrapSecrets({ a: [{ b: secret }] }), { a: [{ b: "x" }] });
  });

  it("end a rule that reads what is not known, and no other", () => {
    const value: { a: unknown; b: number } = { a: unknown, b: 1 };
    assert.equal(
      whereKnown(value, ({ b }) => b, 0),
      1,
    );
    assert.equal(
      whereKnown(value, ({ a }) => a, "ended"),
      "ended",
    );
    assert.equal(
      whereKnown({ list: [{ a: unknown }] }, ({ list }) => list.map(({ a }) => a).length, -1),
      -1,
    );
    assert.deepEqual(
      whereKnown(
        { list: [{ a: unknown }, unknown, { a: 1 }] as { a: unknown }[] },
        ({ list }) => list.flatMap(({ a }) => [a]),
        [],
      ),
      [1],
    );
  });

  it("take what is recorded in place of what is not known", () => {
    assert.deepEqual(fillUnknown({ a: unknown, b: { c: unknown, d: 1 }, e: [unknown] }, { a: 1, b: { c: 2 } }), {
      a: 1,
      b: { c: 2, d: 1 },
    });
  });

  it("take a list as it is recorded where any of its elements is not known", () => {
    assert.deepEqual(fillUnknown({ list: ["b", unknown], same: ["b"] }, { list: ["a", "b"], same: ["a"] }), {
      list: ["a", "b"],
      same: ["b"],
    });
    assert.deepEqual(fillUnknown([{ path: "b" }, { path: unknown }], [{ path: "a" }]), [{ path: "a" }]);
  });

  it("are compared by content, whatever the order of keys", () => {
    assert.ok(equal({ a: 1, b: { c: 2, d: undefined } }, { b: { c: 2 }, a: 1 }));
    assert.ok(!equal([1, 2], [2, 1]));
  });

  it("are cut to the keys that were recorded", () => {
    assert.deepEqual(restrict({ a: 1, b: { c: 2, d: 3 }, e: 4 }, { a: 0, b: { c: 0 } }), { a: 1, b: { c: 2 } });
  });

  it("get the defaults of their schema at every depth, whether they are valid or not", () => {
    const filled = complete(schema, { name: 1, memory: { startupBytes: "x" } }) as Record<string, unknown>;
    assert.deepEqual(filled.memory, { startupBytes: "x", dynamicMemoryEnabled: false, priority: 50 });
    assert.deepEqual(filled.shutdown, { timeoutSeconds: 300, onTimeout: "Fail" });
    assert.equal(filled.name, 1);
    assert.ok(!("node" in filled));
  });
});
