import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Declared, engineSuite, Stack } from "./stack";

const folder = join(__dirname, "..", "states");

engineSuite("a state that an earlier version has written", () => {
  for (const version of readdirSync(folder)) {
    const read = (name: string) => readFileSync(join(folder, version, `${name}.json`), "utf8");

    it(`of ${version} is refreshed, previewed and destroyed without a surprise`, async () => {
      const stack = await Stack.make({ nodes: [{ name: "UNUSED" }] }, { nodes: ["HV01", "HV02"] });
      try {
        writeFileSync(stack.worldFile, read("world"));
        const file = join(stack.folder, "state.json");
        writeFileSync(file, read("state").replaceAll("<world>", stack.worldFile));
        const imported = await stack.pulumi(["stack", "import", "--file", file]);
        assert.equal(imported.code, 0, imported.output);
        stack.declare(JSON.parse(read("program")) as Declared[]);
        const before = await stack.world();
        for (const run of [
          await stack.preview("--expect-no-changes"),
          await stack.refresh("--expect-no-changes"),
          await stack.preview("--expect-no-changes"),
          await stack.up("--expect-no-changes"),
        ])
          assert.equal(run.code, 0, run.output);
        assert.deepEqual(await stack.world(), before);
        const destroyed = await stack.destroy();
        assert.equal(destroyed.code, 0, destroyed.output);
        const { nodes, cluster } = await stack.world();
        assert.deepEqual([...nodes.flatMap(({ machines }) => machines), ...(cluster?.groups ?? [])], []);
        const disks = [...nodes.flatMap(({ files }) => Object.values(files)), ...Object.values(cluster?.files ?? {})];
        assert.deepEqual(
          disks.filter(({ vhd }) => vhd).map(({ path }) => path),
          ["C:\\ClusterStorage\\Volume1\\image.vhdx"],
        );
      } finally {
        stack.remove();
      }
    });
  }
});
