import { z } from "zod";
import { VMSwitchType } from "../../calls/cmdlets.generated";
import { hot, meant, name, policy, replaces } from "../../schema";

export const schema = z.strictObject({
  /**
   * Name that Hyper-V shows and machines connect to; need not be unique on a host, but live migration looks for a switch
   * of the same name. `New-VMSwitch -Name`, `Rename-VMSwitch -NewName`. Changes while machines are connected.
   * @default the resource's name in the program
   */
  name: hot(name(), "Rename-VMSwitch", "NewName", "Name"),
  /**
   * Node of the provider's `nodes` that the switch is on: a switch belongs to one host. Required when the provider has
   * several nodes. A change replaces the switch.
   */
  node: meant(replaces(z.string().min(1).optional())),
  /**
   * `External` reaches the network through a physical adapter, `Internal` the host and its machines, `Private` machines
   * only. `New-VMSwitch -SwitchType`, `Set-VMSwitch -SwitchType`. Converts in place, ports stay connected; to and from
   * `External` the host's network drops for 5 to 15 seconds.
   */
  switchType: hot(z.enum(VMSwitchType), "Set-VMSwitch", "SwitchType"),
  /**
   * Physical adapters of an `External` switch, by their names on the host (`Get-NetAdapter`); several make an embedded
   * team. Required for such a switch. `New-VMSwitch -NetAdapterName`, `Set-VMSwitch -NetAdapterName`, `Set-VMSwitchTeam -NetAdapterName`. Changes in
   * place while the network drops; from one adapter without a team to several by replacement, as a team is decided at
   * creation. A switch that machines are connected to is not removed: disconnect them first.
   */
  netAdapterNames: hot(z.array(z.string().min(1)).min(1).max(8).optional(), "Set-VMSwitch", "NetAdapterName"),
  /**
   * Whether the host shares the adapter of an `External` switch; means nothing for the other types. `New-VMSwitch
   * -AllowManagementOS`. Turning it off removes the host's adapter `vEthernet (name)` with its IP settings.
   * @default true
   */
  allowManagementOS: hot(z.boolean().default(true), "Set-VMSwitch", "AllowManagementOS"),
  /** Text for people. `Set-VMSwitch -Notes`. @default "" */
  notes: hot(z.string().default(""), "Set-VMSwitch", "Notes"),
  /**
   * Takes over a switch of this name that is already on the host, instead of refusing to make a second one.
   * @default false
   */
  adopt: policy(z.boolean().default(false)),
});

export type Desired = z.input<typeof schema>;
