import fc from "fast-check";
import { ClusterLife, lives } from "./cluster-life";

/** `HYPERV_TEST_LIVES` says how many; the seed is told where one fails. */
const runs = Number(process.env.HYPERV_TEST_LIVES ?? 150);

describe(`${runs} lives of machines in a cluster`, function () {
  this.timeout(600_000);

  it("come to what the program says, whatever the seed", async () => {
    await fc.assert(
      fc.asyncProperty(lives, ({ first, events }) => new ClusterLife().live(first, events)),
      { numRuns: runs, endOnFailure: true },
    );
  });
});
