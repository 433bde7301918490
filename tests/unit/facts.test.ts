import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const project = resolve(__dirname, "../..");
const facts = join(project, "docs/facts");
const pages = readdirSync(facts).filter((name) => name !== "README.md");

/** Numbers of a page's sections: "2" and "2.7". */
function sectionsOf(page: string): Set<string> {
  const headings = readFileSync(join(facts, page), "utf8").matchAll(/^#+ (\d+(?:\.\d+)?) /gm);
  return new Set([...headings].map(([, number = ""]) => number));
}

function* filesIn(folder: string): Iterable<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (/\.(ts|mjs|cjs|ps1)$/.test(entry.name)) yield path;
  }
}

/** What a comment or text cites: a page, and the sections that follow its name. */
const citation = /\b(hyper-v[a-z-]*\.md)((?:,? (?:end of )?(?:and )?\d+(?:\.\d+)*(?! row))*)/g;

describe("a fact that the code cites", () => {
  const files = ["provider", "cli", "sdk", "tests", "tools"].flatMap((folder) => [...filesIn(join(project, folder))]);

  it("is on a page of docs/facts, in a section that is there", () => {
    const sections = new Map(pages.map((page) => [page, sectionsOf(page)]));
    const missing: string[] = [];
    let cited = 0;
    for (const file of files) {
      if (file === __filename) continue;
      for (const [text, page = "", numbers = ""] of readFileSync(file, "utf8").matchAll(citation))
        for (const number of numbers.match(/\d+(\.\d+)?/g) ?? [""]) {
          cited += 1;
          const known = sections.get(page);
          if (!known || (number !== "" && !known.has(number))) missing.push(`${file}: ${text}`);
        }
    }
    assert.deepEqual(missing, []);
    assert.ok(cited > 150, `${cited} citations were found`);
  });

  it("has a mark that the legend explains", () => {
    const legend = readFileSync(join(facts, "README.md"), "utf8");
    for (const page of pages)
      for (const [, marks = ""] of readFileSync(join(facts, page), "utf8").matchAll(/`([RVDSK](?:, ?[RVDSK])*)`/g))
        for (const mark of marks.split(/, ?/)) assert.match(legend, new RegExp(`^\\| ${mark} \\|`, "m"), page);
  });
});
