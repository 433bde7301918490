import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "../../provider/calls";
import { SessionsExhaustedError, UnreachableError } from "../../provider/host/errors";
import { reason } from "../powershell";
import { call } from "./call";
import { fingerprintOf, HostOverSsh, refused, works } from "./host-over-ssh";
import { Sshd, sshReason } from "./sshd";

describe(`a host over SSH${reason || sshReason}`, () => {
  const host = new HostOverSsh();
  const { open, plain } = host;

  it("is content with the 2 sessions that the server allows, over one connection", async () => {
    const pool = open();
    const names = Array.from({ length: 12 }, (_, number) => `name ${number}`);
    await Promise.all(
      names.map((name) =>
        pool.run([call("Set-VMHost", { MacAddressMinimum: "00155D000000" }), call("Get-VM", { Name: name })]),
      ),
    );
    assert.equal(host.cable.connections, 1);
    await works(pool);
  });

  it("says so when the server allows none", async () => {
    const none = await Sshd.start({ keys: [plain], maxSessions: 0 });
    try {
      const pool = open({ port: none.port, hostKey: fingerprintOf(none.hostKey) });
      await assert.rejects(pool.run([call("Get-VMHost")]), (error: unknown) => {
        assert(error instanceof SessionsExhaustedError, String(error));
        assert.match(error.message, /MaxSessions in sshd_config/);
        return true;
      });
      await pool.close();
    } finally {
      await none.close();
    }
  });

  it("connects anew when the connection was cut before a call", async () => {
    const pool = open({}, 1);
    await works(pool);
    host.cable.cut();
    await sleep(200);
    await works(pool);
  });

  it("connects anew when the connection is cut while a session begins", async () => {
    const pool = open({}, 1);
    let greetings = 0;
    host.intercept = async ({ cmdlet }) => {
      if (cmdlet === "Get-Cluster") greetings += 1;
      if (cmdlet === "Get-Cluster" && greetings === 1) host.cable.cut();
      return undefined;
    };
    await works(pool);
    assert.equal(greetings, 2);
  });

  it("fails the call during which the connection is cut, and works again after it", async () => {
    const pool = open({}, 1);
    await works(pool);
    for (const when of ["before", "after"] as const) {
      host.intercept = async ({ cmdlet }) => {
        if (cmdlet !== "New-VMSwitch") return undefined;
        if (when === "after")
          await host.lab.simulator.run("HV01", [call("New-VMSwitch", { Name: when, SwitchType: "Private" })]);
        host.cable.cut();
        return {};
      };
      await assert.rejects(
        pool.run([call("New-VMSwitch", { Name: when, SwitchType: "Private" })]),
        (error: unknown) => {
          assert(error instanceof UnreachableError && error.delivered, String(error));
          return true;
        },
      );
      const [found] = await pool.run([
        { ...call("Get-VMSwitch", { Name: `${when}*` }), select: { Name: null } } as Call,
      ]);
      assert.equal(found?.values.length, when === "after" ? 1 : 0);
    }
  });

  it("begins no further call once nobody listens, and looks again only when what was under way is over", async () => {
    const pool = open({}, 1);
    await works(pool);
    host.intercept = async ({ cmdlet }) => {
      if (cmdlet !== "New-VMSwitch") return undefined;
      host.cable.cut();
      await sleep(3000); // longer than a new session takes to begin
      return undefined;
    };
    const made = ["first", "second"].map((Name) => call("New-VMSwitch", { Name, SwitchType: "Private" }));
    await assert.rejects(pool.run(made), (error: unknown) => error instanceof UnreachableError && error.delivered);
    const [found] = await pool.run([
      { ...call("Get-VMSwitch", { SwitchType: "Private" }), select: { Name: null } } as Call,
    ]);
    const names = ((found?.values ?? []) as { Name: string }[]).map(({ Name }) => Name);
    assert(names.includes("first") && !names.includes("second"), names.join());
  });

  it("waits for a server that restarts, once it knew it", async () => {
    const pool = open();
    await works(pool);
    const back = host.sshd.restart({ afterMilliseconds: 700 });
    await sleep(300);
    await works(pool);
    await back;
  });

  it("notices that a server which comes back is another", async () => {
    const pool = open();
    await works(pool);
    await host.sshd.restart({ newHostKey: true, afterMilliseconds: 200 }); // the pool has noticed that it is gone
    await refused(pool, "host key", /another host key/);
  });

  it("ends a call whose deadline passed, and its process on the host", async () => {
    const pool = open({}, 1);
    await works(pool);
    const { id } = pool.hello?.process ?? assert.fail();
    host.intercept = ({ cmdlet }) => (cmdlet === "Get-VMHost" ? new Promise(() => {}) : undefined);
    await assert.rejects(
      pool.run([call("Get-VMHost")], { timeoutSeconds: 0.3 }),
      (error: unknown) => error instanceof UnreachableError && error.delivered,
    );
    host.intercept = undefined;
    await works(pool);
    for (let tries = 0; tries < 100 && isThere(id); tries += 1) await sleep(50);
    assert(!isThere(id));
  });

  it("leaves neither process nor connection behind", async () => {
    const pool = open();
    await Promise.all(
      ["a", "b", "c"].map((name) =>
        pool.run([call("Set-VMHost", { MacAddressMinimum: "00155D000000" }), call("Get-VM", { Name: name })]),
      ),
    );
    const { id } = pool.hello?.process ?? assert.fail();
    await pool.close();
    for (let tries = 0; tries < 100 && (isThere(id) || host.cable.connections > 0); tries += 1) await sleep(50);
    assert(!isThere(id));
    assert.equal(host.cable.connections, 0);
  });
});

function isThere(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}
