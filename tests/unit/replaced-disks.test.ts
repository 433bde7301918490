import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { observedIn } from "../../provider/lifecycle/state/recorded";
import { Plans } from "../../provider/resources/plans";
import { virtualMachine } from "../../provider/resources/virtual-machine/definition";
import { recorded } from "../../provider/resources/virtual-machine/recorded";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

const a = "D:\\a.vhdx";
const b = "D:\\b.vhdx";
const inputs = { name: "web", hardDiskDrives: [{ path: b }, { path: a }] };

/** A machine in a state, as the provider sees it. */
async function seen(state: string, checkpoint = false) {
  const simulator = Simulator.inMemory({ nodes: [{ name: "HV01" }], guestsBoot: true, seed: "replaced" });
  for (const path of [a, b]) await simulator.run("HV01", parseLine(`New-VHD -Path ${path} -SizeBytes 1GB`));
  const lifecycle = new Lifecycle("VirtualMachine", simulator);
  const made = await lifecycle.create({ ...inputs, state });
  if (checkpoint) await simulator.run("HV01", parseLine("Checkpoint-VM -Name web"));
  const { id, outputs } = (await lifecycle.read(made)) ?? assert.fail();
  return recorded.parse(observedIn(id, outputs));
}

function plans(...properties: string[]): Plans {
  const all = new Plans();
  all.set("disk", { file: { path: a.toUpperCase(), node: "hv01.lab" }, replacedFor: properties });
  return all;
}

const reasons = (wanted: object, observed: Awaited<ReturnType<typeof seen>>, all: Plans) =>
  virtualMachine.change
    .plan(observed, { ...inputs, ...wanted }, { plans: all })
    .refusals.map(({ path, reason, passing }) => [path.join("."), reason, passing]);

describe("a disk whose file is replaced by another one in the same run", () => {
  const because = "names D:\\a.vhdx, which would be replaced by another file for a change of";

  for (const [state, why] of [
    ["Running", "and the machine is Running: it has the file open"],
    ["Paused", "and the machine is Paused: it has the file open"],
    ["Saved", "and the machine is Saved: its saved memory belongs to what the disk holds"],
  ] as const)
    it(`keeps its file while the machine is ${state}`, async () => {
      const way = "Shut the machine down first, or detach the disk, in a pulumi up of its own";
      const observed = await seen(state);
      const said = `${because} blockSizeBytes, ${why}. ${way}`;
      assert.deepEqual(reasons({}, observed, plans("blockSizeBytes")), [["hardDiskDrives.1.path", said, true]]);
      const detached = { hardDiskDrives: [{ path: b }] };
      assert.deepEqual(reasons(detached, observed, plans("blockSizeBytes")), [["hardDiskDrives", said, true]]);
      assert.deepEqual(reasons({}, observed, new Plans()), []);
    });

  it("is replaced while the machine is off", async () => {
    assert.deepEqual(reasons({}, await seen("Off"), plans("blockSizeBytes")), []);
  });

  it("keeps its file while that of a checkpoint stands in front of it, whatever the machine's power", async () => {
    for (const state of ["Running", "Off"]) {
      const [[path, reason, passing] = []] = reasons({}, await seen(state, true), plans("blockSizeBytes"));
      assert.equal(path, "hardDiskDrives.1.path");
      assert.match(String(reason), /Remove the machine's checkpoints first, in a pulumi up of their own$/);
      assert.equal(passing, undefined);
    }
  });

  it("is never converted by it", async () => {
    for (const state of ["Running", "Off"]) {
      const [[path, reason, passing] = []] = reasons({}, await seen(state), plans("sizeBytes", "vhdType"));
      assert.equal(path, "hardDiskDrives.1.path");
      assert.match(
        String(reason),
        /for a change of sizeBytes, vhdType: an attached disk would lose its data\. .* Convert-VHD$/,
      );
      assert.equal(passing, undefined);
    }
  });
});

describe("a disk whose file is moved in the same run", () => {
  const moved = new Plans();
  moved.set("disk", { file: { path: a, node: "HV01" }, movesTo: "D:\\new\\a.vhdx" });
  const wanted = { ...inputs, hardDiskDrives: [{ path: b }, { path: "D:\\new\\a.vhdx" }] };

  it("takes its drive along, and is not exchanged", async () => {
    const observed = await seen("Running");
    assert.deepEqual(virtualMachine.change.plan(observed, wanted, { plans: moved }).steps, []);
    assert.notDeepEqual(virtualMachine.change.plan(observed, wanted).steps, []);
  });

  it("is as good as any while it is under a checkpoint", async () => {
    assert.deepEqual(virtualMachine.change.plan(await seen("Off", true), wanted, { plans: moved }), {
      steps: [],
      refusals: [],
      replaces: [],
    });
  });
});
