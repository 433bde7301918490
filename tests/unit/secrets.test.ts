import assert from "node:assert/strict";
import { Unsaid } from "../../provider/text/secrets";

describe("what is not to be said of a host", () => {
  const unsaid = new Unsaid();
  const set = (secret: string) => [{ cmdlet: "Set-VM", parameters: { Name: "web", Notes: { $secret: secret } } }];
  unsaid.add(set("abc"), ["2"]);
  unsaid.add(set("abcdef"), ["room 2, key 77x"]);
  unsaid.add(set("first line\r\n  second line"));

  it("leaves no rest of one that has another one in it, whichever came first", () => {
    assert.equal(unsaid.mask("abcdef, abc and xabcdefx"), "********, ******** and x********x");
    assert.equal(unsaid.mask("it is room 2, key 77x"), "it is ********");
  });

  it("leaves words alone that only begin like one", () => {
    assert.equal(unsaid.mask("22 and 2"), "22 and ********");
  });

  it("is known in a log of lines", () => {
    for (const shown of ["first line", "second line", "first line second line"])
      assert.equal(unsaid.mask(`it said ${shown}`), "it said ********");
  });
});
