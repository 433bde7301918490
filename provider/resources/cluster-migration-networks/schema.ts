import { z } from "zod";
import { hot } from "../../schema";
import { subnet } from "../subnets";

const subnets = () => z.array(subnet("10.0.1.0/24")).optional();

export const schema = z.strictObject({
  /**
   * Networks that live migrations do not use, by subnet; all others they may. An empty list for none. In what order they stand means
   * nothing.
   */
  migrationExcludeNetworks: hot(subnets(), "Set-ClusterParameter", "Value"),
  /** Networks in the order in which live migrations use them, by subnet; an empty list leaves it to the cluster. */
  migrationNetworkOrder: hot(subnets(), "Set-ClusterParameter", "Value"),
});

export type Desired = z.input<typeof schema>;
