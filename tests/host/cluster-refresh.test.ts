import assert from "node:assert/strict";
import { Cluster } from "../../provider/host/cluster";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";
import { powershell, reason } from "../powershell";
import { listed, listingsIn, machinesOf, programOf } from "./cluster-program";
import { Lab } from "./lab";

const nodes = ["HV01", "HV02"];

/** What the nodes were asked for as a whole while a stack of so many roles was refreshed, as an engine with eight hands does. */
async function refreshed(count: number): Promise<{ listings: readonly string[]; started: number }> {
  const simulator = Simulator.inMemory({ nodes: nodes.map((name) => ({ name })), cluster: { name: "LAB" }, seed: "r" });
  const machines = await machinesOf(simulator, { nodes, count });
  const states = [];
  for (const { kind, args } of programOf({ nodes, machines })) {
    const lifecycle = new Lifecycle(kind, simulator, nodes);
    states.push({ kind, state: await lifecycle.create(args) });
  }
  const labs: Lab[] = [];
  const asked: string[] = [];
  try {
    for (const node of nodes)
      labs.push(
        await Lab.open({ simulator, node, live: true, intercept: (call) => void asked.push(...listed(node, call)) }),
      );
    const hosts = new Cluster(labs.map((lab, at) => ({ name: nodes[at] ?? "", host: lab.pool({}, nodes[at]) })));
    const waiting = [...states];
    const hand = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const read = await new Lifecycle(next.kind, simulator, nodes, hosts).read(next.state);
        assert(read, `${next.kind} ${next.state.id} is there`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, hand));
    return { listings: listingsIn(asked), started: Math.max(...labs.map(({ backend }) => backend.started)) };
  } finally {
    for (const lab of labs) await lab.close();
  }
}

describe(`a refresh of a cluster${reason}`, function () {
  this.timeout(120_000);
  before(function () {
    if (powershell === undefined) this.skip();
  });

  it("lists what a node has of a noun at most once, however many roles there are", async () => {
    const few = await refreshed(4);
    const many = await refreshed(24);
    assert.deepEqual(
      few.listings.filter((line) => !line.endsWith(" 1")),
      [],
    );
    assert.deepEqual(many.listings, few.listings);
    assert.equal(many.started, 1, "PowerShells on a node");
  });
});
