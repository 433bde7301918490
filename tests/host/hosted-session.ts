import assert from "node:assert/strict";
import type { Call, CallResult } from "../../provider/calls";
import type { Session } from "../../provider/host/session/session";
import { powershell } from "../powershell";
import { call } from "./call";
import { Lab } from "./lab";

/** A session with a simulated host, which has the machine "web"; opened and closed by the suite that is described. */
export class HostedSession {
  lab!: Lab;
  session!: Session;
  /** Stands in for the simulator in the test that sets it. */
  reply: ((call: { cmdlet: string; parameters: Record<string, unknown> }) => object | undefined) | undefined;

  constructor() {
    const hosted = this;
    before(async function () {
      if (powershell === undefined) return this.skip();
      hosted.lab = await Lab.open({ intercept: (call) => hosted.reply?.(call) });
      hosted.session = await hosted.lab.session();
      await hosted.one(call("New-VM", { Name: "web", NoVHD: true, MemoryStartupBytes: 2 ** 30 }));
    });
    afterEach(() => {
      this.reply = undefined;
    });
    after(() => this.lab?.close());
  }

  readonly batch = async (...calls: Call[]): Promise<CallResult[]> => (await this.session.run([calls]))[0] ?? [];

  readonly one = async (asked: Call): Promise<CallResult> => {
    const [answer] = await this.batch(asked);
    assert(answer);
    return answer;
  };
}
