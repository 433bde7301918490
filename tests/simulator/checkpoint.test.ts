import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { GiB, host } from "./worlds";

const web = does("New-VM", { Name: "web", Generation: 2, NewVHDPath: "D:\\web.vhdx", NewVHDSizeBytes: GiB });
const running: Step[] = [web, does("Start-VM", { Name: "web" })];
const guest: Step[] = [...running, { world: { guest: "web", boots: true } }];
const checkpoint = (name: string): Step => does("Checkpoint-VM", { Name: "web", SnapshotName: name });
const restore = (name: string): Step => does("Restore-VMSnapshot", { VMName: "web", Name: name, Confirm: false });
const remove = (name: string): Step => does("Remove-VMSnapshot", { VMName: "web", Name: name, Confirm: false });
const avhdx = { $matches: "^D:\\\\web_[0-9A-F-]{36}\\.avhdx$" };

const claims: Case[] = [
  {
    title: "a branch that is removed leaves the disk that another branch lies on, until it is the last one",
    steps: [
      web,
      checkpoint("a"),
      checkpoint("b"),
      restore("a"),
      remove("a"),
      does("Get-VMHardDiskDrive", { VMName: "web" }, { values: [{ Path: avhdx }] }, "drive"),
      shows("Get-VHD", { Path: { $ref: "drive", property: "Path" } }, { ParentPath: "D:\\web.vhdx" }),
      shows("Get-VMSnapshot", { VMName: "web" }, { Name: "b", ParentSnapshotId: null }),
      remove("b"),
      shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: "D:\\web.vhdx" }),
    ],
  },
  {
    title: "restoring and removing ask, and have no Force",
    steps: [
      web,
      checkpoint("a"),
      refuses("Restore-VMSnapshot", { VMName: "web", Name: "a" }, { idStartsWith: "InvalidOperation," }),
      refuses("Remove-VMSnapshot", { VMName: "web", Name: "a" }, { idStartsWith: "InvalidOperation," }),
      does("Get-VMSnapshot", { VMName: "web" }, { count: 1 }),
    ],
  },
  {
    title:
      "a production checkpoint of a guest that cannot be quiesced takes memory along, unless production is all it may be",
    steps: [
      ...running,
      checkpoint("fallback"),
      restore("fallback"),
      shows("Get-VM", { Name: "web" }, { State: "Running" }),
      does("Set-VM", { Name: "web", CheckpointType: "ProductionOnly" }),
      refuses("Checkpoint-VM", { Name: "web", SnapshotName: "x" }),
      { world: { guest: "web", boots: true } },
      does("Disable-VMIntegrationService", { VMName: "web", Name: "VSS" }),
      refuses("Checkpoint-VM", { Name: "web", SnapshotName: "x" }),
      does("Enable-VMIntegrationService", { VMName: "web", Name: "VSS" }),
      checkpoint("x"),
    ],
  },
  {
    title: "a machine that is off and restored to a checkpoint with memory is saved, to one without it off",
    steps: [
      ...guest,
      does("Set-VM", { Name: "web", CheckpointType: "Standard" }),
      checkpoint("with"),
      does("Stop-VM", { Name: "web", Force: true }),
      checkpoint("without"),
      restore("with"),
      shows("Get-VM", { Name: "web" }, { State: "Saved" }),
      does("Start-VM", { Name: "web" }),
      shows("Get-VM", { Name: "web" }, { Heartbeat: "OkApplicationsUnknown" }),
      restore("without"),
      shows("Get-VM", { Name: "web" }, { State: "Off" }),
    ],
  },
  {
    title: "a restored machine keeps the name that it has now",
    steps: [
      web,
      checkpoint("a"),
      does("Rename-VM", { Name: "web", NewName: "front" }),
      does("Restore-VMSnapshot", { VMName: "front", Name: "a", Confirm: false }),
      shows("Get-VM", {}, { Name: "front", ParentSnapshotName: "a" }),
    ],
  },
  {
    title: "a name that two checkpoints have names none of them where one is wanted",
    steps: [
      web,
      checkpoint("x"),
      checkpoint("x"),
      refuses(
        "Restore-VMSnapshot",
        { VMName: "web", Name: "x", Confirm: false },
        { idStartsWith: "InvalidOperation," },
      ),
      refuses("Rename-VMSnapshot", { VMName: "web", Name: "x", NewName: "y" }, { idStartsWith: "InvalidOperation," }),
    ],
  },
  {
    title: "checkpoints are renamed, and found by id, as child and as parent",
    steps: [
      web,
      does("Checkpoint-VM", { Name: "web", SnapshotName: "a", Passthru: true }, {}, "a"),
      does("Checkpoint-VM", { Name: "web", SnapshotName: "b", Passthru: true }, {}, "b"),
      does("Rename-VMSnapshot", { VMName: "web", Name: "a", NewName: "first" }),
      shows("Get-VMSnapshot", { Id: { $ref: "a", property: "Id" } }, { Name: "first" }),
      shows("Get-VMSnapshot", { ChildOf: { $ref: "a" } }, { Name: "b" }),
      shows("Get-VMSnapshot", { ParentOf: { $ref: "b" } }, { Name: "first" }),
      refuses("Get-VMSnapshot", { Id: "6f1d2c3b-0000-4000-8000-00000000dead" }, { category: "ObjectNotFound" }),
    ],
  },
  {
    title: "a checkpoint without a name gets the machine's",
    steps: [
      web,
      does("Checkpoint-VM", { Name: "web", Passthru: true }, { values: [{ Name: { $matches: "^web - " } }] }),
    ],
  },
  {
    title: "automatic checkpoints lie over the disk while the machine runs, where they are wanted",
    steps: [
      web,
      does("Set-VM", { Name: "web", AutomaticCheckpointsEnabled: true }),
      does("Start-VM", { Name: "web" }),
      shows("Get-VMSnapshot", { VMName: "web" }, { IsAutomaticCheckpoint: true }),
      shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: avhdx }),
      does("Stop-VM", { Name: "web", TurnOff: true, Force: true }),
      does("Get-VMSnapshot", { VMName: "web" }, { count: 0 }),
      shows("Get-VMHardDiskDrive", { VMName: "web" }, { Path: "D:\\web.vhdx" }),
    ],
  },
  {
    title: "a machine has at most fifty checkpoints",
    steps: [
      does("New-VM", { Name: "web" }),
      ...Array.from({ length: 50 }, (_, index) => checkpoint(String(index))),
      refuses("Checkpoint-VM", { Name: "web", SnapshotName: "one more" }),
    ],
  },
  {
    title: "a machine under checkpoints does not start while a disk of the chain is away",
    steps: [
      web,
      checkpoint("a"),
      { world: { delete: "D:\\web.vhdx" } },
      refuses("Start-VM", { Name: "web" }, { category: "NotSpecified" }),
      refuses("Checkpoint-VM", { Name: "web", SnapshotName: "b" }),
    ],
  },
  {
    title: "a running machine's checkpoint is removed under it",
    steps: [
      ...running,
      checkpoint("a"),
      remove("a"),
      shows(
        "Get-VM",
        { Name: "web" },
        { State: "Running", HardDrives: [{ Path: "D:\\web.vhdx" }], ParentSnapshotId: null },
      ),
    ],
  },
];

describe("checkpoints on the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
});
