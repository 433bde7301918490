import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { Server } from "ssh2";
import type { Call, CallResult } from "../../provider/calls";
import { ConnectError, UnreachableError } from "../../provider/host/errors";
import { fromClixml, fromLine, readable } from "../../provider/host/session/clixml";
import { Session } from "../../provider/host/session/session";
import { expectedKey, hostKey, knownKeys } from "../../provider/host/ssh/known-hosts";
import { SshTransport } from "../../provider/host/ssh/ssh";
import { weaknessOf } from "../../provider/host/ssh/ssh-strength";
import { type Asked, PlayedHost, type PlayedSession } from "./played";
import { keyPair } from "./sshd";

/** Of the agent in a PowerShell 7 engine: a session's greeting, answers to three batches, and what it says to a line that is none. */
interface Recorded {
  batches: Call[][];
  results: CallResult[][];
  /** CLIXML before it is deflated, with `<token>` for the session's. */
  frames: { kind: string; clixml: string }[];
}

const recorded = JSON.parse(readFileSync(join(__dirname, "recorded-traffic.json"), "utf8")) as Recorded;
const [greeting, ...answers] = recorded.frames;

const runs = Math.max(1000, Number(process.env.HYPERV_TEST_RUNS ?? 0));
const MiB = 2 ** 20;

