import { textOf } from "../provider/host/errors";
import { shown } from "../provider/text/shown";

/** How a command ends that fails. Names in a world or on a host may be in it. */
export function errorLine(error: unknown): string {
  return `error: ${shown(textOf(error), longest)}`;
}

/** An error may be a list, a line for each thing that is wrong. */
const longest = 2 ** 16;
