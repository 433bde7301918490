import type { CallError } from "../../calls";
import { cmdletName, reference } from "./reference";

/** A call that failed as on a host: what PowerShell's error record would say. */
export class CallFailure extends Error {
  constructor(readonly error: CallError) {
    super(error.message);
    this.name = "CallFailure";
  }
}

export interface MoreOfFailure {
  /** Full name of the exception's class; otherwise what the cmdlet's module throws. */
  exception?: string;
  hresult?: number;
  target?: string;
  /** What stands after the comma of the id in place of the cmdlet's class. */
  origin?: string;
}

/** What the simulator does not know. */
export const notPlayed = { errorId: "NotSupported", category: "NotImplemented" } as const;

/** The failure with which a cmdlet ends: the class of the cmdlet completes the error id. */
export function failure(
  cmdlet: string,
  { errorId, category }: { errorId: string; category: string },
  message: string,
  more: MoreOfFailure = {},
): CallFailure {
  const name = cmdletName(cmdlet);
  const data = name === undefined ? undefined : reference.cmdlets[name];
  return new CallFailure({
    id: data ? `${errorId},${more.origin ?? data.class}` : errorId,
    category,
    exception: more.exception ?? exceptions[data?.module ?? ""] ?? "System.Management.Automation.RuntimeException",
    message,
    ...(more.hresult === undefined ? {} : { hresult: more.hresult }),
    ...(more.target === undefined ? {} : { target: more.target }),
  });
}

const exceptions: Readonly<Record<string, string>> = {
  "Hyper-V": "Microsoft.HyperV.PowerShell.VirtualizationException",
  FailoverClusters: "Microsoft.FailoverClusters.PowerShell.ClusterCmdletException",
  NetAdapter: "Microsoft.Management.Infrastructure.CimException",
  NetNat: "Microsoft.Management.Infrastructure.CimException",
  NetTCPIP: "Microsoft.Management.Infrastructure.CimException",
  Storage: "Microsoft.Management.Infrastructure.CimException",
};
