import { conformanceTests, type KnownDifference, waitingCases } from "../conformance";
import { runCase } from "./cases";

const differences: KnownDifference[] = [
  {
    // the README of the cases: a machine's guest comes with a `guest` step, and there is none before the Stop-VM
    why: "a guest whose shutdown service is absent does not shut down: WMI 32768, hyper-v.md 2.7",
    titles: [
      "a planned failover: prepared while off, failed over, reversed, started",
      "a prepared failover is called off where it was prepared, and replication goes on",
    ],
  },
];

describe("the simulator behaves as a host does", () => {
  conformanceTests(runCase, { differences, folders: ["devices", "host"] });
  waitingCases();
});
