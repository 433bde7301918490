import assert from "node:assert/strict";
import { bind } from "../../provider/simulator/engine/binder";
import { adapter, id, machine, type Parameters } from "./bound";

const disk = { type: "HardDiskDrive" };
const controller = { type: "VMScsiController" };

function value(cmdlet: string, parameters: Parameters, parameter: string): unknown {
  return bind(cmdlet, parameters).parameters[parameter];
}

describe("binder", () => {
  describe("converts", () => {
    const long = (given: unknown): unknown => value("Set-VM", { Name: "x", ProcessorCount: given }, "ProcessorCount");
    const cases: [claim: string, converted: () => unknown, expected: unknown][] = [
      ["text with a unit to a number", () => long("1.5GB"), 1610612736],
      ["text in hex to a number", () => long("0x10"), 16],
      ["fractions to the even neighbour", () => [2.5, 3.5, "2.5", -0.5].map(long), [2, 4, 2, 0]],
      ["no text to zero", () => long(" "), 0],
      ["true to one", () => long(true), 1],
      ["a number to text", () => value("New-VM", { Name: 7 }, "Name"), "7"],
      [
        "an enum's name in any case",
        () => value("Set-VM", { Name: "x", AutomaticStopAction: "shutdown" }, "AutomaticStopAction"),
        "ShutDown",
      ],
      ["an enum's number", () => value("Set-VM", { Name: "x", AutomaticStopAction: 3 }, "AutomaticStopAction"), "Save"],
      [
        "an enum's number as text",
        () => value("Set-VM", { Name: "x", AutomaticStopAction: "3" }, "AutomaticStopAction"),
        "Save",
      ],
      [
        "an enum's unambiguous beginning",
        () => value("Set-VM", { Name: "x", AutomaticStopAction: "Tu" }, "AutomaticStopAction"),
        "TurnOff",
      ],
      ["a number to true", () => value("Set-VM", { Name: "x", DynamicMemory: 1 }, "DynamicMemory"), true],
      ["null to a switch that is on", () => value("Set-VM", { Name: "x", DynamicMemory: null }, "DynamicMemory"), true],
      ["a guid to its usual form", () => value("Get-VM", { Id: `{${id.toUpperCase()}}` }, "Id"), id],
      ["a version", () => value("New-VM", { Name: "x", Version: 9.1 }, "Version"), "9.1"],
      [
        "a time span",
        () => value("Set-VMHost", { ResourceMeteringSaveInterval: "1:2:3:4" }, "ResourceMeteringSaveInterval"),
        "1.02:03:04",
      ],
      ["one thing to a list", () => value("Start-VM", { VM: machine }, "VM"), [machine]],
      [
        "an object to a base of its class",
        () => value("Set-VMNetworkAdapter", { VMNetworkAdapter: adapter }, "VMNetworkAdapter"),
        adapter,
      ],
      [
        "a controller to a drive controller",
        () => value("Add-VMHardDiskDrive", { VMDriveController: controller }, "VMDriveController"),
        controller,
      ],
      [
        "a drive and an adapter to boot devices",
        () => value("Set-VMFirmware", { VMName: "x", BootOrder: [disk, adapter] }, "BootOrder"),
        [disk, adapter],
      ],
      [
        "anything to an object of any kind",
        () => value("Get-ClusterGroup", { InputObject: machine }, "InputObject"),
        machine,
      ],
    ];
    for (const [claim, converted, expected] of cases) it(claim, () => assert.deepEqual(converted(), expected));
  });
});
