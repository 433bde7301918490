import type { Running } from "../engine/cmdlet";
import { Thing } from "../engine/thing";
import { noObject, refuse } from "./selection";

/** What the objects of `-InputObject` are, by their names; undefined without any. */
export function chosen<Item extends { name: string; id?: string }>(
  call: Running,
  items: readonly Item[],
  type: string,
): Item[] | undefined {
  if (!call.has("InputObject")) return undefined;
  return [call.get<unknown>("InputObject")].flat().map((object) => {
    if (!(object instanceof Thing) || object.type !== type) noObject(call);
    const item = items.find(({ name, id }) =>
      id === undefined ? name === object.identity.Name : id === object.identity.Id,
    );
    if (!item) refuse(call, `'${String(object.identity.Name)}' is not there any more`, 0x80070490);
    return item;
  });
}
