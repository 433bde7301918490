import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { providerPage, resourcesPage } from "../../tools/docs";

describe("the reference pages", () => {
  for (const [file, page] of [
    ["resources.md", resourcesPage],
    ["provider.md", providerPage],
  ] as const)
    it(`${file} says what the code says (npm run docs writes it)`, () => {
      assert.equal(readFileSync(join(__dirname, "../../docs", file), "utf8").replaceAll("\r\n", "\n"), page());
    });
});
