import { convert } from "../engine/conversion";
import { CallFailure } from "../engine/failure";
import { coded, signed } from "../engine/hresult";
import { sameName } from "../engine/names";
import { conversionOf } from "../engine/parameter-type";
import { reference } from "../engine/reference";
import type { View } from "../engine/thing";
import type { ClusterProperties } from "../world/world";

type Scalar = number | string;

/** A property of a cluster's object that can be set; its default says whether it is a number (uint32) or a text. */
export interface Property {
  default: Scalar;
  /** Of an enum, whose names are its values. */
  type?: string;
  /** What the cluster does not take. */
  wrong?(value: Scalar): string | undefined;
}

export type Properties = Readonly<Record<string, Property>>;

/** What the cluster shows for "not set", a uint32 where WMI shows -1 (hyper-v.md 1.4). */
export const unset = 4294967295;

export function oneOf(...values: number[]): Property["wrong"] {
  return (value) => (values.includes(Number(value)) ? undefined : `it is none of ${values.join(", ")}`);
}

export function between(low: number, high: number, ...others: number[]): Property["wrong"] {
  return (value) =>
    (Number(value) >= low && Number(value) <= high) || others.includes(Number(value))
      ? undefined
      : `it is not between ${low} and ${high}`;
}

export function numberOf(set: ClusterProperties, properties: Properties, name: string): number {
  return Number(set[name] ?? properties[name]?.default);
}

export function viewOf(set: ClusterProperties, properties: Properties): View {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, set[name] ?? property.default]),
  );
}

/** The value in the property's type, or why it is refused. */
export function accept(property: Property, value: unknown): { value: Scalar } | { refusal: string; code?: number } {
  const plain = typeof property.default === "number" ? "uint32" : "string";
  const converted = convert(conversionOf(property.type ?? plain), value);
  if (!converted.ok) return { refusal: `Cannot convert it: ${JSON.stringify(value) ?? "null"}` };
  const scalar = typeof converted.value === "number" ? converted.value : String(converted.value ?? "");
  const wrong = property.wrong?.(scalar);
  return wrong === undefined ? { value: scalar } : { refusal: `${scalar} is refused: ${wrong}.`, code: 0x80070057 };
}

/** What an assignment is to do. */
export interface Assigned {
  /** Class of the object. */
  type: string;
  property: string;
  value: unknown;
  set: ClusterProperties;
  properties: Properties;
  /** Properties that are more than a value. */
  others?: Readonly<Record<string, (value: unknown) => void>>;
}

export function assignProperty({ type, property, value, set, properties, others = {} }: Assigned): void {
  const name = Object.keys(reference.classes[type]?.properties ?? {}).find((known) => sameName(known, property));
  if (name === undefined)
    throw notAssignable(
      `The property '${property}' cannot be found on this object. Verify that the property exists and can be set.`,
    );
  const own = properties[name];
  if (others[name]) others[name](value);
  else if (own) {
    const accepted = accept(own, value);
    if ("refusal" in accepted) throw refusedValue(name, accepted.refusal, accepted.code);
    set[name] = accepted.value;
  } else throw notAssignable(`'${name}' is a ReadOnly property.`);
}

export function refusedValue(property: string, why: string, code?: number): CallFailure {
  const message = `Exception setting "${property}": "${why}"`;
  return new CallFailure({
    id: "ExceptionWhenSetting",
    category: "NotSpecified",
    exception: "System.Management.Automation.SetValueInvocationException",
    message: code === undefined ? message : coded(message, code),
    ...(code !== undefined && { hresult: signed(code) }),
  });
}

function notAssignable(message: string): CallFailure {
  return new CallFailure({
    id: "PropertyAssignmentException",
    category: "InvalidOperation",
    exception: "System.Management.Automation.RuntimeException",
    message,
  });
}
