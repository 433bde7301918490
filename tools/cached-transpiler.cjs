// What ts-node compiles the tests' and tools' files with: TypeScript itself, of which each result is kept, as the compiler takes
// nine tenths of the time of a small test.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const ts = require("typescript");

const folder = path.resolve(__dirname, "../node_modules/.cache/pulumi-hyperv/transpiled");

const most = 5000;

exports.create = ({ service }) => {
  const { options } = service.config;
  const compilerOptions = { ...options, sourceMap: true, inlineSourceMap: false, inlineSources: true };
  const common = createHash("sha256")
    .update(JSON.stringify([ts.version, compilerOptions]))
    .digest("hex");
  prepare();
  return {
    transpile(code, { fileName }) {
      const key = createHash("sha256").update(`${common}\n${fileName}\n${code}`).digest("hex").slice(0, 40);
      const kept = path.join(folder, `${key}.json`);
      try {
        return JSON.parse(fs.readFileSync(kept, "utf8"));
      } catch {
        const options = { fileName, compilerOptions, reportDiagnostics: true };
        const { outputText, sourceMapText, diagnostics = [] } = ts.transpileModule(code, options);
        const result = { outputText, sourceMapText };
        // what is no syntax is about where files are, which says nothing here
        const problem = diagnostics.find(({ code }) => code < 2000);
        if (problem) throw new SyntaxError(`${fileName}: ${ts.flattenDiagnosticMessageText(problem.messageText, " ")}`);
        keep(kept, result);
        return result;
      }
    },
  };
};

function prepare() {
  try {
    fs.mkdirSync(folder, { recursive: true });
    // each change of a file leaves one
    if (fs.readdirSync(folder).length > most) fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
  } catch {}
}

/** Whole or not at all, as processes compile side by side; that it cannot be kept is no failure. */
function keep(file, result) {
  try {
    fs.writeFileSync(`${file}.${process.pid}`, JSON.stringify(result));
    fs.renameSync(`${file}.${process.pid}`, file);
  } catch {}
}
