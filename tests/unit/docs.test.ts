import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { argumentTypes, errorsPage, providerPage, resourcesPage } from "../../tools/docs";

describe("what is written from the documentation of the schemas", () => {
  for (const [file, page] of [
    ["docs/resources.md", resourcesPage],
    ["docs/provider.md", providerPage],
    ["docs/errors.md", errorsPage],
    ["sdk/arguments.generated.ts", argumentTypes],
  ] as const)
    it(`${file} says what the code says (npm run docs writes it)`, () => {
      assert.equal(readFileSync(join(__dirname, "../..", file), "utf8").replaceAll("\r\n", "\n"), page());
    });
});
