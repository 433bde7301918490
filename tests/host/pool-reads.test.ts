import assert from "node:assert/strict";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Call, CallResult } from "../../provider/calls";
import { birthOf, idOf } from "../../provider/resources/definition";
import { virtualMachine } from "../../provider/resources/virtual-machine/definition";
import { reason } from "../powershell";
import { MiB } from "../simulator/worlds";
import { call } from "./call";
import { PooledHost } from "./pooled-host";

describe(`a host's pool of sessions${reason}`, () => {
  const host = new PooledHost();
  const { open } = host;

  it("sends reads that arrive together in one request, each with its own results and errors", async () => {
    const { pool, watched } = open();
    host.answer = async ({ parameters: { Name } }) =>
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
    host.answer = async ({ cmdlet, parameters: { Id, VM } }) => {
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
      const made = await host.lab.simulator.run("HV01", [{ cmdlet: "New-VM", parameters, select: { Id: null } }]);
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
    await host.lab.simulator.run("HV01", [{ cmdlet: "Set-VM", parameters: { Name: "ahead 47", Notes: "by another" } }]);
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
    host.answer = ({ cmdlet, parameters }) => {
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
    host.answer = async () => ({ objects: [] });
    const begun = performance.now();
    await pool.run([call("Get-VM")]);
    const start = performance.now() - begun;
    await hands(10);
    assert.equal(watched.channels.length, 1);
    host.answer = async () => {
      await pool.pause(start / 8);
      return { objects: [] };
    };
    await hands(2);
    assert.equal(watched.channels.length, 2);
  });

  it("brings reads together again that came apart", async () => {
    const { pool, watched } = open();
    host.answer = async () => {
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
    host.answer = async () => ({ objects: [] });
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
    host.answer = async () => ({ objects: [] });
    await Promise.all(Array.from({ length: 100 }, () => pool.run([call("Get-VM")])));
    assert.equal(watched.channels.length, 4);
    assert(watched.requests < 40, `${watched.requests} requests`);
  });
});

const bare = (results: readonly CallResult[]) => results.map(({ milliseconds: _, ...result }) => result);
