import assert from "node:assert/strict";
import type { CallError } from "../../provider/calls";
import { errorOf } from "../../provider/host/errors";

const error = (id: string, category: string, message = "", hresult?: number): CallError => ({
  id,
  category,
  message,
  exception: "Microsoft.HyperV.PowerShell.VirtualizationException",
  hresult,
});

/** Error record, cmdlet, the class of the answer; rows of the tables of hosts' errors. */
const cases: [string, CallError, string][] = [
  ["Get-VM", error("InvalidParameter,Microsoft.HyperV.PowerShell.Commands.GetVM", "InvalidArgument"), "NotFoundError"],
  ["Get-VM", error("ObjectNotFound,Microsoft.HyperV.PowerShell.Commands.GetVM", "ObjectNotFound"), "NotFoundError"],
  ["Get-VHD", error("InvalidParameter,Microsoft.Vhd.PowerShell.Cmdlets.GetVHD", "InvalidArgument"), "NotFoundError"],
  ["New-VHD", error("InvalidParameter,Microsoft.Vhd.PowerShell.Cmdlets.NewVhd", "InvalidArgument"), "InvalidError"],
  [
    "Add-VMHardDiskDrive",
    error("InvalidParameter,Microsoft.HyperV.PowerShell.Commands.AddVMHardDiskDrive", "InvalidArgument"),
    "InvalidError",
  ],
  [
    "New-VM",
    error(
      "ObjectNotFound,Microsoft.HyperV.PowerShell.Commands.NewVM",
      "ObjectNotFound",
      "Failed to access configuration store: (0x80070003)",
    ),
    "InvalidError",
  ],
  [
    "New-VMSwitch",
    error(
      "ObjectNotFound,Microsoft.HyperV.PowerShell.Commands.NewVMSwitch",
      "ObjectNotFound",
      "Bind fehlgeschlagen: Element nicht gefunden (0x80070490).",
    ),
    "InvalidError",
  ],
  [
    "Set-VMProcessor",
    error("InvalidState,Microsoft.HyperV.PowerShell.Commands.SetVMProcessor", "InvalidOperation"),
    "WrongStateError",
  ],
  ["Set-VM", error("NotSupported,Microsoft.HyperV.PowerShell.Commands.SetVM", "InvalidOperation"), "InvalidError"],
  ["New-VM", error("AccessDenied,Microsoft.HyperV.PowerShell.Commands.NewVM", "PermissionDenied"), "RefusedError"],
  ["Start-VM", error("OutOfMemory,Microsoft.HyperV.PowerShell.Commands.StartVM", "NotSpecified"), "ExhaustedError"],
  [
    "Start-VM",
    error(
      "Unspecified,Microsoft.HyperV.PowerShell.Commands.StartVM",
      "NotSpecified",
      "Ressources système insuffisantes (0x800705AA)",
    ),
    "ExhaustedError",
  ],
  [
    "Start-VM",
    error("OperationFailed,Microsoft.HyperV.PowerShell.Commands.StartVM", "NotSpecified", "?? 0x80070020 ??"),
    "BusyError",
  ],
  ["Resize-VHD", error("ObjectInUse,Microsoft.Vhd.PowerShell.Cmdlets.ResizeVhd", "ResourceBusy"), "BusyError"],
  [
    "New-VHD",
    error("OperationFailed,Microsoft.Vhd.PowerShell.Cmdlets.NewVhd", "NotSpecified", "La fichier existe. (0x80070050)"),
    "RefusedError",
  ],
  [
    "Resize-VHD",
    error("OperationFailed,Microsoft.Vhd.PowerShell.Cmdlets.ResizeVhd", "NotSpecified", "(0xC03A0025)"),
    "RefusedError",
  ],
  ["Get-VM", error("CommandNotFoundException", "ObjectNotFound"), "HostSetupError"],
  [
    "Start-VM",
    error("Unspecified,Microsoft.HyperV.PowerShell.Commands.StartVM", "NotSpecified", "0x80070569"),
    "HostSetupError",
  ],
  [
    "Get-ClusterGroup",
    error("ClusterEndpointNotRegistered,Microsoft.FailoverClusters.PowerShell.GetGroupCommand", "ConnectionError"),
    "UnreachableError",
  ],
  [
    "Get-ClusterGroup",
    error("Get-ClusterGroup,Microsoft.FailoverClusters.PowerShell.GetGroupCommand", "NotSpecified", "", -2147019883),
    "NotFoundError",
  ],
  [
    "Move-ClusterVirtualMachineRole",
    error("Move-ClusterVirtualMachineRole,X", "NotSpecified", "", -2147018952),
    "BusyError",
  ],
  ["Set-VM", error("Etwas,Unbekanntes", "ResourceUnavailable"), "UnreachableError"],
  ["Set-VM", error("Etwas,Unbekanntes", "NotSpecified"), "RefusedError"],
];

describe("an error record is told apart by ids and codes, in any language", () => {
  for (const [cmdlet, record, kind] of cases)
    it(`${cmdlet}: ${record.id.split(",")[0]}${record.message ? ` "${record.message}"` : ""} is a ${kind}`, () => {
      const typed = errorOf(record, { address: "HV01", cmdlet });
      assert.equal(typed.name, kind);
      assert.equal(typed.address, "HV01");
      assert.equal(typed.errorId, record.id);
    });
});
