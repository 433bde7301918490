import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { definitions } from "../../provider";
import { countOf, most, sizeOf } from "../../provider/host/session/bounds";
import { fileNameOf } from "../../provider/resources";
import { fields } from "../../provider/schema";
import { errorsPage, programTypes, providerPage, resourcePages } from "../../tools/docs";

const project = join(__dirname, "../..");

describe("what is written from the documentation of the schemas", () => {
  const pages = resourcePages();
  const read = (file: string) => readFileSync(join(project, file), "utf8").replaceAll("\r\n", "\n");

  for (const [file, page] of [
    ...Object.entries(pages).map(([name, text]) => [name, () => text] as const),
    ["docs/provider.md", providerPage],
    ["docs/errors.md", errorsPage],
    ["sdk/types.generated.ts", programTypes],
  ] as const)
    it(`${file} says what the code says (npm run docs writes it)`, () => {
      assert.equal(read(file), page());
    });

  it("has a page for each resource, and none without one", () => {
    const wanted = definitions.map(({ kind }) => `${fileNameOf(kind)}.md`);
    assert.deepEqual(readdirSync(join(project, "docs/resources")).sort(), ["README.md", ...wanted].sort());
    for (const file of wanted) assert.match(pages["docs/resources/README.md"] ?? "", new RegExp(`\\(${file}\\): \\w`));
  });

  it("says of each resource how it is read, which rights it needs, how it fails and what destroy does", () => {
    for (const { kind } of definitions) {
      const page = pages[`docs/resources/${fileNameOf(kind)}.md`] ?? "";
      const sections = page.split(/^## /m).slice(1);
      assert.deepEqual(
        sections.map((text) => text.split("\n")[0]),
        ["Example", "Properties", "Outputs", "Reading an existing one", "Privileges", "Errors", "Destroy"],
      );
      for (const section of sections) assert.match(section, /^.+\n\n[^\n]/, `${kind}: ${section}`);
      assert.match(sections[0] ?? "", /^```ts$/m, kind);
    }
  });

  it("says of each property what it is, whether it is required, its default and what a change does", () => {
    for (const { kind, schema, birth } of definitions) {
      const page = pages[`docs/resources/${fileNameOf(kind)}.md`] ?? "";
      for (const { path, schema: field, change, setter } of fields(schema)) {
        const name = path.join(".").replaceAll(".[]", "[]");
        const [, section = assert.fail(name)] = page.split(`## \`${name}\`\n`);
        const own = section.split(/^##/m)[0] ?? "";
        assert.match(own, /^\n\S.*\.\n\n- \*\*Value\*\*: \S/, name);
        const [, required, usual] = /^- \*\*Required\*\*: (.*?)(?:; the default is (.+))?$/m.exec(own) ?? [];
        // what is only set, and what the cluster names itself, keeps the name that it has
        if (name === "name" && birth && !field.safeParse(undefined).success)
          assert.deepEqual([required, usual], ["no", "the resource's name in the program"]);
        else if (field.safeParse(undefined).success) assert.match(required ?? "", /^(no|depends on .*)$/, name);
        else assert.equal(required, "yes", name);
        assert.equal(required?.startsWith("depends"), /\bRequired\b/.test(own.replace("**Required**", "")), name);
        assert.equal(/^- \*\*A change\*\* \w/m.test(own), change !== undefined, name);
        assert.equal(/^- \*\*Cmdlet\*\*: `/m.test(own), setter !== undefined, name);
      }
    }
    assert.match(pages["docs/resources/virtual-hard-disk.md"] ?? "", /^- \*\*Value\*\*: number, 3 MiB to 64 TiB$/m);
  });

  it("names every bound on what a host sends, and each only once", () => {
    const page = readFileSync(join(project, "docs/connecting.md"), "utf8");
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

  it("has no code within code, and says of each argument of the provider what it may be", () => {
    const lines = [...Object.values(pages), providerPage()].flatMap((page) => page.split("\n"));
    for (const line of lines.filter((text) => !text.startsWith("```"))) {
      for (const cell of line.startsWith("|") ? line.split(/(?<!\\)\|/) : [line]) {
        assert.equal((cell.match(/`/g) ?? []).length % 2, 0, line);
        assert.doesNotMatch(cell.replace(/`[^`]*`/g, "<code>"), /<code>\w|\w<code>/, line);
      }
      assert.doesNotMatch(line, / or +\|/, line);
    }
    const [, nodes] = providerPage().split("\n### `nodes`\n");
    assert.match(nodes ?? "", /list of text or `\{ name, address\?, port\?, hostKey\? \}`/);
  });
});
