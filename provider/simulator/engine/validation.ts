import type { Conversion } from "./parameter-type";
import type { ParameterData } from "./reference";

/** What speaks against a converted value, if anything: declared sets and ranges, then the module's own validators. */
export function validate(cmdlet: string, name: string, data: ParameterData, value: unknown): string | undefined {
  return declared(data, value) ?? undeclared(cmdlet, name, data, value);
}

function declared({ validateSet, validateRange }: ParameterData, value: unknown): string | undefined {
  if (!validateSet && !validateRange) return undefined;
  for (const element of Array.isArray(value) ? (value as unknown[]) : [value]) {
    if (element === null)
      return "The argument is null, empty, or an element of the argument collection contains a null value.";
    const text = String(element);
    if (validateSet && !validateSet.some((allowed) => allowed.toLowerCase() === text.toLowerCase()))
      return `The argument "${text}" does not belong to the set "${validateSet.join(",")}" specified by the ValidateSet attribute.`;
    if (validateRange && (Number(element) < validateRange[0] || Number(element) > validateRange[1]))
      return `The ${text} argument is not in the range from ${validateRange[0]} to ${validateRange[1]}.`;
  }
  return undefined;
}

/** Validators of the real module that the reference does not list. */
function undeclared(cmdlet: string, name: string, data: ParameterData, value: unknown): string | undefined {
  const wants =
    ownValidators[cmdlet]?.[name] ?? (data.type.startsWith("VirtualMachine") && name === "VM" ? "a value" : undefined);
  if (wants === undefined) return undefined;
  const refused = value === null || (wants === "text" && value === "") || (wants === "positive" && Number(value) < 1);
  return refused
    ? "The argument is null, empty or out of range. Supply an argument that is not, and then try the command again."
    : undefined;
}

// All recorded as ParameterArgumentValidationError, InvalidData; `-VM $null` (Set-VMMemory) is handled by its type above.
const ownValidators: Readonly<Record<string, Readonly<Record<string, "a value" | "text" | "positive">>>> = {
  "Set-VM": {
    SnapshotFileLocation: "text",
    SmartPagingFilePath: "text",
    AutomaticCriticalErrorActionTimeout: "positive", // documented as "0 turns off at once", yet refused
  },
};

export interface Emptiness {
  id: string;
  text: string;
}

const isNull: Emptiness = { id: "NullNotAllowed", text: "null" };

/** What a mandatory parameter refuses: null, an empty string, an empty list, and a list with one of these in it. */
export function emptiness(conversion: Conversion, value: unknown): Emptiness | undefined {
  if (value === null) return isNull;
  if (value === "" && conversion.type === "string") return { id: "EmptyStringNotAllowed", text: "an empty string" };
  if (!conversion.isList || !Array.isArray(value)) return undefined;
  if (value.length === 0)
    return conversion.type === "StringCollection"
      ? { id: "EmptyCollectionNotAllowed", text: "an empty collection" }
      : { id: "EmptyArrayNotAllowed", text: "an empty array" };
  if (conversion.isValueType) return undefined;
  if (value.includes(null)) return isNull;
  return value.includes("") && conversion.type === "string"
    ? { id: "EmptyStringNotAllowed", text: "an empty string" }
    : undefined;
}
