import { reference } from "./reference";

/** What is known of a parameter's type; `type` is that of an element where it is a list. */
export interface Conversion {
  type: string;
  /** Names and values of an enum. */
  values: Readonly<Record<string, number>> | undefined;
  isNullable: boolean;
  isList: boolean;
  /** Cannot hold null. */
  isValueType: boolean;
}

/** From a type as the reference writes it. */
export function conversionOf(type: string): Conversion {
  const known = conversions.get(type);
  if (known) return known;
  const conversion = parseType(type);
  conversions.set(type, conversion);
  return conversion;
}

export function typeName({ type, isNullable, isList }: Conversion): string {
  const name = systemTypes[type] ?? type;
  const whole = isNullable ? `System.Nullable\`1[${name}]` : name;
  return isList && type !== "StringCollection" ? `${whole}[]` : whole;
}

const conversions = new Map<string, Conversion>();

function parseType(written: string): Conversion {
  const isArray = written.endsWith("[]");
  const element = isArray ? written.slice(0, -2) : written;
  const isNullable = element.endsWith("?");
  const type = isNullable ? element.slice(0, -1) : element;
  const values = enumValues(type);
  return {
    type,
    values,
    isNullable,
    isList: isArray || type === "StringCollection",
    isValueType: !isNullable && (values !== undefined || valueTypes.has(type)),
  };
}

const valueTypes = new Set([
  "int",
  "int16",
  "long",
  "byte",
  "uint16",
  "uint32",
  "uint64",
  "bool",
  "switch",
  "guid",
  "timespan",
  "datetime",
]);

function enumValues(type: string): Readonly<Record<string, number>> | undefined {
  return type === "ActionPreference" ? actionPreference : reference.enums[type];
}

const actionPreference = {
  SilentlyContinue: 0,
  Stop: 1,
  Continue: 2,
  Inquire: 3,
  Ignore: 4,
  Suspend: 5,
  Break: 6,
};

const systemTypes: Readonly<Record<string, string>> = {
  string: "System.String",
  bool: "System.Boolean",
  switch: "System.Management.Automation.SwitchParameter",
  byte: "System.Byte",
  int16: "System.Int16",
  uint16: "System.UInt16",
  int: "System.Int32",
  uint32: "System.UInt32",
  long: "System.Int64",
  uint64: "System.UInt64",
  guid: "System.Guid",
  version: "System.Version",
  timespan: "System.TimeSpan",
  datetime: "System.DateTime",
  hashtable: "System.Collections.Hashtable",
  psobject: "System.Management.Automation.PSObject",
  Object: "System.Object",
  StringCollection: "System.Collections.Specialized.StringCollection",
  CimSession: "Microsoft.Management.Infrastructure.CimSession",
  ciminstance: "Microsoft.Management.Infrastructure.CimInstance",
  pscredential: "System.Management.Automation.PSCredential",
  securestring: "System.Security.SecureString",
};
