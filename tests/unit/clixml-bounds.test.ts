import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import { most, TooMuchError } from "../../provider/host/session/bounds";
import { fromClixml, fromLine, readable, toClixml } from "../../provider/host/session/clixml";

const written = (elements: string) => fromClixml(`<Objs Version="1.1.0.1">${elements}</Objs>`);
const list = (id: number, within: string) => `<Obj RefId="${id}"><LST>${within}</LST></Obj>`;
const ref = (id: number) => `<Ref RefId="${id}"/>`;
const tooMuch = (said: RegExp) => (error: unknown) => {
  assert(error instanceof TooMuchError, String(error).slice(0, 200));
  assert.match(error.message, said);
  return true;
};

describe("CLIXML of a host that means harm", () => {
  it("is not followed where its references double per level", () => {
    const levels = Array.from({ length: 24 }, (_, level) => list(level, ref(level + 1) + ref(level + 1)));
    const text = `${levels.join("")}${list(24, "<S>x</S>")}`;
    assert(text.length < 2000);
    assert.throws(() => written(text), tooMuch(/more than 1,000,000 values/));
    // few are as good as any
    assert.deepEqual(written(list(0, ref(1) + ref(1)) + list(1, "<S>x</S>")), [["x"], ["x"]]);
  });

  it("has nothing in place of what is in itself, directly or round about", () => {
    assert.deepEqual(written(list(0, ref(0))), [null]);
    assert.deepEqual(written(list(0, ref(1)) + list(1, ref(0))), [[null]]);
    assert.equal(written(ref(7)), null);
  });

  it("overflows no stack, with 200,000 lists within each other or one after the other", () => {
    const deep = 200_000;
    assert.throws(
      () => written('<Obj RefId="0"><LST>'.repeat(deep) + "</LST></Obj>".repeat(deep)),
      tooMuch(/elements more than 64 deep/),
    );
    const chain = Array.from({ length: deep }, (_, at) => list(at, ref(at + 1)));
    assert.throws(() => written(chain.join("")), tooMuch(/values more than 64 deep/));
    assert.throws(
      () => written('<Obj RefId="0"><MS>'.repeat(deep) + "</MS></Obj>".repeat(deep)),
      tooMuch(/elements more than 64 deep/),
    );
  });

  it("has no more elements than a million, and no long text that is referred to again and again", () => {
    assert.throws(() => written("<Nil/>".repeat(most.values + 1)), tooMuch(/more than 1,000,000 elements/));
    const text = `<Obj RefId="0"><S>${"x".repeat(2 ** 20)}</S></Obj>`;
    assert.throws(() => written(list(1, text + ref(0).repeat(1000))), tooMuch(/more than 64 MiB of text/));
    const bytes = Buffer.alloc(2 ** 20).toString("base64");
    assert.throws(() => written(`<BA>${bytes}</BA>`), tooMuch(/more than 1,000,000 values/));
  });

  it("is inflated no further than an answer may be", () => {
    const line = deflateRawSync(Buffer.alloc(400 * 2 ** 20, 32)).toString("base64");
    assert(line.length < 0.6 * 2 ** 20);
    assert.throws(() => fromLine(line, "t"), tooMuch(/inflates to more than 64 MiB/));
  });

  it("says how much it was, so that several answers can be counted together", () => {
    const taken = { bytes: 0, values: 0 };
    const line = deflateRawSync(toClixml(["a", "b"])).toString("base64");
    fromLine(line, "t", taken);
    const once = { ...taken };
    assert.deepEqual({ ...once, bytes: once.bytes > 100 }, { bytes: true, values: 5 });
    fromLine(line, "t", taken);
    assert.deepEqual(taken, { bytes: 2 * once.bytes, values: 2 * once.values });
  });

  for (const [what, text] of [
    ["that breaks off", '<Objs><Obj RefId="0"><LST>'],
    ["that breaks off within a tag", "<Objs><S"],
    ["whose text breaks off", "<Objs><S>x"],
    ["that closes what is not open", "<Objs></Objs></Objs>"],
    ["that closes something else", "<Objs><S>x</I32></Objs>"],
    ["with something before it", "x<Objs></Objs>"],
    ["with an attribute without an end", `<Objs><S N="${"x".repeat(1000)}</Objs>`],
    ["with a comment", "<Objs><!-- x --></Objs>"],
    ["with entities of its own", '<!DOCTYPE x [<!ENTITY a "b">]><Objs><S>&a;</S></Objs>'],
  ] as const)
    it(`is refused ${what}`, () => assert.throws(() => fromClixml(text), /^Error: CLIXML that/));

  it("is searched once, however its quotes are placed", () => {
    for (const unit of [' b="<a c=" d="', '<a b="', "<a ", ' a="']) {
      const text = `<a${unit.repeat(200_000)}`;
      assert.throws(() => fromClixml(text), /^Error: CLIXML that/);
    }
  });

  it("has characters, dates and kinds that there are not as what can be shown", () => {
    assert.equal(written("<S>a&#x110000;b&#xFFFFFFFFFFFF;_xD83D_</S>"), "a\ufffdb\ufffd\ud83d");
    assert.equal(written("<DT>2024-99-99T99:99:99Z</DT>"), "2024-99-99T99:99:99Z");
    assert.equal(written("<C>x</C>"), "\0");
    for (const tag of ["constructor", "toString", "__proto__", "hasOwnProperty"])
      assert.equal(written(`<${tag}>x</${tag}>`), undefined);
    assert.equal(readable('<Objs V="1"><S S="Error">a&#x110000;</S></Objs>'), "a\ufffd");
  });

  it("gives no object another prototype", () => {
    const table =
      '<Obj RefId="0"><DCT><En><S N="Key">__proto__</S><Obj N="Value" RefId="1"><DCT/></Obj></En></DCT></Obj>';
    const value = written(table) as object;
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.deepEqual(Object.keys(value), ["__proto__"]);
  });
});
