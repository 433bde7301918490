import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix, resolve, sep } from "node:path";

const project = resolve(__dirname, "../..");

/** What a packed page says of what it links to and npm does not pack. */
const saysSo = ({ page, line }: Link) => page === "CONTRIBUTING.md" || line.includes("in the repository");

describe("the links of the pages", () => {
  const pages = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    ...["docs", "examples", "templates", ".github"].flatMap(pagesIn),
  ];
  const links = pages.flatMap(linksOf);

  it("lead to a file that exists, and to a heading that it has", () => {
    assert(links.length > 250, `${links.length}`);
    const broken = links.filter(({ page, target, anchor }) => {
      if (!existsSync(join(project, target))) return true;
      if (anchor === undefined) return false;
      return statSync(join(project, target)).isDirectory() || !anchorsOf(target || page).includes(anchor);
    });
    assert.deepEqual(broken.map(written), []);
  });

  it("stay within the repository, without an address of a host that it is not known on", () => {
    assert.deepEqual(links.filter(({ target }) => target.startsWith("..")).map(written), []);
  });

  it("lead in the package to what is packed, or are said to be of the repository", () => {
    const packed = packedFiles();
    for (const page of ["README.md", "docs/README.md", "docs/resources/README.md", "CONTRIBUTING.md"])
      assert(packed.includes(page), page);
    const isPacked = (target: string) => packed.some((file) => file === target || file.startsWith(`${target}/`));
    const astray = links.filter((link) => packed.includes(link.page) && !isPacked(link.target) && !saysSo(link));
    assert.deepEqual(astray.map(written), []);
    assert.deepEqual(
      packed.filter((file) => /^docs\/facts|node_modules|Pulumi\..+\.yaml|simulator\.json/.test(file)),
      [],
    );
  });

  it("and the names of files in CONTRIBUTING.md are of what exists", () => {
    const text = readFileSync(join(project, "CONTRIBUTING.md"), "utf8");
    const named = [...text.matchAll(/`((?:provider|sdk|cli|tests|tools|docs)\/[\w./<>-]+)`/g)].map(
      ([, name = ""]) => name,
    );
    assert(named.length > 40, `${named.length}`);
    const missing = named.filter((name) => !existsSync(join(project, name.replace("<kind>", "virtual-switch"))));
    assert.deepEqual(missing, []);
  });

  it("reach every page of docs from docs/README.md", () => {
    const reached = new Set(["docs/README.md"]);
    for (const page of reached)
      for (const { target } of links.filter((link) => link.page === page && link.target.endsWith(".md")))
        reached.add(target);
    assert.deepEqual(
      pagesIn("docs").filter((page) => !reached.has(page)),
      [],
    );
  });
});

interface Link {
  page: string;
  /** The file or folder, from the root of the repository. */
  target: string;
  anchor: string | undefined;
  /** The line that it stands in. */
  line: string;
}

const written = ({ page, target, anchor }: Link) => `${page}: ${target}${anchor === undefined ? "" : `#${anchor}`}`;

function linksOf(page: string): Link[] {
  return proseOf(page)
    .split("\n")
    .flatMap((line) =>
      [...line.replace(/`[^`]*`/g, (code) => code.replace(/[[\]()]/g, "_")).matchAll(/\]\(([^)\s]+)\)/g)].map(
        ([, href = ""]) => ({ line, href }),
      ),
    )
    .filter(({ href }) => !/^[a-z]+:/.test(href))
    .map(({ line, href }) => {
      const [path = "", anchor] = href.split("#");
      const target = path === "" ? page : posix.join(posix.dirname(page), decodeURIComponent(path)).replace(/\/$/, "");
      return { page, target, anchor, line };
    });
}

/** The anchors that GitHub gives headings: small letters, no punctuation, numbered where one is taken. */
function anchorsOf(page: string): string[] {
  const taken = new Map<string, number>();
  return [...proseOf(page).matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = ""]) => {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "").replaceAll(" ", "-");
    const before = taken.get(anchor) ?? 0;
    taken.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

/** A page without what stands between fences. */
function proseOf(page: string): string {
  return readFileSync(join(project, page), "utf8")
    .replaceAll("\r\n", "\n")
    .replace(/^```[\s\S]*?^```$/gm, "");
}

function pagesIn(folder: string): string[] {
  return readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file.split(sep).join("/")}`)
    .filter((file) => file.endsWith(".md") && !file.includes("node_modules"));
}

/** What npm would pack. */
function packedFiles(): string[] {
  const cli = process.env.npm_execpath ?? "";
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const [command, ...before] = cli.endsWith(".js") ? [process.execPath, cli] : ["npm"];
  const shell = command === "npm" && process.platform === "win32";
  const printed = execFileSync(command ?? "npm", [...before, ...args], {
    cwd: project,
    encoding: "utf8",
    shell,
    stdio: "pipe",
  });
  const [archive] = JSON.parse(printed) as { files: { path: string }[] }[];
  return (archive?.files ?? []).map(({ path }) => path);
}
