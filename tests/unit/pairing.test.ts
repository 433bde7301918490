import assert from "node:assert/strict";
import fc from "fast-check";
import { paired } from "../../provider/resources/pairing";

const isSame = (now: string, wanted: string) => now === wanted;
const isAny = () => true;

describe("a list that one thing owns", () => {
  it("has what comes, what stays and what goes, in the order of the program", () => {
    assert.deepEqual(paired(["c", "b", "a"], ["a", "x", "b"], isSame), {
      pairs: [
        { wanted: "c", now: undefined },
        { wanted: "b", now: "b" },
        { wanted: "a", now: "a" },
      ],
      extra: ["x"],
    });
  });

  it("gives what is left over another name, but nobody what is another's", () => {
    const { pairs, extra } = paired(["c", "a"], ["a", "x", "y"], isSame, isAny);
    assert.deepEqual(
      pairs.map(({ now }) => now),
      ["x", "a"],
    );
    assert.deepEqual(extra, ["y"]);
  });

  it("pairs each once, and loses none", () => {
    const names = fc.array(fc.constantFrom("a", "b", "c", "d"));
    fc.assert(
      fc.property(names, names, fc.boolean(), (wanted, there, isLoose) => {
        const { pairs, extra } = paired(wanted, there, isSame, ...(isLoose ? [isAny] : []));
        assert.deepEqual(
          pairs.map((pair) => pair.wanted),
          wanted,
        );
        const kept = pairs.flatMap(({ now }) => now ?? []);
        assert.deepEqual([...kept, ...extra].sort(), [...there].sort());
        if (isLoose) assert.equal(kept.length, Math.min(wanted.length, there.length));
      }),
    );
  });
});
