import assert from "node:assert/strict";
import { type Call, type CallResult, type CmdletCall, result } from "../../provider/calls";
import { ReadAhead } from "../../provider/host/pool/read-ahead";

const id = (number: number) => `00000000-0000-0000-0000-${String(number).padStart(12, "0")}`;
const read = (number: number, name = `m${number}`): Call[] => [
  { cmdlet: "Get-VM", parameters: { Id: id(number) }, as: "vm", select: { Name: null }, byName: name },
  { cmdlet: "Get-VMMemory", parameters: { VM: result("vm") }, select: { Startup: null } },
];
const reads = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => read(from + at));
const answer = (...values: unknown[]): CallResult[] => [{ values, warnings: [], milliseconds: 1 }];
const failed: CallResult[] = [
  { values: [], warnings: [], milliseconds: 1, error: { id: "X", category: "X", exception: "X", message: "m" } },
];
const host = (machines: number, generation = (_: number) => 2) =>
  answer(
    ...Array.from({ length: machines }, (_, number) => ({
      Id: id(number).toUpperCase(),
      Name: `m${number}`,
      Generation: generation(number),
    })),
  );

/** Was asked for the first 16 machines, and told which there are. */
function told(listing: CallResult[] | undefined): ReadAhead {
  const ahead = new ReadAhead();
  assert.deepEqual(ahead.beside(reads(0, 16), 1).batches, []);
  const { batches, hear } = ahead.list();
  assert.equal(batches.length, 1);
  hear([listing]);
  return ahead;
}

describe("machines that are read before they are asked for", () => {
  it("asks which there are only after many were asked for, and once", () => {
    const ahead = new ReadAhead();
    for (const asked of [reads(0, 7), reads(0, 7)]) {
      assert.deepEqual(ahead.beside(asked, 1).batches, []);
      assert.deepEqual(ahead.list().batches, []);
    }
    assert.deepEqual(ahead.beside(reads(7, 8), 1).batches, []);
    assert.deepEqual(ahead.list().batches, [
      [{ cmdlet: "Get-VM", select: { Id: null, Name: null, Generation: null } }],
    ]);
    assert.deepEqual(ahead.list().batches, []);
    assert.deepEqual(ahead.beside(reads(8, 9), 1).batches, []);
  });

  it("asks nothing beside what is no machine's", () => {
    const ahead = told(host(20));
    for (const other of [[], [[{ cmdlet: "Get-VMSwitch" } as Call]], [read(1).slice(1)]])
      assert.deepEqual(ahead.beside(other, 1).batches, []);
  });

  it("reads the others the way these were, and gives each once to who asks, whatever it thinks its name is", () => {
    const ahead = told(host(20));
    const { batches, hear } = ahead.beside(reads(16, 17), 1);
    assert.deepEqual(batches, reads(17, 20));
    assert.deepEqual(ahead.beside(reads(16, 17), 1).batches, [], "they are under way");
    hear([answer("17"), failed, undefined]);
    assert.deepEqual(ahead.answer(read(17, "renamed")), answer("17"));
    assert.equal(ahead.answer(read(17)), undefined);
    assert.equal(ahead.answer(read(18)), undefined, "an error is not kept");
    assert.equal(ahead.answer(read(19)), undefined);
  });

  it("answers nothing else that is asked of them", () => {
    const ahead = told(host(18));
    const { hear } = ahead.beside(reads(16, 17), 1);
    hear([answer("17")]);
    assert.equal(ahead.answer(read(17).slice(0, 1)), undefined);
    assert.deepEqual(ahead.answer(read(17)), answer("17"));
  });

  it("means wildcards in names as they are", () => {
    const ahead = told([{ ...(host(16)[0] as CallResult), values: [...(host(16)[0]?.values ?? []), named("[x]*")] }]);
    const [[machine] = []] = ahead.beside(reads(0, 1), 1).batches;
    assert.equal((machine as CmdletCall).byName, "`[x`]`*");
  });

  it("reads only such of the generation that was read", () => {
    const ahead = told(host(20, (number) => (number < 18 ? 2 : 1)));
    assert.deepEqual(ahead.beside(reads(16, 17), 1).batches, reads(17, 18));
  });

  it("leaves a host alone of whose machines few were asked for", () => {
    const ahead = told(host(7 * 17 + 1));
    assert.deepEqual(ahead.beside(reads(16, 17), 1).batches, []);
    assert.equal(ahead.beside(reads(17, 18), 1).batches.length, 100);
    assert.equal(ahead.beside(reads(17, 18), 1).batches.length, 7 * 17 + 1 - 18 - 100);
  });

  it("reads so many at once as take some seconds, and then the next", () => {
    const ahead = told(host(40));
    assert.deepEqual(ahead.beside(reads(16, 17), 800).batches, reads(17, 27));
    assert.deepEqual(ahead.beside(reads(16, 17), 800).batches, reads(27, 37));
    assert.deepEqual(ahead.beside(reads(16, 17), 800).batches, reads(37, 40));
  });

  it("forgets all of it when something is changed, and what comes in from before that", () => {
    const ahead = told(host(40));
    const first = ahead.beside(reads(16, 17), 1000);
    first.hear(first.batches.map(() => answer("before")));
    const second = ahead.beside(reads(16, 17), 1000);
    ahead.forget();
    second.hear(second.batches.map(() => answer("before")));
    for (let number = 17; number < 40; number += 1) assert.equal(ahead.answer(read(number)), undefined);
  });

  for (const [what, listing] of [
    ["fails", failed],
    ["is not told", undefined],
    ["is something else", answer("x")],
  ] as const)
    it(`goes on without where the list ${what}`, () => {
      const ahead = told(listing as CallResult[] | undefined);
      assert.deepEqual(ahead.beside(reads(16, 40), 1).batches, []);
    });
});

const named = (Name: string) => ({ Id: id(99), Name, Generation: 2 });
