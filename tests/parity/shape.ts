import { type Call, type CallResult, isAssignment, isReference, type Select } from "../../provider/calls";

/** What a call and its answer look like: cmdlet, parameters and kinds of their values, what is selected, kinds of what came. */
export function shapeOf(call: Call, answer: CallResult): string {
  const asked = isAssignment(call)
    ? ["=", call.assign, kindOf(call.target), kindOf(call.value)]
    : [call.cmdlet, kindOf(call.parameters ?? {}), selectText(call.select), call.as !== undefined];
  return JSON.stringify([asked, kindOf(answer.values), answer.warnings.length > 0, answer.error?.id]);
}

const kinds = new WeakMap<object, string>();

function selectText(select: Select | undefined): string | undefined {
  if (!select) return undefined;
  const known = kinds.get(select) ?? JSON.stringify(select);
  kinds.set(select, known);
  return known;
}

function kindOf(value: unknown): unknown {
  if (value === null) return null;
  if (isReference(value)) return ["$", value.property, value.where && Object.keys(value.where)];
  if (Array.isArray(value)) {
    const each = [...new Set(value.map((item) => JSON.stringify(kindOf(item))))].sort();
    return [value.length > 1 ? "many" : value.length, ...each];
  }
  if (typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, kindOf(item)]));
  return typeof value;
}
