import assert from "node:assert/strict";
import { bind } from "../../provider/simulator/engine/binder";
import { CallFailure } from "../../provider/simulator/engine/failure";

const machine = { type: "VirtualMachine" };
const snapshot = { type: "VMSnapshot" };
const adapter = { type: "VMNetworkAdapter" };
const disk = { type: "HardDiskDrive" };
const controller = { type: "VMScsiController" };
const id = "b1f6a2d0-0000-4000-8000-000000000001";

type Parameters = Record<string, unknown>;

function refusal(cmdlet: string, parameters: Parameters): string {
  try {
    const { set } = bind(cmdlet, parameters);
    return `bound to ${set}`;
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    return `${error.error.id} ${error.error.category}`;
  }
}

function value(cmdlet: string, parameters: Parameters, parameter: string): unknown {
  return bind(cmdlet, parameters).parameters[parameter];
}

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

  describe("refuses", () => {
    const hyperV = "Microsoft.HyperV.PowerShell.Commands";
    const vhd = "Microsoft.Vhd.PowerShell.Cmdlets";
    const cases: [claim: string, cmdlet: string, given: Parameters, refusal: string][] = [
      ["a cmdlet that is in no module", "Get-Nothing", {}, "CommandNotFoundException ObjectNotFound"],
      ["a cmdlet of another module", "FailoverClusters\\Get-VM", {}, "CommandNotFoundException ObjectNotFound"],
      ["a module that is not there", "Nothing\\Get-VM", {}, "CouldNotAutoLoadModule ObjectNotFound"],
      [
        "an unknown parameter",
        "Start-VM",
        { Name: "x", Id: id },
        `NamedParameterNotFound,${hyperV}.StartVM InvalidArgument`,
      ],
      [
        "a beginning of several names",
        "Set-VM",
        { Name: "x", Automatic: 1 },
        `AmbiguousParameter,${hyperV}.SetVM InvalidArgument`,
      ],
      [
        "a parameter given twice",
        "Set-VM",
        { Name: "x", VMName: "x" },
        `ParameterAlreadyBound,${hyperV}.SetVM InvalidArgument`,
      ],
      [
        "parameters of two sets",
        "Get-VM",
        { Name: "x", Id: id },
        `AmbiguousParameterSet,${hyperV}.GetVM InvalidArgument`,
      ],
      [
        "sets that stay open",
        "New-VHD",
        { Fixed: true, Dynamic: true },
        `AmbiguousParameterSet,${vhd}.NewVhd InvalidArgument`,
      ],
      [
        "a mandatory parameter that is missing",
        "Rename-VM",
        { Name: "x" },
        `MissingMandatoryParameter,${hyperV}.RenameVM InvalidArgument`,
      ],
      [
        "a word that is no number",
        "New-VM",
        { MemoryStartupBytes: "lots" },
        `CannotConvertArgumentNoMessage,${hyperV}.NewVM InvalidArgument`,
      ],
      [
        "a number beyond its type",
        "New-VHD",
        { SizeBytes: -1 },
        `CannotConvertArgumentNoMessage,${vhd}.NewVhd InvalidArgument`,
      ],
      [
        "true for an enum",
        "Set-VM",
        { LockOnDisconnect: true },
        `CannotConvertArgumentNoMessage,${hyperV}.SetVM InvalidArgument`,
      ],
      [
        "a text for a switch",
        "Set-VM",
        { DynamicMemory: "true" },
        `CannotConvertArgument,${hyperV}.SetVM InvalidArgument`,
      ],
      [
        "a list where one thing goes",
        "New-VM",
        { Name: ["a"] },
        `CannotConvertArgument,${hyperV}.NewVM InvalidArgument`,
      ],
      [
        "an object of another class",
        "Start-VM",
        { VM: snapshot },
        `CannotConvertArgumentNoMessage,${hyperV}.StartVM InvalidArgument`,
      ],
      [
        "a name where an object goes",
        "Start-VM",
        { VM: "x" },
        `CannotConvertArgumentNoMessage,${hyperV}.StartVM InvalidArgument`,
      ],
      [
        "a value outside the declared set",
        "New-VM",
        { Generation: 3 },
        `ParameterArgumentValidationError,${hyperV}.NewVM InvalidData`,
      ],
      [
        "a value outside the declared range",
        "Wait-VM",
        { Delay: 0 },
        `ParameterArgumentValidationError,${hyperV}.WaitVM InvalidData`,
      ],
      [
        "an empty path that the module validates",
        "Set-VM",
        { SmartPagingFilePath: "" },
        `ParameterArgumentValidationError,${hyperV}.SetVM InvalidData`,
      ],
      [
        "a timeout of nothing",
        "Set-VM",
        { AutomaticCriticalErrorActionTimeout: 0 },
        `ParameterArgumentValidationError,${hyperV}.SetVM InvalidData`,
      ],
      [
        "null for a machine",
        "Set-VMMemory",
        { VM: null },
        `ParameterArgumentValidationError,${hyperV}.SetVMMemory InvalidData`,
      ],
      [
        "null for a mandatory parameter",
        "Set-VM",
        { Name: null },
        `ParameterArgumentValidationErrorNullNotAllowed,${hyperV}.SetVM InvalidData`,
      ],
      [
        "nothing for a mandatory parameter",
        "Set-VM",
        { Name: "" },
        `ParameterArgumentValidationErrorEmptyStringNotAllowed,${hyperV}.SetVM InvalidData`,
      ],
      [
        "an empty list for a mandatory parameter",
        "Set-VM",
        { Name: [] },
        `ParameterArgumentValidationErrorEmptyArrayNotAllowed,${hyperV}.SetVM InvalidData`,
      ],
      [
        "nothing among the names",
        "Set-VM",
        { Name: ["a", ""] },
        `ParameterArgumentValidationErrorEmptyStringNotAllowed,${hyperV}.SetVM InvalidData`,
      ],
      [
        "null for a bool",
        "New-VMSwitch",
        { AllowManagementOS: null },
        `ParameterArgumentValidationErrorNullNotAllowed,${hyperV}.NewVMSwitch InvalidArgument`,
      ],
      [
        "null for a plain number",
        "Set-VMStorageSettings",
        { VirtualProcessorsPerChannel: null },
        `ParameterBindingFailed,${hyperV}.SetVMStorageSettings WriteError`,
      ],
    ];
    for (const [claim, cmdlet, given, expected] of cases)
      it(claim, () => assert.equal(refusal(cmdlet, given), expected));

    it("with the classes of real error records", () => {
      const unknown = { Nope: 1 };
      const ids = [
        "Mount-VHD",
        "Get-VHD",
        "Get-ClusterNode",
        "Get-ClusterResource",
        "Move-ClusterGroup",
        "Test-Path",
        "Get-NetAdapter",
      ].map((cmdlet) => refusal(cmdlet, unknown).split(/[, ]/)[1]);
      const cluster = "Microsoft.FailoverClusters.PowerShell";
      assert.deepEqual(ids, [
        `${vhd}.MountVhd`,
        `${vhd}.GetVHD`,
        `${cluster}.GetNodeCommand`,
        `${cluster}.GetResourceCommand`,
        `${cluster}.MoveClusterGroupCommand`,
        "Microsoft.PowerShell.Commands.TestPathCommand",
        "Get-NetAdapter",
      ]);
    });
  });

  describe("of several mistakes names", () => {
    const cases: [claim: string, given: Parameters, id: string][] = [
      [
        "the first value that does not convert, before an unknown name",
        { Nope: 1, Name: "x", ProcessorCount: "lots" },
        "CannotConvertArgumentNoMessage",
      ],
      [
        "sets that exclude each other, before an unknown name",
        { Nope: 1, Name: "x", VM: machine },
        "AmbiguousParameterSet",
      ],
      ["an unknown name, before what is missing", { Nope: 1 }, "NamedParameterNotFound"],
      ["an ambiguous name where it stands", { Automatic: 1, ProcessorCount: "lots" }, "AmbiguousParameter"],
    ];
    for (const [claim, given, expected] of cases)
      it(claim, () => assert.equal(refusal("Set-VM", given).split(",")[0], expected));
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

  it("tells a question what would happen from an order", () => {
    const { whatIf, parameters } = bind("Remove-VM", { Name: "x", WhatIf: true, Confirm: false, ErrorAction: "Stop" });
    assert.deepEqual({ whatIf, parameters }, { whatIf: true, parameters: { Name: ["x"], Confirm: false } });
  });

  it("has WhatIf only where the cmdlet supports it", () => {
    assert.match(refusal("Get-VM", { WhatIf: true }), /^NamedParameterNotFound/);
  });

  it("leaves out what is undefined", () => assert.deepEqual(bind("Get-VM", { Name: undefined }).parameters, {}));
});
