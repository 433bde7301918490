import { type Case, does, refuses, runCase, shows } from "./cases";
import { host } from "./worlds";

const web = does("New-VM", { Name: "web" });
const invalid = { idStartsWith: "InvalidParameter,", category: "InvalidArgument" };

const claims: Case[] = [
  {
    title: "a reserve does not exceed the maximum, whichever of the two is set",
    steps: [
      web,
      does("Set-VMProcessor", { VMName: "web", Maximum: 50 }),
      refuses("Set-VMProcessor", { VMName: "web", Reserve: 60 }, invalid),
      does("Set-VMProcessor", { VMName: "web", Reserve: 60, Maximum: 70 }),
      refuses("Set-VMProcessor", { VMName: "web", Maximum: 50 }, invalid),
      shows("Get-VMProcessor", { VMName: "web" }, { Reserve: 60, Maximum: 70 }),
    ],
  },
  {
    title: "performance counters are named, and read one by one",
    steps: [
      web,
      refuses("Set-VMProcessor", { VMName: "web", Perfmon: ["pmu", "xyz"] }, invalid),
      does("Set-VMProcessor", { VMName: "web", Perfmon: ["PMU", "ipt"] }),
      shows(
        "Get-VMProcessor",
        { VMName: "web" },
        { EnablePerfmonPmu: true, EnablePerfmonLbr: false, EnablePerfmonIpt: true },
      ),
    ],
  },
  {
    title: "zero is no number of processors per NUMA node, and zero threads per core need version 9.0",
    steps: [
      web,
      refuses("Set-VMProcessor", { VMName: "web", MaximumCountPerNumaNode: 0 }, invalid),
      refuses("Set-VMProcessor", { VMName: "web", MaximumCountPerNumaSocket: 0 }, invalid),
      does("Set-VMProcessor", { VMName: "web", HwThreadCountPerCore: 0 }),
      refuses("Set-VMProcessor", { VMName: "web", HwThreadCountPerCore: 3 }, invalid),
      does("New-VM", { Name: "old", Version: "8.3" }),
      refuses("Set-VMProcessor", { VMName: "old", HwThreadCountPerCore: 0 }, invalid),
    ],
  },
  {
    title: "a processor of a checkpoint shows what was, and is not set",
    steps: [
      web,
      does("Checkpoint-VM", { Name: "web", SnapshotName: "x", Passthru: true }, {}, "then"),
      does("Set-VMProcessor", { VMName: "web", Count: 4 }),
      does(
        "Get-VMProcessor",
        { VMSnapshot: { $ref: "then" } },
        { values: [{ Count: 1, VMSnapshotName: "x" }] },
        "processor",
      ),
      refuses("Set-VMProcessor", { VMProcessor: { $ref: "processor" }, Count: 2 }, invalid),
      shows("Get-VMProcessor", { VMName: "web" }, { Count: 4, VMSnapshotName: "" }),
    ],
  },
];

describe("processors on the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));

  const many: Case = {
    title: "generation 1 has at most 64 processors, generation 2 at most 240",
    steps: [
      does("New-VM", { Name: "one" }),
      does("New-VM", { Name: "two", Generation: 2 }),
      does("Set-VMProcessor", { VMName: "one", Count: 64 }),
      refuses("Set-VMProcessor", { VMName: "one", Count: 65 }, invalid),
      does("Set-VMProcessor", { VMName: "two", Count: 240 }),
      refuses("Set-VM", { Name: "two", ProcessorCount: 241 }, invalid),
    ],
  };
  it(many.title, () => runCase(many, { nodes: [{ name: "HV01", logicalProcessors: 512 }] }));
});
