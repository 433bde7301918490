import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { GiB, host, lively, MiB } from "./worlds";

const off: Step[] = [does("New-VM", { Name: "web", Generation: 2 })];
const running = [...off, does("Start-VM", { Name: "web" })];
const states: Record<string, Step[]> = {
  Off: off,
  Running: [...running, { world: { guest: "web", boots: true } }],
  Paused: [...running, does("Suspend-VM", { Name: "web" })],
  Saved: [...running, does("Save-VM", { Name: "web" })],
};

const calls: Record<string, [cmdlet: string, parameters: Record<string, string | boolean>]> = {
  "Start-VM": ["Start-VM", { Name: "web" }],
  "Stop-VM": ["Stop-VM", { Name: "web", Force: true }],
  "Stop-VM -TurnOff": ["Stop-VM", { Name: "web", TurnOff: true, Force: true }],
  "Stop-VM -Save": ["Stop-VM", { Name: "web", Save: true, Force: true }],
  "Save-VM": ["Save-VM", { Name: "web" }],
  "Suspend-VM": ["Suspend-VM", { Name: "web" }],
  "Resume-VM": ["Resume-VM", { Name: "web" }],
  "Restart-VM": ["Restart-VM", { Name: "web", Force: true }],
  "Checkpoint-VM": ["Checkpoint-VM", { Name: "web", SnapshotName: "x" }],
  "Remove-VM": ["Remove-VM", { Name: "web", Force: true }],
};

/** hyper-v.md 2.7: what each cmdlet makes of each state; "warns" and "refused" leave it. */
const table: Record<string, Record<string, string>> = {
  Off: {
    "Start-VM": "Running",
    "Stop-VM": "warns",
    "Stop-VM -TurnOff": "warns",
    "Stop-VM -Save": "refused",
    "Save-VM": "refused",
    "Suspend-VM": "refused",
    "Resume-VM": "refused",
    "Restart-VM": "refused",
    "Checkpoint-VM": "Off",
    "Remove-VM": "gone",
  },
  Running: {
    "Start-VM": "warns",
    "Stop-VM": "Off",
    "Stop-VM -TurnOff": "Off",
    "Stop-VM -Save": "Saved",
    "Save-VM": "Saved",
    "Suspend-VM": "Paused",
    "Resume-VM": "warns",
    "Restart-VM": "Running",
    "Checkpoint-VM": "Running",
    "Remove-VM": "refused",
  },
  Paused: {
    "Start-VM": "refused",
    "Stop-VM": "refused",
    "Stop-VM -TurnOff": "Off",
    "Stop-VM -Save": "Saved",
    "Save-VM": "Saved",
    "Suspend-VM": "warns",
    "Resume-VM": "Running",
    "Restart-VM": "Running",
    "Checkpoint-VM": "Paused",
    "Remove-VM": "refused",
  },
  Saved: {
    "Start-VM": "Running",
    "Stop-VM": "refused",
    "Stop-VM -TurnOff": "Off",
    "Stop-VM -Save": "warns",
    "Save-VM": "warns",
    "Suspend-VM": "refused",
    "Resume-VM": "refused",
    "Restart-VM": "refused",
    "Checkpoint-VM": "Saved",
    "Remove-VM": "gone",
  },
};

function row(state: string, name: string, outcome: string): Case {
  const [cmdlet, parameters] = calls[name] ?? ["", {}];
  const expect =
    outcome === "refused"
      ? { error: { idStartsWith: "InvalidState,", category: "InvalidOperation" } }
      : { warnings: outcome === "warns" ? ("$some" as const) : 0 };
  const after = ["refused", "warns"].includes(outcome) ? state : outcome;
  const then = after === "gone" ? does("Get-VM", {}, { count: 0 }) : shows("Get-VM", { Name: "web" }, { State: after });
  return {
    title: `${name} on ${state}: ${outcome}`,
    steps: [...(states[state] ?? []), does(cmdlet, parameters, expect), then],
  };
}

describe("power states on the simulator", () => {
  for (const [state, outcomes] of Object.entries(table))
    for (const [name, outcome] of Object.entries(outcomes)) {
      const claim = row(state, name, outcome);
      it(claim.title, () => runCase(claim, host));
    }
});

