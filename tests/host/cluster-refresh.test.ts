import assert from "node:assert/strict";
import { powershell, reason } from "../powershell";
import { ClusterProgram } from "./cluster-program";

const nodes = ["HV01", "HV02"];

describe(`what a cluster is asked${reason}`, () => {
  before(function () {
    if (powershell === undefined) this.skip();
  });

  it("by a refresh: for all that a node has of a noun at most once, however many roles there are", async () => {
    const asked = async (roles: number) => {
      const program = await ClusterProgram.of(nodes, roles);
      await program.declareRest();
      return program.refresh();
    };
    const [few, many] = [await asked(4), await asked(24)];
    assert.deepEqual(
      few.listings.filter((line) => !line.endsWith(" 1")),
      [],
    );
    assert.deepEqual(many.listings, few.listings);
    assert.equal(many.starts, 1);
  });

  it("by a drain: as much for many machines as for few", async () => {
    const asked = async (machines: number) => (await ClusterProgram.of(nodes, machines, "HV01")).drain("HV01");
    const [few, many] = [await asked(2), await asked(6)];
    assert.equal(many.cmdlets, few.cmdlets);
    assert.equal(many.starts, 1);
  });
});
