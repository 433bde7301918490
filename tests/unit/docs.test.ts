import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { definitions } from "../../provider";
import { countOf, most, sizeOf } from "../../provider/host/session/bounds";
import { fields } from "../../provider/schema";
import { errorsPage, programTypes, providerPage, resourcesPage } from "../../tools/docs";

describe("what is written from the documentation of the schemas", () => {
  for (const [file, page] of [
    ["docs/resources.md", resourcesPage],
    ["docs/provider.md", providerPage],
    ["docs/errors.md", errorsPage],
    ["sdk/types.generated.ts", programTypes],
  ] as const)
    it(`${file} says what the code says (npm run docs writes it)`, () => {
      assert.equal(readFileSync(join(__dirname, "../..", file), "utf8").replaceAll("\r\n", "\n"), page());
    });

  it("says of each property whether it is required, and what a resource's name is where none is given", () => {
    const pages = resourcesPage().split(/^## /m);
    for (const { kind, schema } of definitions) {
      const page = pages.find((text) => text.startsWith(`${kind}\n`)) ?? "";
      for (const { path, schema: field } of fields(schema)) {
        const name = path.join(".").replaceAll(".[]", "[]");
        const line = page.split("\n").find((text) => text.startsWith(`| \`${name}\` |`)) ?? "";
        const cells = line.split(/ (?<!\\)\| /);
        const [required, usual] = [cells[4], cells[5]];
        if (name === "name") assert.deepEqual([required, usual], ["no", "the resource's name in the program"], line);
        else if (field.safeParse(undefined).success) assert.match(required ?? "", /^(no|see there)$/, line);
        else assert.equal(required, "yes", line);
        assert.equal(required === "see there", /\bRequired\b/.test(line), line);
      }
    }
    assert.match(pages.join(), /^\| `sizeBytes` .* \| see there \| /m);
    assert.match(pages.join(), /^\| `switchType` .* \| yes \| /m);
  });

  it("names every bound on what a host sends, and each only once", () => {
    const page = readFileSync(join(__dirname, "../../docs/connecting.md"), "utf8");
    const rows: Record<keyof typeof most, string> = {
      bytesPerAnswer: `on both outputs, and so a line | ${sizeOf(most.bytesPerAnswer)} |`,
      inflatedBytes: `| an answer, inflated | ${sizeOf(most.inflatedBytes)} |`,
      values: `| an answer's elements, values and rows | ${countOf(most.values)} |`,
      elementsDeep: `| depth of elements and values within each other | ${most.elementsDeep} |`,
      levels: `| depth of elements and values within each other | ${most.levels} |`,
      inflatedBytesPerRequest: `| all answers to one request, inflated | ${sizeOf(most.inflatedBytesPerRequest)} |`,
      valuesPerRequest: `| values of all answers to one request | ${countOf(most.valuesPerRequest)} |`,
      noiseLines: `| lines between two answers that are none | ${countOf(most.noiseLines)}; of one, `,
      noiseBytes: `; of one, ${sizeOf(most.noiseBytes)} is looked at |`,
      entries: `modules of a host | ${countOf(most.entries)} |`,
      nameLength: `says of itself | ${countOf(most.nameLength)} characters |`,
      shellBytes: `| words of the default shell beside the one that is asked for | ${sizeOf(most.shellBytes)} |`,
    };
    for (const [name, row] of Object.entries(rows)) assert.equal(page.split(row).length, 2, `${name}: ${row}`);
    assert.deepEqual(Object.keys(rows).sort(), Object.keys(most).sort());
  });

  it("has no code within code, and says of each property what it may be", () => {
    const lines = `${resourcesPage()}\n${providerPage()}`.split("\n");
    for (const line of lines.filter((text) => text.startsWith("| `"))) {
      for (const cell of line.split(/(?<!\\)\|/)) {
        assert.equal((cell.match(/`/g) ?? []).length % 2, 0, line);
        assert.doesNotMatch(cell.replace(/`[^`]*`/g, "<code>"), /<code>\w|\w<code>/, line);
      }
      assert.doesNotMatch(line, / or +\|/, line);
    }
    const [nodes] = lines.filter((text) => text.startsWith("| `nodes`"));
    assert.match(nodes ?? "", /list of text or `\{ name, address\?, port\?, hostKey\? \}`/);
  });
});
