// The spec reporter of mocha, with a last line that a machine can read: what passed, what failed, what was skipped.
// In CI the files that took longest stand before it.
const { relative } = require("node:path");
const { Runner, reporters } = require("mocha");

const slowest = 10;

class Reporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    this.milliseconds = new Map();
    const add = ({ file, duration = 0 }) =>
      file && this.milliseconds.set(file, (this.milliseconds.get(file) ?? 0) + duration);
    runner.on(Runner.constants.EVENT_TEST_END, add);
    runner.on(Runner.constants.EVENT_HOOK_END, add);
  }

  epilogue() {
    const { passes = 0, failures = 0, pending = 0 } = this.stats;
    super.epilogue();
    if (process.env.CI) this.durations();
    console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ""}`);
  }

  durations() {
    const files = [...this.milliseconds].sort(([, one], [, other]) => other - one).slice(0, slowest);
    for (const [file, spent] of files)
      console.log(`${String(Math.round(spent / 1000)).padStart(6)} s  ${relative(process.cwd(), file)}`);
  }
}

module.exports = Reporter;
