import assert from "node:assert/strict";
import { id, machine, type Parameters, refusal } from "./bound";

const snapshot = { type: "VMSnapshot" };

describe("binder", () => {
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
});
