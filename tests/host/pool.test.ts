import assert from "node:assert/strict";
import {
  ConnectError,
  ConnectionLostError,
  SessionsExhaustedError,
  UnreachableError,
} from "../../provider/host/errors";
import { reason } from "../powershell";
import { call } from "./call";
import { lives } from "./lab";
import { echo, echoes, PooledHost } from "./pooled-host";

describe(`a host's pool of sessions${reason}`, () => {
  const host = new PooledHost();
  const { open } = host;

  it("starts nothing before there is work", async () => {
    const { pool, watched } = open();
    await pool.pause(5);
    assert.equal(watched.channels.length, 0);
  });

  it("runs 50 batches on 4 sessions, and leaves no process behind", async () => {
    const { pool, watched } = open();
    host.answer = echoes;
    const batches = Array.from({ length: 50 }, (_, number) => `batch ${number}`);
    const results = await Promise.all(batches.map((text) => pool.run(echo(text))));
    assert.deepEqual(
      results.map(([result]) => result?.values),
      batches.map((Echo) => [{ Echo }]),
    );
    assert.equal(watched.channels.length, 4);
    assert.equal(watched.requests, 50);
    await pool.close();
    for (const id of watched.processes) assert(!lives(id), `process ${id} is left`);
  });

  it("gives the batches to its one session in order of arrival", async () => {
    const { pool, watched } = open({ maxSessions: 1 });
    const seen: unknown[] = [];
    host.answer = async (asked) => {
      seen.push(asked.parameters.Notes);
      return echoes(asked);
    };
    await Promise.all(["a", "b", "c", "d"].map((text) => pool.run(echo(text))));
    assert.deepEqual(seen, ["a", "b", "c", "d"]);
    assert.equal(watched.channels.length, 1);
  });

  it("hides what is a secret in what any of its sessions says", async () => {
    const noise: string[] = [];
    const { pool, watched } = open({ onNoise: (line) => noise.push(line) });
    host.answer = echoes;
    const setting = [call("Set-VM", { Name: "x", Notes: { $secret: "sesame" } })];
    await Promise.all([pool.run(setting, { hidden: ["vault"] }), pool.run(echo("y"))]);
    assert.equal(watched.channels.length, 2);
    for (const { stderr } of watched.channels) stderr.emit("data", Buffer.from("sesame of the vault\n"));
    assert.deepEqual(noise, Array(2).fill("******** of the ********"));
  });

  it("replaces a session whose deadline passed, and goes on with what waited", async () => {
    const { pool, watched } = open({ maxSessions: 1 });
    host.answer = async (asked) => (asked.parameters.Notes === "stuck" ? new Promise<never>(() => {}) : echoes(asked));
    const stuck = pool.run(echo("stuck"), { timeoutSeconds: 0.5 });
    const next = pool.run(echo("next"));
    await assert.rejects(stuck, (error: unknown) => error instanceof UnreachableError && error.delivered);
    assert.deepEqual((await next)[0]?.values, [{ Echo: "next" }]);
    assert.equal(watched.channels.length, 2);
  });

  it("takes another session for what was never given to one that died", async () => {
    const { pool, watched } = open({ maxSessions: 1 });
    host.answer = echoes;
    await pool.run(echo("first"));
    process.kill(watched.processes[0] ?? 0, "SIGKILL");
    await pool.pause(300);
    assert.deepEqual((await pool.run(echo("second")))[0]?.values, [{ Echo: "second" }]);
    assert.equal(watched.channels.length, 2);
  });

  it("lets go of a batch that is called off while it waits", async () => {
    const { pool } = open({ maxSessions: 1 });
    host.answer = echoes;
    const off = new AbortController();
    const first = pool.run(echo("first"));
    const second = pool.run(echo("second"), { signal: off.signal });
    off.abort();
    await assert.rejects(second, (error: unknown) => error instanceof UnreachableError && !error.delivered);
    assert.deepEqual((await first)[0]?.values, [{ Echo: "first" }]);
  });

  it("is content with the sessions that the host allows", async () => {
    const { pool, watched } = open({
      refuse: (before) =>
        before >= 2 ? new SessionsExhaustedError("no more", { address: "HV01", step: "session" }) : undefined,
    });
    host.answer = echoes;
    const results = await Promise.all(Array.from({ length: 20 }, (_, number) => pool.run(echo(String(number)))));
    assert.equal(results.length, 20);
    assert.equal(watched.channels.length, 2);
  });

  it("begins anew when the connection is lost while a session begins, and not for ever", async () => {
    for (const [losses, works] of [
      [2, true],
      [Number.POSITIVE_INFINITY, false],
    ] as const) {
      const { pool } = open({
        maxSessions: 1,
        refuse: (before) =>
          before < losses ? new ConnectionLostError("lost", { address: "HV01", step: "port" }) : undefined,
      });
      host.answer = echoes;
      const running = pool.run(echo("x"));
      if (works) assert.deepEqual((await running)[0]?.values, [{ Echo: "x" }]);
      else await assert.rejects(running, ConnectionLostError);
    }
  });

  it("fails everything that waits when no session can be had, and tries anew for what comes later", async () => {
    let refusing = true;
    const { pool } = open({
      refuse: () => (refusing ? new ConnectError("nobody listens", { address: "HV01", step: "port" }) : undefined),
    });
    host.answer = echoes;
    const outcomes = await Promise.allSettled(["a", "b", "c"].map((text) => pool.run(echo(text))));
    for (const outcome of outcomes) assert(outcome.status === "rejected" && outcome.reason instanceof ConnectError);
    refusing = false;
    assert.deepEqual((await pool.run(echo("d")))[0]?.values, [{ Echo: "d" }]);
  });

  it("fails what a close cuts off, and asks nothing of it again", async () => {
    const { pool, watched } = open({ maxSessions: 1 });
    await pool.run([call("Get-VMHost")]);
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    host.answer = async () => {
      asked();
      await pool.pause(300);
      return { objects: [] };
    };
    const reads = ["a", "b"].map((Name) => pool.run([call("Get-VM", { Name }), call("Get-VMHost")]));
    const ends = Promise.allSettled(reads);
    await isAsked;
    await pool.close();
    for (const { status } of await ends) assert.equal(status, "rejected");
    await pool.pause(50);
    assert.equal(watched.channels.length, 1);
  });

  it("fails what waits and takes nothing more when it is closed", async () => {
    const { pool } = open({ maxSessions: 1 });
    const waiting = pool.run(echo("x"));
    const refused = assert.rejects(waiting, UnreachableError);
    await pool.close();
    await refused;
    await assert.rejects(pool.run(echo("y")), UnreachableError);
  });
});
