import { type Call, type CallError, isAssignment } from "../../provider/calls";
import { reference } from "../../provider/simulator/engine/reference";
import type { Difference } from "./replay";

/** Where PowerShell as the lab has it answers otherwise than a host would, and the simulator as a host. */
export interface KnownDifference {
  why: string;
  isThis: (difference: Difference, call: Call | undefined) => boolean;
}

const cmdletOf = (call: Call | undefined): string | undefined =>
  call && !isAssignment(call) ? call.cmdlet : undefined;
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const errorIdOf = (id: unknown): string | undefined => text(id).split(",")[0];

export const knownDifferences: readonly KnownDifference[] = [
  {
    why: "an enum of the engine has no null, and shows the number 0, which none of its names has",
    isThis: ({ at, simulated, played }) => /\.values\..*Mode$/.test(at) && simulated === null && played === "0",
  },
  {
    why: "Checkpoint-VM has another class in the engine (its README)",
    isThis: ({ at, simulated, played }, call) =>
      cmdletOf(call) === "Checkpoint-VM" &&
      at.endsWith(".error.id") &&
      text(played) === text(simulated).replace(/CheckpointVM$/, "NewVMSnapshot"),
  },
  {
    why: "cmdlets of modules other than Hyper-V and FailoverClusters have classes and exceptions of the engine's own",
    isThis: ({ at, simulated, played }, call) => {
      const module = reference.cmdlets[cmdletOf(call) ?? ""]?.module;
      if (module === undefined || module === "Hyper-V" || module === "FailoverClusters") return false;
      if (at.endsWith(".error.exception")) return played === "Microsoft.HyperV.PowerShell.VirtualizationException";
      return (
        at.endsWith(".error.id") && errorIdOf(played) === errorIdOf(simulated) && /,HyperVLab\./.test(text(played))
      );
    },
  },
  {
    why: "cmdlets of a cluster's sets, rules and fault domains are CIM's on a host, and the engine's errors of them have classes and exceptions of its own",
    isThis: ({ at, simulated, played }, call) => {
      if (!/Cluster(GroupSet|GroupToSet|GroupFromSet)|(AffinityRule|FaultDomain)$/.test(cmdletOf(call) ?? ""))
        return false;
      if (at.endsWith(".error.exception")) return played === "Microsoft.HyperV.PowerShell.VirtualizationException";
      return at.endsWith(".error.id") && errorIdOf(played) === errorIdOf(simulated);
    },
  },
  {
    why: "Get-ClusterResource has another class in the engine",
    isThis: ({ at, simulated, played }, call) =>
      cmdletOf(call) === "Get-ClusterResource" &&
      at.endsWith(".error.id") &&
      text(played) === text(simulated).replace(/GetResourceCommand$/, "GetClusterResourceCommand"),
  },
  {
    why: "what is assigned is set by a script in the engine, whose error has the id of a script's, and says the host's words within",
    isThis: ({ at, simulated, played }, call) => {
      if (!call || !isAssignment(call)) return false;
      if (at.endsWith(".error.id")) return played === "ScriptSetValueRuntimeException";
      if (at.endsWith(".error.exception")) return played === "System.Management.Automation.SetValueInvocationException";
      // a script's own, -2146233087, in place of the host's
      if (at.endsWith(".error.hresult")) return played === -2146233087;
      return at.endsWith(".error.message") && text(played).includes(text(simulated));
    },
  },
  {
    why: "the simulator names several objects in the place of one by their types, and PowerShell as System.Object[]",
    isThis: ({ at, simulated, played }) =>
      at.endsWith(".error.message") &&
      words(simulated) === words(text(played).replaceAll(/'(\w+\.)+(\w+)'/g, "'$2'")) &&
      text(played).includes("'System.Object[]'"),
  },
];

const words = (message: unknown): string => text(message).replace(/^Cannot convert '[^']*'/, "Cannot convert");

/**
 * What the engine cannot bind (its README): drives and adapters as devices of a boot order; and what is CIM's on a host, as disks and
 * fault domains are, which is a plain object in the engine.
 */
export function isUnbindable(call: Call | undefined, error: CallError | undefined): boolean {
  if (!call || isAssignment(call)) return false;
  const names = Object.keys(call.parameters ?? {});
  const message = error?.message ?? "";
  // it takes any object, and looks at it then
  if (call.cmdlet === "Add-ClusterDisk" && names.includes("InputObject"))
    return /^PSArgument,/.test(error?.id ?? "") && message === "No cluster object was specified.";
  if (!/^CannotConvertArgument/.test(error?.id ?? "")) return false;
  if (call.cmdlet === "Set-VMFirmware")
    return (
      (names.includes("BootOrder") || names.includes("FirstBootDevice")) &&
      /"Microsoft\.HyperV\.PowerShell\.VMComponentObject|VMBootSource|VMComponentObject/.test(message)
    );
  return /PSCustomObject" to type "Microsoft\.Management\.Infrastructure\.CimInstance/.test(message);
}
