import { BusyError } from "../../host/errors";
import { type Holder, holdersOf } from "../../resources/holders";
import type { Looking } from "./looking";
import { StepError } from "./step-error";

/** An error that says that files are in use, with who has them, as far as machines do. Otherwise the error as it is. */
export async function withHolders(error: unknown, looking: Looking, own: string): Promise<unknown> {
  const cause = error instanceof StepError ? error.cause : error;
  const named = error instanceof StepError ? error.files : [];
  const files = cause instanceof BusyError ? [...named, ...filesIn(cause.message)] : named;
  const isBusy = cause instanceof BusyError || (error instanceof StepError && error.isLook);
  if (!isBusy || files.length === 0) return error;
  const found = await looking.survey(holdersOf([...new Set(files)], own), "change").catch((): Holder[] => []);
  if (found.length === 0) return error;
  const held = found.map(
    ({ file, machine, node }) => `the virtual machine "${machine}"${node ? ` on ${node}` : ""} has ${file} open`,
  );
  const [first = "", ...others] = held;
  const text = `${[first.charAt(0).toUpperCase() + first.slice(1), ...others].join(", ")}, and keeps it open until the machine is turned off or the disk is detached. Use another disk, or release this one first.`;
  return error instanceof StepError ? error.withHolders(text) : new StepError(undefined, error).withHolders(text);
}

/** A path is the same in every language; a host puts it in quotes. */
function filesIn(message: string): string[] {
  return [...message.matchAll(/(?:[a-z]:|\\)\\[^"'<>|:*?\r\n]+?\.(?:a?vhdx?|vhds|iso)\b/gi)].map(([path]) => path);
}
