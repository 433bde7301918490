import { isSecretValue } from "../calls";

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
