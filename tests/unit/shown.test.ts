import assert from "node:assert/strict";
import { errorOf, HostError, RefusedError } from "../../provider/host/errors";
import { shown, shownJson } from "../../provider/text/shown";

describe("a host's text that is shown", () => {
  for (const [what, text, seen] of [
    ["a window's title", "\u001b]0;owned\u0007web", "<U+001B>]0;owned<U+0007>web"],
    ["a cleared screen", "\u001b[2Jweb", "<U+001B>[2Jweb"],
    ["a sequence of one character", "\u009b2Jweb", "<U+009B>2Jweb"],
    ["a carriage return that overwrites", "Error: no\rAll is well", "Error: no<U+000D>All is well"],
    ["a backspace and a delete", "a\bb\u007f\0", "a<U+0008>b<U+007F><U+0000>"],
    ["a text that is turned round", "\u202egpj.exe\u2066\u2069", "<U+202E>gpj.exe<U+2066><U+2069>"],
    ["a line's end that only some programs see", "a\u2028b\u0085c", "a<U+2028>b<U+0085>c"],
    ["line breaks and tabs", "a\r\nb\n\tc", "a\r\nb\n\tc"],
    ["every script", "שלום 日本語 😀 é", "שלום 日本語 😀 é"],
  ] as const)
    it(`has ${what} as ${JSON.stringify(seen)}`, () => assert.equal(shown(text), seen));

  it("is cut when it is long, and says how much there is", () => {
    const long = shown("x".repeat(10_000_000));
    assert.equal(long, `${"x".repeat(4000)}... (10 MB more)`);
    assert.equal(shown("x".repeat(4000)), "x".repeat(4000));
    assert.equal(shown("x".repeat(7000)), `${"x".repeat(4000)}... (3 kB more)`);
    assert.equal(shown("abc 12345", 6), "abc... (6 characters more)");
    assert.equal(shown("12345😀", 6), "12345... (2 characters more)");
    assert(shown("\u001b".repeat(10_000_000)).length < 40_000);
  });

  it("stays JSON where it is JSON", () => {
    const world = { name: "\u001b]0;x\u0007\u009b\u202e\r\n\u2028é😀" };
    const json = shownJson(JSON.stringify(world, undefined, 2));
    assert.doesNotMatch(json, /[^\P{Cc}\n]|\u202e|\u2028/u);
    assert.deepEqual(JSON.parse(json), world);
  });

  it("is so in every error that a host gives", () => {
    const record = {
      id: "Op\u001b[2J,Some.Class",
      category: "NotSpecified",
      exception: "",
      message: `\u001b]0;x\u0007${"m".repeat(10_000_000)}`,
    };
    const error = errorOf(record, { address: "HV01", cmdlet: "Get-VM" });
    assert(error instanceof RefusedError && error instanceof HostError);
    assert.match(error.message, /^<U\+001B>\]0;x<U\+0007>m+\.\.\. \(10 MB more\)$/);
    assert.equal(error.errorId, "Op<U+001B>[2J,Some.Class");
    assert(!`${error.stack}${error.message}`.includes("\u001b"));
    assert(`${error.stack}`.length < 10_000);
  });
});