describe(`${runs.toLocaleString("en-US")} mutations of recorded traffic`, function () {
  this.timeout(60_000 + 60 * runs);

  it("are an error or an answer each, harm no later call, and leave nothing in memory", async () => {
    const chance = new Chance(20240229);
    const host = new PlayedHost();
    const seen = { answers: 0, unreachable: 0, unconnected: 0 };
    const noise = { lines: 0 };
    const before = process.memoryUsage().heapUsed;
    let most = 0;
    for (let run = 0; run < runs; run += 1) {
      const greets = chance.below(8) === 0;
      host.play = {
        greets: (session) =>
          greets
            ? say(session, chance.mutated(greetingOf(session), session))
            : session.stdout.write(greetingOf(session)),
        asked: (session, asked) =>
          say(session, greets ? answersOf(session, asked) : chance.mutated(answersOf(session, asked), session)),
      };
      const outcome = await ask(host, () => (noise.lines += 1));
      if (!(outcome instanceof Error)) seen.answers += 1;
      else if (outcome instanceof ConnectError) seen.unconnected += 1;
      else {
        assert(outcome instanceof UnreachableError, `${run}: ${outcome.stack}`);
        seen.unreachable += 1;
      }
      if (outcome instanceof Error) assert(outcome.message.length < 5000 && isPlain(outcome.message), `run ${run}`);
      host.play = {
        greets: (session) => session.stdout.write(greetingOf(session)),
        asked: (session, asked) => say(session, answersOf(session, asked)),
      };
      // all of it now and then, as most of the time is taken by what is right
      const few = run % 20 === 0 ? undefined : 1;
      const next = await ask(host, undefined, recorded.batches.slice(0, few));
      assert.deepEqual(next, recorded.results.slice(0, few), `after run ${run}`);
      host.sessions.splice(0);
      if (run % 50 === 0) most = Math.max(most, process.memoryUsage().heapUsed - before);
    }
    assert(most < 400 * MiB, `${most / MiB} MiB`);
    for (const [kind, count] of Object.entries(seen)) assert(count > runs / 100, `${kind}: ${count}`);
    assert(noise.lines > 0);
  });

  it("are an error or a value each to who reads them", () => {
    const chance = new Chance(20250101);
    const key = Buffer.from(keyPair().public.split(" ")[1] ?? "", "base64");
    const known = `hv01,[hv02]:2222 ssh-ed25519 ${key.toString("base64")}\n|1|aGFzaA==|aGFzaA== ssh-rsa AAAA\n@revoked * ssh-rsa AAAA\n`;
    for (let run = 0; run < runs; run += 1) {
      const text = chance.mutation(Buffer.from(recorded.frames[run % recorded.frames.length]?.clixml ?? "")).toString();
      for (const read of [
        () => fromClixml(text),
        () => fromLine(chance.mutation(Buffer.from(deflateRawSync(text).toString("base64"))).toString(), "t"),
      ])
        try {
          read();
        } catch (error) {
          assert(error instanceof Error && !(error instanceof RangeError), String(error));
          assert(error.message.length < 1000, error.message);
        }
      readable(text.replaceAll(/\s+/g, " "));
      const bytes = chance.mutation(key);
      hostKey(bytes);
      weaknessOf(bytes);
      const line = chance.mutation(Buffer.from(known)).toString();
      expectedKey(line);
      for (const { key: one } of knownKeys(line, "hv01", 22)) assert.match(one.fingerprint, /^SHA256:/);
    }
  });

  it("of a handshake over SSH are an error or a connection each, and harm no other", async () => {
    const key = keyPair();
    const server = new Server({ hostKeys: [key.private] }, (client) => {
      client.on("error", () => {});
      client.on("authentication", (context) => context.accept());
      client.on("session", (accept) => accept().on("exec", (acceptExec) => acceptExec().on("error", () => {})));
    });
    server.on("error", () => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const chance = new Chance(20230101);
    const wire = await Wire.to((server.address() as AddressInfo).port);
    const open = async () => {
      const made = new SshTransport({
        ...{ host: "127.0.0.1", port: wire.port, user: "administrator", password: "right", hostKey: key.public },
        returnSeconds: 0,
      });
      try {
        await made.open();
        return undefined;
      } catch (error) {
        return error;
      } finally {
        await made.close();
      }
    };
    try {
      let errors = 0;
      for (let run = 0; run < Math.min(runs / 50, 100); run += 1) {
        const from = chance.below(1500);
        wire.mutate = (bytes, at) => (at <= from && from < at + bytes.length ? chance.mutation(bytes) : bytes);
        const error = await open();
        if (error !== undefined) errors += 1;
        assert(error === undefined || error instanceof ConnectError, String(error));
        assert(error === undefined || isPlain(error.message), JSON.stringify(error?.message));
        wire.mutate = undefined;
        assert.equal(await open(), undefined, `after run ${run}`);
      }
      assert(errors > 0);
    } finally {
      await wire.close();
      server.close();
    }
  });
});

/** Whether a message shows all that it has. */
function isPlain(text: string): boolean {
  return !/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u.test(text.replaceAll("\r\n", "\n"));
}

async function ask(
  host: PlayedHost,
  onNoise?: () => void,
  batches = recorded.batches,
): Promise<CallResult[][] | Error> {
  try {
    const session = await Session.start(await host.open(), { address: "HV01", startSeconds: 60, onNoise, cmdlets: {} });
    try {
      return (await session.run(batches)).map((results) =>
        results.map((result) => JSON.parse(JSON.stringify(result)) as CallResult),
      );
    } finally {
      session.kill();
    }
  } catch (error) {
    return error as Error;
  }
}

function greetingOf(session: PlayedSession): Buffer {
  return Buffer.from(session.line(0, "hello", (greeting?.clixml ?? "").replaceAll("<token>", session.token)));
}

function answersOf(session: PlayedSession, { id, batches }: Asked): Buffer {
  const calls = batches.reduce((sum, { length }) => sum + length, 0);
  const lines = [...answers.slice(0, calls), ...answers.filter(({ kind }) => kind === "end")].map(
    ({ kind, clixml }) => `\n${session.line(id, kind, clixml.replaceAll("<token>", session.token))}`,
  );
  return Buffer.from(lines.join(""));
}

/** In pieces, with a complaint between; then the process is over, whatever that was. */
async function say(session: PlayedSession, bytes: Buffer): Promise<void> {
  const middle = Math.floor(bytes.length / 2);
  session.stdout.write(bytes.subarray(0, middle));
  session.stderr.write(bytes.subarray(0, 100));
  session.stdout.write(bytes.subarray(middle));
  await turn();
  await turn();
  session.ends("ended with exit code 1");
}

/** The same each time that it begins with the same number. */
class Chance {
  constructor(private state: number) {}

  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  /** Mutates what is deflated in half of the cases, otherwise the lines themselves. */
  mutated(lines: Buffer, session: PlayedSession): Buffer {
    if (this.below(4) === 0) return this.mutation(lines);
    const parts = lines.toString().split("\n");
    const at = this.below(parts.length);
    const frame = recorded.frames[this.below(recorded.frames.length)];
    const words = parts[at]?.split(" ") ?? [];
    if (words.length === 5 && frame) {
      const own = this.below(4) > 0 ? inflatedIn(words[4] ?? "") : frame.clixml.replaceAll("<token>", session.token);
      words[4] = deflateRawSync(this.mutation(Buffer.from(own))).toString("base64");
      parts[at] = words.join(" ");
    } else parts.splice(at, 1, this.mutation(Buffer.from(parts[this.below(parts.length)] ?? "")).toString("latin1"));
    return Buffer.from(parts.join("\n"));
  }

  mutation(bytes: Buffer): Buffer {
    let now = bytes;
    for (let times = this.below(3); times >= 0; times -= 1) now = this.once(now);
    return now;
  }

  private once(bytes: Buffer): Buffer {
    const at = this.below(bytes.length + 1);
    const end = Math.min(bytes.length, at + 1 + this.below(40));
    const [before, part, rest] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
    const changed = Buffer.from(part);
    switch (this.below(8)) {
      case 0: // a bit
        if (changed[0] !== undefined) changed[0] ^= 1 << this.below(8);
        return Buffer.concat([before, changed, rest]);
      case 1: // less
        return Buffer.concat([before, rest]);
      case 2: // again and again
        return Buffer.concat([before, ...Array.from({ length: 2 + this.below(50) }, () => part), rest]);
      case 3: // the end
        return before;
      case 4: // from elsewhere in it
        return Buffer.concat([before, bytes.subarray(this.below(bytes.length + 1)).subarray(0, 200), rest]);
      case 5: // anything
        return Buffer.concat([
          before,
          Buffer.from(Array.from({ length: 1 + this.below(20) }, () => this.below(256))),
          rest,
        ]);
      case 6: // numbers that mean something else
        return Buffer.from(
          bytes.toString("latin1").replace(/\d+/g, (digits) => (this.below(20) === 0 ? this.number() : digits)),
          "latin1",
        );
      default: // what means something
        return Buffer.concat([before, Buffer.from(words[this.below(words.length)] ?? ""), rest]);
    }
  }

  private number(): string {
    return ["4000000000", "-1", "1.5", "1e999", "NaN", "", "0", "99999999999999999999"][this.below(8)] ?? "";
  }
}

// biome-ignore format: a list of words
const words = [
  "<", ">", '"', "\n", "\r", "\0", "\u001b]0;x\u0007", "\u202e", "#hv ", "&#x110000;", "&lt;", "_xD800_", "<Nil />", "</Obj>",
  '<Obj RefId="0"><LST>', '<Ref RefId="0" />', '<Ref RefId="1" />', '<S N="Key">__proto__</S>', "<BA>AAAA</BA>", "<DT>2024-99-99T99:99:99Z</DT>",
];

function inflatedIn(line: string): string {
  return inflateRawSync(Buffer.from(line, "base64")).toString();
}

/** A way to a server that changes what it sends; where nothing goes on, it is cut. */
class Wire {
  mutate: ((bytes: Buffer, at: number) => Buffer) | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: ReturnType<typeof createServer>) {}

  static async to(target: number): Promise<Wire> {
    const server = createServer((near) => {
      const far = connect(target, "127.0.0.1");
      let at = 0;
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        wire.sockets.add(one);
        one.setTimeout(wire.mutate ? 300 : 10_000, () => one.destroy());
        one.on("error", () => {});
        one.on("close", () => {
          wire.sockets.delete(one);
          other.destroy();
        });
      }
      near.on("data", (bytes) => far.write(bytes));
      far.on("data", (bytes) => {
        near.write(wire.mutate?.(bytes, at) ?? bytes);
        at += bytes.length;
      });
    });
    const wire: Wire = new Wire(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return wire;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
