import type { Running } from "../engine/cmdlet";
import { machineOf, machinesNamed } from "../engine/selection";
import { given } from "../engine/settings";
import type { Thing } from "../engine/thing";
import type { Machine } from "../world/world";

/** The one machine that cmdlets of moves take. */
export function oneMachine(call: Running): Machine {
  const object = given<Thing>(call, "VM");
  if (object) return machineOf(call, object);
  const [machine, another] = machinesNamed(call, [call.text("Name") ?? ""]);
  if (!machine) call.notFound(`Hyper-V was unable to find a virtual machine with name "${call.text("Name")}".`);
  if (another) call.fail("InvalidOperation", "InvalidOperation", "Sequence contains more than one element");
  return machine;
}
