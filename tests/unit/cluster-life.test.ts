import fc from "fast-check";
import { ClusterLife, lives } from "./cluster-life";

describe("machines of a cluster that move, are drained and fail over", () => {
  it("come to what the program says, are never made or deleted again, and run on", async () => {
    await fc.assert(
      fc.asyncProperty(lives, ({ first, events }) => new ClusterLife().live(first, events)),
      { numRuns: 12, seed: 7, endOnFailure: true },
    );
  });
});
