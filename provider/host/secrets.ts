import { type Call, isAssignment, isReference, isSecretValue, type Value } from "../calls";

/** The secrets in calls or other plain data, longest first, so that one within another leaves no rest. */
export function secretsIn(data: unknown): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (isSecretValue(value)) {
      if (value.$secret !== "") found.add(value.$secret);
    } else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
  };
  visit(data);
  return [...found].sort((one, other) => other.length - one.length);
}

/** The same data with every text free of the secrets. */
export function maskIn<T>(data: T, secrets: readonly string[]): T {
  const mask = (value: unknown): unknown => {
    if (typeof value === "string") return secrets.reduce((text, secret) => text.replaceAll(secret, "********"), value);
    if (Array.isArray(value)) return value.map(mask);
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item)]));
    return value;
  };
  return mask(data) as T;
}

/** Calls without their values: what remains says what is done to which id. */
export function withoutValues(calls: readonly Call[]): Call[] {
  const hide = (value: Value): Value => {
    if (Array.isArray(value)) return value.map(hide);
    if (typeof value === "string" || typeof value === "number") return "********";
    if (value === null || typeof value !== "object" || isSecretValue(value)) return value;
    if (isReference(value)) return value.where ? { ...value, where: hideIn(value.where) } : value;
    return hideIn(value as Record<string, Value>);
  };
  const hideIn = <T extends object>(values: T): T =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, /^(Id|VMId)$/.test(key) ? value : hide(value)]),
    ) as T;
  return calls.map((call) => {
    if (isAssignment(call)) return { ...call, value: hide(call.value) };
    return { ...call, ...(call.parameters && { parameters: hideIn(call.parameters) }) } as Call;
  });
}
