import assert from "node:assert/strict";
import { bind } from "../../provider/simulator/engine/binder";
import { id, machine, type Parameters, refusal } from "./bound";

describe("binder", () => {
  describe("names", () => {
    const cases: [claim: string, cmdlet: string, given: Parameters, bound: Parameters][] = [
      ["have no case", "get-vm", { NAME: "x" }, { Name: ["x"] }],
      ["may have the module in front", "hyper-v\\Get-VM", { Name: "x" }, { Name: ["x"] }],
      [
        "may be aliases",
        "Set-VM",
        { VMName: "x", SnapshotFileLocation: "C:\\x" },
        { Name: ["x"], SnapshotFileLocation: "C:\\x" },
      ],
      ["may be an unambiguous beginning", "Set-VM", { Name: "x", Not: "y" }, { Name: ["x"], Notes: "y" }],
      ["may be an alias's beginning", "Set-VM", { VMNa: "x" }, { Name: ["x"] }],
      ["may have their dash", "Set-VM", { "-Name": "x" }, { Name: ["x"] }],
      [
        "mean the cmdlet's own parameter before a common one",
        "Start-VM",
        { Name: "x", P: true },
        { Name: ["x"], Passthru: true },
      ],
    ];
    for (const [claim, cmdlet, given, bound] of cases)
      it(claim, () => assert.deepEqual(bind(cmdlet, given).parameters, bound));

    it("come back as the module spells them", () => assert.equal(bind("hyper-v\\get-vm", {}).cmdlet, "Get-VM"));
  });

  describe("chooses the parameter set", () => {
    const cases: [claim: string, cmdlet: string, given: Parameters, set: string][] = [
      ["by default", "Get-VM", {}, "Name"],
      ["by what was given", "Get-VM", { Id: id }, "Id"],
      ["by the object", "Set-VMMemory", { VM: [machine], StartupBytes: 1 }, "VMObject"],
      [
        "by what is mandatory, where there is no default",
        "New-VMSwitch",
        { Name: "x", SwitchType: "Internal" },
        "SwitchType",
      ],
      ["that is the default among several", "New-VHD", { Path: "x", SizeBytes: 1 }, "DynamicWithoutSource"],
      ["when there are none", "Add-ClusterDisk", { InputObject: "x" }, "__AllParameterSets"],
    ];
    for (const [claim, cmdlet, given, set] of cases) it(claim, () => assert.equal(bind(cmdlet, given).set, set));
  });

  it("tells a question what would happen from an order", () => {
    const { whatIf, parameters } = bind("Remove-VM", { Name: "x", WhatIf: true, Confirm: false, ErrorAction: "Stop" });
    assert.deepEqual({ whatIf, parameters }, { whatIf: true, parameters: { Name: ["x"], Confirm: false } });
  });

  it("has WhatIf only where the cmdlet supports it", () => {
    assert.match(refusal("Get-VM", { WhatIf: true }), /^NamedParameterNotFound/);
  });

  it("leaves out what is undefined", () => assert.deepEqual(bind("Get-VM", { Name: undefined }).parameters, {}));
});
