import { conformanceTests, waitingCases } from "../conformance";
import { runCase } from "./cases";

describe("the simulator behaves as a host does", () => {
  conformanceTests(runCase, { folders: ["devices", "host"] });
  waitingCases();
});
