import assert from "node:assert/strict";
import fc from "fast-check";
import { observedIn } from "../../provider/lifecycle/state/recorded";
import { asBag, type Bag, isBag } from "../../provider/lifecycle/values";
import { recorded } from "../../provider/resources/virtual-machine/recorded";
import { booting, world } from "../arbitrary-machine";
import { Lifecycle } from "../lifecycle";

/** Paths of what may be absent, lists without their numbers. */
const optional =
  /^(newestVersion|busy|heartbeat|firmware|bios|security|adapters\.(switchName|isolatedByVlan)|adapters\.vlan\.privateMode|drives\.(path|underCheckpoint|diskNumber)|dvds\.path|firmware\.bootOrder\.deviceId|memory\.(priority|maximumAmountPerNumaNodeBytes)|security\.\w+|integrationServices\.\w+|(processor|settings|adapters\.settings|drives\.settings|firmware\.settings)\.\w+)$/;

/** Every property on the way down: its path, and the thing without it or with another value in its place. */
function properties(value: unknown, path: string[] = []): string[][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => properties(item, [...path, String(index)]));
  if (!isBag(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [[...path, key], ...properties(item, [...path, key])]);
}

function changed(value: unknown, [key = "", ...rest]: string[], item: unknown): unknown {
  if (Array.isArray(value)) return value.map((one, index) => (String(index) === key ? changed(one, rest, item) : one));
  const { [key]: old, ...others } = asBag(value);
  if (rest.length > 0) return { ...others, [key]: changed(old, rest, item) };
  return item === undefined ? others : { ...others, [key]: item };
}

const named = (path: string[]) => path.filter((part) => !/^\d+$/.test(part)).join(".");

async function observed(inputs: Bag): Promise<unknown> {
  const lifecycle = new Lifecycle("VirtualMachine", await world());
  const { id, outputs } = await lifecycle.create(inputs);
  return observedIn(id, outputs);
}

const accepts = (value: unknown) => recorded.safeParse(value).success;

describe("what the state holds of a machine", () => {
  const machines = fc.constantFrom(1, 2).chain(booting);

  it("is taken as it was written", async () => {
    await fc.assert(
      fc.asyncProperty(machines, async (inputs) => {
        const seen = await observed(inputs);
        assert.notEqual(seen, undefined);
        assert.deepEqual(recorded.parse(seen), seen);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it("is not taken without what plans rely on, nor with values of other types", async () => {
    await fc.assert(
      fc.asyncProperty(machines, async (inputs) => {
        const seen = await observed(inputs);
        for (const path of properties(seen)) {
          const name = named(path);
          assert.equal(accepts(changed(seen, path, undefined)), optional.test(name), `without ${name}`);
          assert.equal(
            accepts(changed(seen, path, { of: { another: "type" } })),
            isOpen(name),
            `${name} of another type`,
          );
        }
      }),
      { numRuns: 20, seed: 7 },
    );
  });

  it("may hold more than is known of it", async () => {
    const seen = await observed({ name: "web", hardDiskDrives: [{ path: "D:\\a.vhdx" }] });
    for (const path of [["later"], ["drives", "0", "later"], ["memory", "later"], ["integrationServices", "later"]])
      assert.ok(accepts(changed(seen, path, { of: "a newer release" })), path.join("."));
  });
});

/** Objects whose own properties are all optional take any object for one that says nothing. */
function isOpen(name: string): boolean {
  return name === "security" || name === "integrationServices";
}
