// The spec reporter of mocha, with a last line that a machine can read: what passed, what failed, what was skipped.
const { Spec } = require("mocha").reporters;

class Reporter extends Spec {
  epilogue() {
    const { passes = 0, failures = 0, pending = 0 } = this.stats;
    super.epilogue();
    console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ""}`);
  }
}

module.exports = Reporter;
