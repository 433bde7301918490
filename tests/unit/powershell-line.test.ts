import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";

/** What an administrator types, and the calls that it is. */
const cases: [string, unknown][] = [
  ["Get-VM", [{ cmdlet: "Get-VM", parameters: {} }]],
  ["get-vm web", [{ cmdlet: "Get-VM", parameters: { Name: "web" } }]],
  [
    "Set-VM -Name web -Notes 'it''s $x; a|b'",
    [{ cmdlet: "Set-VM", parameters: { Name: "web", Notes: "it's $x; a|b" } }],
  ],
  ['Set-VM -Name web -Notes "a `"b`" `n"', [{ cmdlet: "Set-VM", parameters: { Name: "web", Notes: 'a "b" \n' } }]],
  [
    "New-VM -Name web -MemoryStartupBytes 4GB",
    [{ cmdlet: "New-VM", parameters: { Name: "web", MemoryStartupBytes: 4 * 2 ** 30 } }],
  ],
  ["Start-VM -Name a,b -Confirm:$false", [{ cmdlet: "Start-VM", parameters: { Name: ["a", "b"], Confirm: false } }]],
  ["Stop-VM web -TurnOff -Force", [{ cmdlet: "Stop-VM", parameters: { Name: "web", TurnOff: true, Force: true } }]],
  ["Set-VMDvdDrive -VMName web -Path $null", [{ cmdlet: "Set-VMDvdDrive", parameters: { VMName: "web", Path: null } }]],
  [
    "Set-VMFirmware web -FirstBootDevice (Get-VMDvdDrive (Get-VM 'a) b') -ControllerNumber 0)",
    [
      { cmdlet: "Get-VM", parameters: { Name: "a) b" }, as: "query11" },
      { cmdlet: "Get-VMDvdDrive", parameters: { VMName: { $ref: "query11" }, ControllerNumber: 0 }, as: "query1" },
      { cmdlet: "Set-VMFirmware", parameters: { VMName: "web", FirstBootDevice: { $ref: "query1" } } },
    ],
  ],
  ["Get-VM -Name @('a','b')", [{ cmdlet: "Get-VM", parameters: { Name: ["a", "b"] } }]],
  [
    "(Get-ClusterGroup -Name web).Priority = 3000",
    [
      { cmdlet: "Get-ClusterGroup", parameters: { Name: "web" }, as: "target" },
      { assign: "Priority", target: { $ref: "target" }, value: 3000 },
    ],
  ],
  [
    "(Get-ClusterGroup web).AntiAffinityClassNames = 'a', 'b'",
    [
      { cmdlet: "Get-ClusterGroup", parameters: { Name: "web" }, as: "target" },
      { assign: "AntiAffinityClassNames", target: { $ref: "target" }, value: ["a", "b"] },
    ],
  ],
];

describe("a line of the simulator's command line", () => {
  for (const [line, calls] of cases) it(`reads ${line}`, () => assert.deepEqual(parseLine(line), calls));

  for (const line of ["New-VM -Name $x", "Get-VM web|Stop-VM", "Get-VM web;Stop-VM"])
    it(`refuses ${line}, which PowerShell would evaluate`, () =>
      assert.throws(() => parseLine(line), /would be evaluated/));

  for (const line of ["Get-VM -Name (Get-VM", "Get-VM -Name (Get-VM web).Name"])
    it(`refuses ${line}, which it cannot read`, () => assert.throws(() => parseLine(line), /parenthesis|taken whole/));

  it("refuses what stands behind a value that is set", () =>
    assert.throws(
      () => parseLine("(Get-ClusterGroup web).Priority = 3000 4000"),
      /Cannot read "4000" behind the value/,
    ));

  it("names the parameter whose value is missing", () =>
    assert.throws(() => parseLine("Set-VM web -Notes -Passthru"), /^Error: -Notes of Set-VM needs a value\.$/));

  it("names a cmdlet that it does not know", () =>
    assert.throws(() => parseLine("Get-Nothing"), /"Get-Nothing" is no cmdlet/));
});
