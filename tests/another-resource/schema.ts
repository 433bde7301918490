import { z } from "zod";
import { hot, name, policy, replaces } from "../../schema";

export const schema = z.strictObject({
  /** Name that Hyper-V shows. Changes in place. @default the resource's name in the program */
  name: hot(name(), "Rename-VMSwitch", "NewName"),
  /** Text for people. Changes in place. @default "" */
  notes: hot(z.string().default(""), "Set-VMSwitch", "Notes"),
  /** Node of the provider's `nodes`. A change replaces the network. */
  node: replaces(z.string().min(1).optional()),
  /** Takes over a switch of this name. @default false */
  adopt: policy(z.boolean().default(false)),
});

export type Desired = z.input<typeof schema>;
