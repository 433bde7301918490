import type { Running } from "./cmdlet";
import { record, type Thing } from "./thing";

/** What a call with `-AsJob` returns. There is no clock: the work is done, or will never be. */
export function jobThing(call: Running, state: "Completed" | "Running" = "Completed"): Thing {
  call.world.serial += 1;
  const id = call.world.serial;
  return record("VMJob", { Id: id, Name: `Job${id}`, Command: call.cmdlet, State: state, StatusMessage: state });
}

/** What a cmdlet answers that has changed things: a job, the things with `-Passthru`, or nothing. */
export function answer(call: Running, things: () => readonly Thing[]): readonly Thing[] {
  if (call.flag("AsJob")) return [jobThing(call)];
  return call.flag("Passthru") ? things() : [];
}

/** What a cmdlet answers that makes something: the thing, or a job. */
export function answerNew(call: Running, thing: Thing): readonly Thing[] {
  return [call.flag("AsJob") ? jobThing(call) : thing];
}
