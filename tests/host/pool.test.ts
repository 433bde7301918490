import assert from "node:assert/strict";
import { once } from "node:events";
import { Writable } from "node:stream";
import { Worker } from "node:worker_threads";
import type { Call, CallResult, Value } from "../../provider/calls";
import {
  ConnectError,
  ConnectionLostError,
  SessionsExhaustedError,
  UnreachableError,
} from "../../provider/host/errors";
import { LocalTransport } from "../../provider/host/local/local";
import { HostPool, type PoolOptions } from "../../provider/host/pool/pool";
import { fromLine } from "../../provider/host/session/clixml";
import type { Hello } from "../../provider/host/session/frames";
import type { Channel, Transport } from "../../provider/host/session/transport";
import { birthOf, idOf } from "../../provider/resources/definition";
import { virtualMachine } from "../../provider/resources/virtual-machine/definition";
import { powershell, reason } from "../powershell";
import { MiB } from "../simulator/worlds";
import { Lab, lives } from "./lab";

describe(`a host's pool of sessions${reason}`, function () {
  this.timeout(120_000);
  let lab: Lab;
  let pools: HostPool[] = [];
  let answer:
    | ((call: { cmdlet: string; parameters: Record<string, unknown> }) => Promise<object> | undefined)
    | undefined;

  before(async function () {
    if (powershell === undefined) return this.skip();
    lab = await Lab.open({ intercept: (call) => (call.cmdlet === "Get-Cluster" ? undefined : answer?.(call)) });
  });
  afterEach(async () => {
    answer = undefined;
    await Promise.all(pools.map((pool) => pool.close()));
    pools = [];
  });
  after(() => lab?.close());

  const open = (options: Partial<PoolOptions & { refuse: (before: number) => Error | undefined }> = {}) => {
    const watched = new Watched(new LocalTransport(lab.executable, "HV01"), options.refuse);
    const pool = new HostPool(watched, { maxSessions: 4, ...options });
    pools.push(pool);
    return { pool, watched };
  };
  const echo = (text: string): Call[] => [
    { ...call("Set-VM", { Name: "x", Notes: text }), select: { Echo: null } } as Call,
  ];
  const echoes = async ({ parameters }: { parameters: Record<string, unknown> }) => ({
    objects: [{ Echo: parameters.Notes }],
  });

  it("starts nothing before there is work", async () => {
    const { pool, watched } = open();
    await pool.pause(5);
    assert.equal(watched.channels.length, 0);
  });

  it("runs 50 batches on 4 sessions, and leaves no process behind", async () => {
    const { pool, watched } = open();
    answer = echoes;
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
    answer = async (asked) => {
      seen.push(asked.parameters.Notes);
      return echoes(asked);
    };
    await Promise.all(["a", "b", "c", "d"].map((text) => pool.run(echo(text))));
    assert.deepEqual(seen, ["a", "b", "c", "d"]);
    assert.equal(watched.channels.length, 1);
  });

  it("sends reads that arrive together in one request, each with its own results and errors", async () => {
    const { pool, watched } = open();
    answer = async ({ parameters: { Name } }) =>
      String(Name) === "gone"
        ? { error: { id: "InvalidParameter", category: "InvalidArgument", message: "m" } }
        : { objects: [{ $type: "VirtualMachine", $handle: `vm ${Name}`, Name: String(Name) }] };
    const read = (name: string): Call[] => [
      { ...call("Get-VM", { Name: name }), as: "vm" } as Call,
      { ...call("Get-VM", { Name: { $ref: "vm", property: "Name" } }), select: { Name: null } } as Call,
    ];
    const results = await Promise.all(["a", "gone", "b"].map((name) => pool.run(read(name))));
    assert.equal(watched.requests, 1);
    assert.deepEqual(
      results.map((answers) => answers.map(({ values, error }) => error?.id.split(",")[0] ?? values)),
      [[[], [{ Name: "a" }]], ["InvalidParameter"], [[], [{ Name: "b" }]]],
    );
  });

  it("asks once what reads that arrive together have in common, and each alone where that fails", async () => {
    const { pool, watched } = open();
    const asked: string[] = [];
    const broken = new Set<string>();
    answer = async ({ cmdlet, parameters: { Id, VM } }) => {
      const machines = Id === undefined ? (VM as { $object: string }[]).map(({ $object }) => $object) : [String(Id)];
      asked.push(`${cmdlet} ${machines.map((id) => id.at(-1)).join()}`);
      if (cmdlet === "Get-VM") return { objects: machines.map((id) => ({ $type: "VirtualMachine", $handle: id })) };
      if (machines.some((id) => broken.has(id)))
        return { error: { id: "InvalidState", category: "InvalidOperation", message: "m" } };
      return { objects: machines.map((id) => ({ $type: "VMMemory", VMId: id, Startup: Number(id.at(-1)) })) };
    };
    const machine = (number: number) => `00000000-0000-0000-0000-00000000000${number}`;
    const read = (number: number): Call[] => [
      { ...call("Get-VM", { Id: machine(number) }), as: "vm" } as Call,
      { ...call("Get-VMMemory", { VM: { $ref: "vm" } }), select: { Startup: null } } as Call,
    ];
    const all = async () =>
      (await Promise.all([1, 2, 3].map((number) => pool.run(read(number))))).map((results) =>
        results.map(({ values, error }) => error?.id.split(",")[0] ?? values),
      );
    assert.deepEqual(
      await all(),
      [1, 2, 3].map((Startup) => [[], [{ Startup }]]),
    );
    assert.deepEqual(asked.splice(0), ["Get-VM 1", "Get-VM 2", "Get-VM 3", "Get-VMMemory 1,2,3"]);
    assert.equal(watched.requests, 1);
    broken.add(machine(2));
    assert.deepEqual(await all(), [
      [[], [{ Startup: 1 }]],
      [[], "InvalidState"],
      [[], [{ Startup: 3 }]],
    ]);
    assert.deepEqual(
      asked.slice(4),
      [1, 2, 3].flatMap((number) => [`Get-VM ${number}`, `Get-VMMemory ${number}`]),
    );
    assert.equal(watched.requests, 3);
    assert.equal(watched.channels.length, 1);
  });

  it("reads the rest of a host's machines once a good part of them was asked for, and knows what has changed since", async () => {
    const { pool, watched } = open({ maxSessions: 1 });
    const ids: string[] = [];
    for (let number = 0; number < 48; number += 1) {
      const parameters = { Name: `ahead ${number}`, NoVHD: true, MemoryStartupBytes: 64 * MiB, Generation: 2 };
      const made = await lab.simulator.run("HV01", [{ cmdlet: "New-VM", parameters, select: { Id: null } }]);
      ids.push(idOf(birthOf(virtualMachine).identity, made[0] ?? assert.fail(), {} as never));
    }
    const read = (id: string) =>
      Object.values(virtualMachine.read.observe(id, { name: `ahead ${ids.indexOf(id)}`, generation: 2 } as never));
    /** As an engine with eight hands. */
    const refresh = async (options: { recent?: boolean } = {}) => {
      const waiting = [...ids];
      const answers = new Map<string, unknown>();
      const hand = async () => {
        for (let id = waiting.shift(); id; id = waiting.shift())
          answers.set(id, bare(await pool.run(read(id), options)));
      };
      await Promise.all(Array.from({ length: 8 }, hand));
      return answers;
    };
    const before = watched.requests;
    const ahead = await refresh({ recent: true });
    const after = watched.requests;
    assert(after - before <= 4, `${after - before} requests`);
    assert.deepEqual(ahead, await refresh());
    assert.equal(watched.requests - after, 6);
    const { pool: other } = open({ maxSessions: 1 });
    const notes = async (number: number, options: object) => {
      const [machine] = await other.run(read(ids[number] ?? ""), options);
      return (machine?.values[0] as { Notes: string } | undefined)?.Notes;
    };
    await Promise.all(ids.slice(0, 40).map((id) => other.run(read(id), { recent: true })));
    await notes(0, { recent: true });
    await lab.simulator.run("HV01", [{ cmdlet: "Set-VM", parameters: { Name: "ahead 47", Notes: "by another" } }]);
    assert.equal(await notes(47, {}), "by another", "what is to be changed is looked at anew");
    assert.equal(await notes(47, { recent: true }), "", "read a moment ago");
    await other.run([call("Set-VM", { Name: "ahead 46", Notes: "by us" })]);
    assert.equal(await notes(46, { recent: true }), "by us");
  });

  it("lets nobody wait for which machines there are, and goes on where that is not told", async () => {
    const { pool, watched } = open({ maxSessions: 1 });
    const read = (number: number) =>
      pool.run(
        Object.values(
          virtualMachine.read.observe(`00000000-0000-4000-8000-00000000000${number}`, {
            name: `none ${number}`,
            generation: 2,
          } as never),
        ),
        {
          recent: true,
        },
      );
    const eight = () => Promise.all(Array.from({ length: 8 }, (_, number) => read(number)));
    let asked = 0;
    answer = ({ cmdlet, parameters }) => {
      if (cmdlet !== "Get-VM" || Object.keys(parameters).length > 0) return undefined;
      asked += 1;
      return new Promise(() => {});
    };
    const alone = await eight();
    assert.equal(alone.length, 8);
    while (asked === 0) await pool.pause(5);
    const next = eight();
    watched.channels[0]?.kill();
    assert.deepEqual(bare((await next).flat()), bare(alone.flat()));
    assert.equal(watched.channels.length, 2);
    assert.equal(asked, 1);
  });

  it("reads by one session what it answers before another would have started, and by more what takes longer", async () => {
    const { pool, watched } = open();
    const hands = async (reads: number) => {
      const hand = async () => {
        for (let read = 0; read < reads; read += 1) await pool.run([call("Get-VM")]);
      };
      await Promise.all(Array.from({ length: 12 }, hand));
    };
    answer = async () => ({ objects: [] });
    const begun = performance.now();
    await pool.run([call("Get-VM")]);
    const start = performance.now() - begun;
    await hands(10);
    assert.equal(watched.channels.length, 1);
    answer = async () => {
      await pool.pause(start / 8);
      return { objects: [] };
    };
    await hands(2);
    assert.equal(watched.channels.length, 2);
  });

  it("brings reads together again that came apart", async () => {
    const { pool, watched } = open();
    answer = async () => {
      await pool.pause(20);
      return { objects: [] };
    };
    await pool.run([call("Get-VM")]);
    const before = watched.requests;
    // an engine asks again one after the other
    const hand = async (_: unknown, number: number) => {
      for (let read = 0; read < 8; read += 1) {
        await pool.pause(3 * number);
        await pool.run([call("Get-VM")]);
      }
    };
    const first = Array.from({ length: 4 }, hand);
    await pool.pause(30);
    await Promise.all([...first, ...Array.from({ length: 4 }, hand)]);
    assert(watched.requests - before < 12, `${watched.requests - before} requests`);
  });

  it("takes no one for silent while this process is busy", async () => {
    const { pool, watched } = open();
    answer = async () => ({ objects: [] });
    // elsewhere, as an engine is: what it says is heard when this process has time for it
    const engine = new Worker(
      "const { parentPort: port } = require('worker_threads'); port.on('message', () => port.postMessage(0))",
      { eval: true },
    );
    const read = () => pool.run([call("Get-VM")]);
    const rounds = 12;
    for (let round = 0; round < rounds; round += 1) {
      await Promise.all([read(), read(), read(), read()]);
      const asked: Promise<unknown>[] = [];
      for (let number = 0; number < 4; number += 1) {
        engine.postMessage(0);
        const until = performance.now() + (number === 0 ? 100 : 0);
        while (performance.now() < until);
        await once(engine, "message");
        asked.push(read());
      }
      await Promise.all(asked);
    }
    await engine.terminate();
    // two in each round; what the machine itself delays can part one
    assert(watched.requests < 2.5 * rounds, `${watched.requests} requests`);
  });

  it("spreads many reads over its sessions", async () => {
    const { pool, watched } = open();
    answer = async () => ({ objects: [] });
    await Promise.all(Array.from({ length: 100 }, () => pool.run([call("Get-VM")])));
    assert.equal(watched.channels.length, 4);
    assert(watched.requests < 40, `${watched.requests} requests`);
  });

  it("hides what is a secret in what any of its sessions says", async () => {
    const noise: string[] = [];
    const { pool, watched } = open({ onNoise: (line) => noise.push(line) });
    answer = echoes;
    const setting = [call("Set-VM", { Name: "x", Notes: { $secret: "sesame" } })];
    await Promise.all([pool.run(setting, { hidden: ["vault"] }), pool.run(echo("y"))]);
    assert.equal(watched.channels.length, 2);
    for (const { stderr } of watched.channels) stderr.emit("data", Buffer.from("sesame of the vault\n"));
    assert.deepEqual(noise, Array(2).fill("******** of the ********"));
  });

  it("replaces a session whose deadline passed, and goes on with what waited", async () => {
    const { pool, watched } = open({ maxSessions: 1 });
    answer = async (asked) => (asked.parameters.Notes === "stuck" ? new Promise<never>(() => {}) : echoes(asked));
    const stuck = pool.run(echo("stuck"), { timeoutSeconds: 0.5 });
    const next = pool.run(echo("next"));
    await assert.rejects(stuck, (error: unknown) => error instanceof UnreachableError && error.delivered);
    assert.deepEqual((await next)[0]?.values, [{ Echo: "next" }]);
    assert.equal(watched.channels.length, 2);
  });

  it("takes another session for what was never given to one that died", async () => {
    const { pool, watched } = open({ maxSessions: 1 });
    answer = echoes;
    await pool.run(echo("first"));
    process.kill(watched.processes[0] ?? 0, "SIGKILL");
    await pool.pause(300);
    assert.deepEqual((await pool.run(echo("second")))[0]?.values, [{ Echo: "second" }]);
    assert.equal(watched.channels.length, 2);
  });

  it("lets go of a batch that is called off while it waits", async () => {
    const { pool } = open({ maxSessions: 1 });
    answer = echoes;
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
    answer = echoes;
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
      answer = echoes;
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
    answer = echoes;
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
    answer = async () => {
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

/** Counts what goes over a transport. */
class Watched implements Transport {
  readonly channels: Channel[] = [];
  readonly processes: number[] = [];
  private lines = 0;
  private attempts = 0;

  constructor(
    private readonly inner: Transport,
    private readonly refuse: (before: number) => Error | undefined = () => undefined,
  ) {}

  get address(): string {
    return this.inner.address;
  }

  /** The first line of each session is the agent. */
  get requests(): number {
    return this.lines - this.channels.length;
  }

  async open(): Promise<Channel> {
    const refusal = this.refuse(this.attempts++);
    if (refusal) throw refusal;
    const channel = await this.inner.open();
    this.channels.push(channel);
    let heard = "";
    const hear = (chunk: Buffer) => {
      heard += chunk.toString();
      const [, token, body] = /#hv (\w+) 0 hello (\S+)\n/.exec(heard) ?? [];
      if (!token || !body) return;
      this.processes.push((fromLine(body, token) as Hello).process.id);
      channel.stdout.off("data", hear);
    };
    channel.stdout.on("data", hear);
    const stdin = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.lines += 1;
        channel.stdin.write(chunk, done);
      },
      final: (done) => {
        channel.stdin.end(done);
      },
    });
    return { ...channel, stdin };
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

const bare = (results: readonly CallResult[]) => results.map(({ milliseconds: _, ...result }) => result);

function call(cmdlet: string, parameters: Record<string, Value> = {}): Call {
  return { cmdlet, parameters } as Call;
}