const claims: Case[] = [
  {
    title: "a forced shutdown of a guest that does not answer fails, and the machine runs on",
    steps: [
      ...running,
      refuses("Stop-VM", { Name: "web", Force: true }, { idStartsWith: "OperationFailed,", category: "NotSpecified" }),
      shows("Get-VM", { Name: "web" }, { State: "Running" }),
    ],
  },
  {
    title: "a shutdown in the background says nothing: the state of the machine does",
    steps: [
      ...running,
      does("Stop-VM", { Name: "web", Force: true, AsJob: true }, { values: [{ State: "Running" }] }),
      shows("Get-VM", { Name: "web" }, { State: "Running" }),
      { world: { guest: "web", boots: true } },
      does("Stop-VM", { Name: "web", Force: true, AsJob: true }, { values: [{ State: "Completed" }] }),
      shows("Get-VM", { Name: "web" }, { State: "Off" }),
    ],
  },
  {
    title: "a guest whose shutdown service is disabled is not shut down",
    steps: [
      ...running,
      { world: { guest: "web", boots: true } },
      does("Disable-VMIntegrationService", { VMName: "web", Name: "Shutdown" }),
      refuses("Stop-VM", { Name: "web", Force: true }, { idStartsWith: "OperationFailed," }),
      shows("Get-VM", { Name: "web" }, { State: "Running" }),
    ],
  },
  {
    title: "a start of two machines for which the memory is too little starts neither",
    steps: [
      does("New-VM", { Name: "a", MemoryStartupBytes: 40 * GiB }),
      does("New-VM", { Name: "b", MemoryStartupBytes: 40 * GiB }),
      refuses("Start-VM", { Name: ["a", "b"] }, { idStartsWith: "OutOfMemory," }),
      shows("Get-VM", {}, { State: "Off" }, { State: "Off" }),
    ],
  },
  {
    title: "a saved machine needs its memory again to go on, and a paused one keeps it",
    steps: [
      does("New-VM", { Name: "a", MemoryStartupBytes: 40 * GiB }),
      does("New-VM", { Name: "b", MemoryStartupBytes: 40 * GiB }),
      does("Start-VM", { Name: "a" }),
      does("Suspend-VM", { Name: "a" }),
      refuses("Start-VM", { Name: "b" }),
      does("Save-VM", { Name: "a" }),
      does("Start-VM", { Name: "b" }),
      refuses("Start-VM", { Name: "a" }, { idStartsWith: "OutOfMemory," }),
    ],
  },
  {
    title: "two machines cannot run with one disk, not even when one call starts both",
    steps: [
      does("New-VM", { Name: "a", NewVHDPath: "D:\\x.vhdx", NewVHDSizeBytes: 64 * MiB }),
      does("New-VM", { Name: "b", VHDPath: "D:\\x.vhdx" }),
      refuses("Start-VM", { Name: ["a", "b"] }, { category: "NotSpecified" }),
      does("Start-VM", { Name: "a" }),
      refuses("Start-VM", { Name: "b" }, { category: "NotSpecified" }),
      does("Stop-VM", { Name: "a", TurnOff: true, Force: true }),
      does("Start-VM", { Name: "b" }),
    ],
  },
  {
    title: "a file that is no disk keeps its machine off",
    steps: [
      does("New-VM", { Name: "a", NewVHDPath: "D:\\x.vhdx", NewVHDSizeBytes: 64 * MiB }),
      { world: { touch: "D:\\x.vhdx", sizeBytes: 4 } },
      refuses("Start-VM", { Name: "a" }, { category: "NotSpecified" }),
    ],
  },
  {
    title: "a restart asks first, and begins the guest anew",
    steps: [
      ...running,
      { world: { guest: "web", boots: true } },
      refuses("Restart-VM", { Name: "web" }, { idStartsWith: "InvalidOperation," }),
      does("Restart-VM", { Name: "web", Force: true }),
      shows("Get-VM", { Name: "web" }, { State: "Running", Heartbeat: "NoContact" }),
      refuses("Restart-VM", { Name: "web", Force: true, Type: "Reboot" }, { idStartsWith: "OperationFailed," }),
    ],
  },
  {
    title: "a guest that was saved is there again when its machine goes on",
    steps: [
      ...running,
      { world: { guest: "web", boots: true } },
      does("Save-VM", { Name: "web" }),
      shows("Get-VM", { Name: "web" }, { State: "Saved", Heartbeat: null }),
      does("Start-VM", { Name: "web" }),
      shows("Get-VM", { Name: "web" }, { Heartbeat: "OkApplicationsUnknown" }),
    ],
  },
  {
    title: "waiting for a guest that does not come is an error",
    steps: [...running, refuses("Wait-VM", { Name: "web", For: "Heartbeat", Timeout: 5 })],
  },
  {
    title: "only a saved machine has a saved state to remove",
    steps: [...running, refuses("Remove-VMSavedState", { VMName: "web" }, { idStartsWith: "InvalidState," })],
  },
];

describe("power on the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));

  const guests: Case = {
    title: "in a world of guests that boot, a machine with a disk has a guest at once, and one without a disk has none",
    steps: [
      does("New-VM", { Name: "web", NewVHDPath: "D:\\x.vhdx", NewVHDSizeBytes: 64 * MiB }),
      does("New-VM", { Name: "bare" }),
      does("Start-VM", { Name: ["web", "bare"] }),
      shows("Get-VM", { Name: "web" }, { Heartbeat: "OkApplicationsUnknown" }),
      shows("Get-VM", { Name: "bare" }, { Heartbeat: "NoContact" }),
      does("Stop-VM", { Name: "web", Force: true }),
      shows("Get-VM", { Name: "web" }, { State: "Off", Heartbeat: null }),
    ],
  };
  it(guests.title, () => runCase(guests, lively));
});
