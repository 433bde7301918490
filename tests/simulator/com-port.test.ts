import { type Case, does, refuses, runCase, shows } from "./cases";
import { host } from "./worlds";

const pipe = "\\\\.\\pipe\\web";

const claims: Case[] = [
  {
    title: "a port of generation 1 is set while it runs, one of generation 2 only off",
    steps: [
      does("New-VM", { Name: "old" }),
      does("New-VM", { Name: "new", Generation: 2 }),
      does("Start-VM", { Name: ["old", "new"] }),
      does("Set-VMComPort", { VMName: "old", Number: 1, Path: pipe }),
      refuses("Set-VMComPort", { VMName: "new", Number: 1, Path: pipe }, { idStartsWith: "InvalidState," }),
      shows("Get-VMComPort", { VMName: "old" }, { Path: pipe, Name: "COM 1" }, { Path: "", Name: "COM 2" }),
      shows("Get-VM", { Name: "old" }, { ComPort1: { Path: pipe }, ComPort2: { Path: "" } }),
    ],
  },
  {
    title: "an empty path takes the pipe away, and what is no pipe is refused",
    steps: [
      does("New-VM", { Name: "web" }),
      refuses("Set-VMComPort", { VMName: "web", Number: 2, Path: "COM2" }, { idStartsWith: "InvalidParameter," }),
      does("Set-VMComPort", { VMName: "web", Number: 2, Path: pipe, DebuggerMode: "On" }),
      shows("Get-VMComPort", { VMName: "web", Number: 2 }, { Path: pipe, DebuggerMode: "On" }),
      does("Set-VMComPort", { VMName: "web", Number: 2, Path: "" }),
      shows("Get-VMComPort", { VMName: "web", Number: 2 }, { Path: "", DebuggerMode: "On" }),
    ],
  },
];

describe("COM ports on the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
});
