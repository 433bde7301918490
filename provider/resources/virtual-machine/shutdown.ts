import { z } from "zod";
import { policy } from "../../schema";

export const shutdown = z.strictObject({
  /** Seconds that the guest has to shut down, from 1 to a day. `Stop-VM` itself waits without limit. @default 300 */
  timeoutSeconds: policy(z.int().min(1).max(86400).default(300)),
  /**
   * What happens after them: `Fail` leaves the machine running and reports it, `TurnOff` turns it off, and what the
   * guest had not written is lost.
   * @default "Fail"
   */
  onTimeout: policy(z.enum(["Fail", "TurnOff"]).default("Fail")),
});
