import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
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
