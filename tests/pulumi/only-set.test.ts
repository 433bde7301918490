import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { parseLine } from "../../cli/powershell-line";
import { type Args, type Sample, samples, sampleWorld } from "../samples";
import { engineSuite, type Run, Stack } from "./stack";

const cli = resolve(__dirname, "../../dist/cli/index.js");
const nodes = ["HV01", "HV02"];

/** What there is one of, with the word by which it is imported. */
const kinds = { HostSettings: "hosts", ClusterSettings: "settings" } as const;

/** All of it in one resource: of a host's settings a program has no second one. */
function whole(kind: string, pick: "set" | "changed"): Args {
  const own = samples.filter((sample) => sample.kind === kind && sample.property !== "node");
  // a property of an object is a part of it, and the whole list comes before its elements
  return own.map((sample) => sample[pick]("it")).reduce(merged, {});
}

function merged(one: Args, other: Args): Args {
  const isObject = (value: unknown): value is Args =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = Object.entries(other).map(([key, value]) => {
    const before = one[key];
    return [key, isObject(before) && isObject(value) ? merged(before, value) : value] as const;
  });
  return { ...one, ...Object.fromEntries(entries) };
}

const linesOf = (kind: string, lines: (sample: Sample) => string[] | undefined) => [
  ...new Set(samples.filter((sample) => sample.kind === kind).flatMap((sample) => lines(sample) ?? [])),
];

for (const [kind, word] of Object.entries(kinds))
  engineSuite(`${kind}, which are only set, through the real engine`, () => {
    let stack: Stack;

    const succeeded = <Done extends Pick<Run, "code" | "output">>(run: Done): Done => {
      assert.equal(run.code, 0, run.output);
      return run;
    };
    const type = async (lines: readonly string[]) => {
      for (const line of lines) await stack.run(parseLine(line), "HV01");
    };
    const inputs = async () => {
      const own = (await stack.resources()).find(({ type: of }) => of.endsWith(`:${kind}`));
      return Object.fromEntries(Object.entries(own?.inputs ?? {}).filter(([key]) => !key.startsWith("__")));
    };

    before(async () => {
      stack = await Stack.make(sampleWorld, { nodes });
      await type(linesOf(kind, ({ setup }) => setup?.("it")));
    });
    after(() => stack?.remove());

    it("are set as the program says, and then there is nothing to do", async () => {
      stack.declare([{ kind, name: "it", args: whole(kind, "set") }]);
      assert.deepEqual(succeeded(await stack.previewedUp()).ops, { [`${kind} it`]: "create" });
      succeeded(await stack.preview("--expect-no-changes"));
      succeeded(await stack.refresh("--expect-no-changes"));
    });

    it("change in place, every one of them", async () => {
      stack.declare([{ kind, name: "it", args: whole(kind, "changed") }]);
      assert.deepEqual(succeeded(await stack.previewedUp()).ops, { [`${kind} it`]: "update" });
      succeeded(await stack.preview("--expect-no-changes"));
      assert.deepEqual(await inputs(), whole(kind, "changed"));
    });

    it("are put back by up --refresh where somebody has changed each", async () => {
      const there = async () => {
        const { nodes: hosts, cluster } = await stack.world();
        return [hosts.map(({ settings, migrationNetworks }) => [settings, migrationNetworks]), cluster?.properties];
      };
      const right = await there();
      // the last sample of the networks has one of them, with its priority
      const isThere = ({ property }: Sample) => !/networks(\[\]\.subnet)?$/.test(property);
      await type(linesOf(kind, (sample) => (isThere(sample) ? sample.drift?.("it") : [])));
      assert.notDeepEqual(await there(), right);
      succeeded(await stack.up("--refresh"));
      assert.deepEqual(await there(), right);
      succeeded(await stack.refresh("--expect-no-changes"));
      assert.deepEqual(await inputs(), whole(kind, "changed"));
    });

    it("are declared by one resource only", async () => {
      const args = whole(kind, "changed");
      stack.declare([
        { kind, name: "it", args },
        { kind, name: "again", args: kind === "HostSettings" ? { node: "HV01" } : {}, dependsOn: ["it"] },
      ]);
      const { code, output } = await stack.up();
      assert.notEqual(code, 0, output);
      assert.match(output, /the resource "it" of this program declares it as well\. Declare it once\./);
      stack.declare([{ kind, name: "it", args }]);
      succeeded(await stack.up());
    });

    it("are forgotten by destroy, and imported as they are", async () => {
      const before = await stack.world();
      succeeded(await stack.destroy());
      assert.deepEqual(await stack.world(), before);
      const options = ["--no-config", "--simulator", stack.worldFile, "--nodes", nodes.join(), "--only", word];
      await promisify(execFile)(process.execPath, [cli, "import", ...options, "--out", join(stack.folder, "imported")]);
      succeeded(await stack.pulumi(["import", "--file", "imported/import.json", "--generate-code=false", "-y"]));
      const imported = (await stack.resources()).filter(({ type: of }) => of.endsWith(`:${kind}`));
      assert.equal(imported.length, kind === "HostSettings" ? 2 : 1);
      stack.declare(
        imported.map(({ urn, inputs: all }) => {
          const said = Object.entries(all).filter(([key]) => !key.startsWith("__"));
          return { kind, name: urn.split("::").pop() ?? "", args: Object.fromEntries(said) };
        }),
      );
      succeeded(await stack.preview("--expect-no-changes"));
      succeeded(await stack.refresh("--expect-no-changes"));
      assert.deepEqual(await stack.world(), before, "nothing is changed on the hosts");
    });
  });
