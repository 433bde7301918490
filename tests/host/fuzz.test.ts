import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { deflateRawSync } from "node:zlib";
import type { CallResult } from "../../provider/calls";
import { ConnectError, UnreachableError } from "../../provider/host/errors";
import { fromClixml, fromLine, readable } from "../../provider/host/session/clixml";
import { Session } from "../../provider/host/session/session";
import { expectedKey, hostKey, knownKeys } from "../../provider/host/ssh/known-hosts";
import { weaknessOf } from "../../provider/host/ssh/ssh-strength";
import { Chance, isPlain, recorded, runs } from "./mutations";
import { type Asked, PlayedHost, type PlayedSession } from "./played";
import { keyPair } from "./sshd";

const [greeting, ...answers] = recorded.frames;
const MiB = 2 ** 20;

describe(`${runs.toLocaleString("en-US")} mutations of recorded traffic`, function () {
  this.timeout(600_000 + 60 * runs);

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
});

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
