import type { Running } from "./cmdlet";
import { hasWildcard } from "./names";
import { nameMatches } from "./selection";

/**
 * What a CIM cmdlet's query finds. A value without wildcards that nothing has is an error that names the property
 * (`CmdletizationQuery_NotFound_Name`, recorded: pluralsight/PS-AutoLab-Env#199).
 */
export function query<Item>(
  call: Running,
  items: readonly Item[],
  properties: Readonly<Record<string, (item: Item) => string | number>>,
): Item[] {
  let found = [...items];
  for (const [parameter, read] of Object.entries(properties)) {
    const wanted = call.texts(parameter)?.map(String);
    if (!wanted) continue;
    for (const value of wanted)
      if (!hasWildcard(value) && !found.some((item) => nameMatches(String(read(item)), value)))
        notFound(call, parameter, value);
    found = found.filter((item) => wanted.some((value) => nameMatches(String(read(item)), value)));
  }
  return found;
}

function notFound(call: Running, property: string, value: string): never {
  call.fail(
    `CmdletizationQuery_NotFound_${property}`,
    "ObjectNotFound",
    `No objects found with property '${property}' equal to '${value}'. Verify the value of the property and retry.`,
    { exception: "Microsoft.PowerShell.Cmdletization.Cim.CimJobException" },
  );
}

/** What a CIM method answers with a Win32 error: `Windows System Error 32` (V, hyper-v.md 1.1). */
export function systemError(call: Running, code: number, category: string, message: string): never {
  call.fail(`Windows System Error ${code}`, category, message);
}

/** These ask before they remove, and nobody can be asked under `-NonInteractive`: `-Confirm:$false` it takes. */
export function needsConfirmFalse(call: Running): void {
  if (call.get("Confirm") !== false)
    call.fail(
      "InvalidOperation",
      "InvalidOperation",
      "Windows PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.",
      { exception: "System.Management.Automation.PSInvalidOperationException" },
    );
}
