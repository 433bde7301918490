import assert from "node:assert/strict";
import type { Call } from "../../provider/calls";
import { ConnectError, type ConnectStep } from "../../provider/host/errors";
import { HostPool } from "../../provider/host/pool/pool";
import { hostKey } from "../../provider/host/ssh/known-hosts";
import { SshTransport } from "../../provider/host/ssh/ssh";
import type { SshOptions } from "../../provider/host/ssh/ssh-options";
import { powershell } from "../powershell";
import { call } from "./call";
import { Lab } from "./lab";
import { Cable, hasSshd, type KeyPair, keyPair, Sshd } from "./sshd";

/** A simulated host behind an SSH server, on a cable that can be cut; opened and closed by the suite that is described. */
export class HostOverSsh {
  lab!: Lab;
  sshd!: Sshd;
  cable!: Cable;
  /** Stands before the simulator in the test that sets it. */
  intercept: ((call: { cmdlet: string }) => Promise<object | undefined> | undefined) | undefined;
  readonly plain = keyPair();
  readonly locked = keyPair("open sesame");
  private pools: HostPool[] = [];

  constructor() {
    const host = this;
    before(async function () {
      if (powershell === undefined || !hasSshd) return this.skip();
      host.lab = await Lab.open({ intercept: (call) => host.intercept?.(call) });
      host.sshd = await Sshd.start({ keys: [host.plain, host.locked], maxSessions: 2 });
      host.cable = await Cable.to(host.sshd.port);
    });
    afterEach(async () => {
      this.intercept = undefined;
      await Promise.all(this.pools.map((pool) => pool.close()));
      this.pools = [];
    });
    after(async () => {
      await this.cable?.close();
      await this.sshd?.close();
      await this.lab?.close();
    });
  }

  readonly open = (options: Partial<SshOptions> = {}, maxSessions = 4): HostPool => {
    const transport = new SshTransport({
      host: "127.0.0.1",
      port: this.cable.port,
      user: this.sshd.user,
      privateKey: this.plain.private,
      hostKey: fingerprintOf(this.sshd.hostKey),
      powershell: this.lab.executable,
      returnSeconds: 20,
      ...options,
    });
    const pool = new HostPool(transport, { maxSessions });
    this.pools.push(pool);
    return pool;
  };
}

export function fingerprintOf(pair: KeyPair): string {
  return hostKey(Buffer.from(pair.public.split(" ")[1] ?? "", "base64")).fingerprint;
}

export async function works(pool: HostPool): Promise<void> {
  const [answer] = await pool.run([{ ...call("Get-VMHost"), select: { Name: null } } as Call]);
  assert.deepEqual(answer?.values, [{ Name: "HV01" }], JSON.stringify(answer));
}

export async function refused(pool: HostPool, step: ConnectStep, said: RegExp): Promise<void> {
  await assert.rejects(pool.run([call("Get-VMHost")]), (error: unknown) => {
    assert(error instanceof ConnectError, String(error));
    assert.equal(error.step, step, error.message);
    assert.match(error.message, said);
    return true;
  });
}
