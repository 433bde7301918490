import assert from "node:assert/strict";
import { type Call, type CallResult, type Question, result } from "../../provider/calls";
import { Cluster } from "../../provider/host/cluster";
import type { Host } from "../../provider/host/host";
import { Alike } from "../../provider/host/pool/alike";

const groups: Call = { cmdlet: "Get-ClusterGroup", parameters: { Cluster: "." }, select: { Name: null } };
const node = (name: string): Call => ({
  cmdlet: "Get-ClusterNode",
  parameters: { Name: name },
  select: { State: null },
});
const resources: Call = { cmdlet: "Get-ClusterResource", as: "resources", select: { Name: null } };
const parameters: Call = {
  cmdlet: "Get-ClusterParameter",
  parameters: { InputObject: result("resources") },
  select: { Value: null },
};
const answer = (...values: unknown[]): CallResult => ({ values, warnings: [], milliseconds: 1 });
const failed: CallResult = {
  ...answer(),
  error: { id: "X", category: "X", exception: "X", message: "m" },
};
const recent = (...calls: Call[]) => ({ calls, recent: true });

describe("what several reads ask alike", () => {
  it("is asked once of those that arrive together, and what needs one another stays together", async () => {
    const alike = new Alike();
    const { batches, joined } = alike.cut([
      recent(node("HV01"), groups),
      recent(node("HV02"), groups),
      recent(resources, groups, parameters),
    ]);
    assert.deepEqual(batches, [[node("HV01")], [groups], [node("HV02")], [resources, parameters]]);
    assert.deepEqual(await joined([[answer("1")], [answer("g")], [answer("2")], [answer("r"), answer("p")]]), [
      [answer("1"), answer("g")],
      [answer("2"), answer("g")],
      [answer("r"), answer("g"), answer("p")],
    ]);
  });

  it("is known to who asks next, and to who asks while it is under way", async () => {
    const alike = new Alike();
    const first = alike.cut([recent(node("HV01"), groups)]);
    const second = alike.cut([recent(node("HV02"), groups)]);
    assert.deepEqual(second.batches, [[node("HV02")]]);
    const late = second.joined([[answer("2")]]);
    await first.joined([[answer("1")], [answer("g")]]);
    assert.deepEqual(await late, [[answer("2"), answer("g")]]);
    assert.deepEqual(alike.answer([groups]), [answer("g")]);
    assert.deepEqual(alike.cut([recent(groups)]).batches, []);
    assert.equal(alike.answer([groups, node("HV03")]), undefined);
  });

  it("is asked again by who wants to know it as it is now, and by whom it was not told", async () => {
    const alike = new Alike();
    await alike.cut([recent(groups)]).joined([[answer("g")]]);
    assert.deepEqual(alike.cut([{ calls: [groups, node("HV01")], recent: false }]).batches, [[groups, node("HV01")]]);
    const lost = alike.cut([recent(resources)]);
    const waiting = alike.cut([recent(resources)]).joined([]);
    lost.failed();
    assert.deepEqual(await waiting, [undefined], "is to be asked apart");
    assert.deepEqual(alike.cut([recent(resources)]).batches, [[resources]]);
  });

  it("ends a batch at an error of its own, or of what all asked, which nobody keeps", async () => {
    const alike = new Alike();
    const { joined } = alike.cut([recent(node("HV09"), groups), recent(groups, node("HV01"))]);
    assert.deepEqual(await joined([[failed], [answer("g")], [answer("1")]]), [[failed], [answer("g"), answer("1")]]);
    const again = alike.cut([recent(resources, parameters), recent(node("HV02"), resources, parameters)]);
    assert.deepEqual(await again.joined([[failed], [answer("2")]]), [[failed], [answer("2"), failed]]);
    assert.equal(alike.cut([recent(resources, parameters)]).batches.length, 1);
  });

  it("is known as long as one read follows the other, however long one of them takes", async () => {
    let seconds = 0;
    const alike = new Alike(() => seconds * 1000);
    const slow = alike.cut([recent(groups)]);
    seconds = 60;
    await slow.joined([[answer("g")]]);
    for (const later of [69, 78, 87]) {
      seconds = later;
      assert.deepEqual(alike.answer([groups]), [answer("g")]);
    }
    seconds = 98;
    assert.equal(alike.answer([groups]), undefined, "another refresh");
  });

  it("is forgotten after a change, and so is what comes in from before it", async () => {
    const alike = new Alike();
    await alike.cut([recent(groups)]).joined([[answer("g")]]);
    const underWay = alike.cut([recent(resources)]);
    alike.forget();
    assert.deepEqual(await underWay.joined([[answer("r")]]), [[answer("r")]]);
    assert.equal(alike.answer([groups]), undefined);
    assert.equal(alike.answer([resources]), undefined);
  });

  it("is forgotten by all nodes of a cluster where one of them changes something", async () => {
    const told: string[] = [];
    const nodeOf = (name: string): { name: string; host: Host } => ({
      name,
      host: {
        address: name,
        run: async () => [],
        reaches: async () => true,
        pause: async () => {},
        forget: () => told.push(name),
        close: async () => {},
      },
    });
    const cluster = new Cluster([nodeOf("HV01"), nodeOf("HV02")]);
    await cluster.run({ node: "HV02" }, [groups as Question]);
    assert.deepEqual(told, []);
    await cluster.run({ node: "HV02" }, [{ cmdlet: "Suspend-ClusterNode", parameters: { Name: "HV01" } }]);
    assert.deepEqual(told, ["HV01", "HV02", "HV01", "HV02"], "before it and after it");
  });

  it("leaves machines to what reads them ahead", () => {
    const machine: Call = { cmdlet: "Get-VM", parameters: { Id: "a" }, as: "vm", select: { Name: null }, byName: "m" };
    assert.deepEqual(new Alike().cut([recent(machine, groups)]).batches, [[machine, groups]]);
  });
});
