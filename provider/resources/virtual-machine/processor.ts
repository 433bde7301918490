import { result } from "../../calls";
import type { Block } from "./change";

export const processor: Block = (observed, { processor: desired }) => {
  if (desired?.count === undefined || desired.count === observed.processorCount) return [];
  return [
    {
      does: `set ${desired.count} processors`,
      property: "processor.count",
      when: "off",
      calls: [{ cmdlet: "Set-VMProcessor", parameters: { VM: result("vm"), Count: desired.count } }],
    },
  ];
};
