import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { deflateRawSync } from "node:zlib";
import type { Call } from "../../provider/calls";
import { ConnectError, UnreachableError } from "../../provider/host/errors";
import { HostPool } from "../../provider/host/pool/pool";
import { most } from "../../provider/host/session/bounds";
import { type Plain, toClixml } from "../../provider/host/session/clixml";
import { type Asked, callBody, hello, PlayedHost, type PlayedSession } from "./played";

const MiB = 2 ** 20;
const read: Call = { cmdlet: "Get-VM", select: { Name: null } };

describe("a host that sends too much", () => {
  let host: PlayedHost;
  let pool: HostPool;
  let noise: string[];
  beforeEach(() => {
    host = new PlayedHost();
    noise = [];
    pool = new HostPool(host, { maxSessions: 1, startSeconds: 20, onNoise: (line) => noise.push(line) });
  });
  afterEach(() => pool.close());

  const vm = (session: PlayedSession, asked: Asked) => session.answer(asked, (token) => [[token], ["web"]]);
  /** The next call works, with a session of its own. */
  const worksAnew = async () => {
    const [bad] = host.sessions.slice(-1);
    assert(bad?.killed, "the session is not ended");
    host.play = { asked: vm };
    assert.deepEqual((await pool.run([read]))[0]?.values, [{ Name: "web" }]);
    assert.notEqual(host.sessions.at(-1), bad);
  };
  const fails = async (said: RegExp, play: (session: PlayedSession, asked: Asked) => unknown) => {
    host.play = { asked: (session, asked) => void play(session, asked) };
    await assert.rejects(pool.run([read]), (error: unknown) => {
      assert(error instanceof UnreachableError && error.delivered, String(error).slice(0, 300));
      assert.match(error.message.slice(0, 4100), said);
      assert(error.message.length < 5000);
      return true;
    });
    await worksAnew();
  };
  const answered = (said: RegExp, values: (token: string) => Plain) =>
    fails(said, (session, { id }) => {
      session.send(id, "call", callBody({ values: values(session.token) }));
      session.send(id, "end", {});
    });

  for (const [count, said] of [
    ["4000000000", /cannot be read \(a list of 4000000000 values where 1 follow\)/],
    ["-1", /a list of -1 values/],
    ["1.5", /a list of 1.5 values/],
    ["1e3", /a list of 1000 values where 1 follow/],
    ["NaN", /a list of NaN values/],
    ["Infinity", /a list of Infinity values/],
    ["2", /a list of 2 values where 1 follow/],
  ] as const)
    it(`is not believed a list of ${count} values`, () =>
      answered(said, (token) => [[`${token} ${count}`, token], ["web"]]));

  it("is not believed lists within lists that take the values of the outer one", () =>
    answered(/a list that lacks values/, (token) => [[`${token} 2`, `${token} 1`, token], ["web"]]));

  it("is not followed into lists within lists without an end", () =>
    answered(/it sent values more than 64 deep/, (token) => [
      [...Array.from({ length: 200_000 }, () => `${token} 1`), token],
      ["web"],
    ]));

  for (const [what, values] of [
    ["a text", "abc"],
    ["a number", 5],
    ["an object", { length: 1 }],
  ] as const)
    it(`is not believed ${what} in place of kinds, or of a column`, async () => {
      await answered(/cannot be read/, () => [values, ["web"]]);
      await answered(/cannot be read/, (token) => [[token], values]);
    });

  it("is asked no more after the error that ended a batch", () =>
    fails(/call 1 of batch 0 out of turn/, (session, { id }) => {
      const error = { id: "X", category: "NotSpecified", exception: "", message: "m", target: "" };
      session.send(id, "call", callBody({ error }));
      session.send(id, "call", callBody({ call: 1 }));
    }));

  it("stops at the first bytes that are too many of what is deflated", () =>
    fails(/as it sent an answer that inflates to more than 64 MiB/, (session, { id }) => {
      const bomb = deflateRawSync(Buffer.alloc(400 * MiB, 32)).toString("base64");
      assert(bomb.length < 0.6 * MiB);
      session.stdout.write(`${session.heading(id, "call")}${bomb}\n`);
    }));

  it("is stopped in a line without an end", async () => {
    let sent = 0;
    await fails(/as it sent more than 64 MiB in a line without an end/, async (session, { id }) => {
      session.stdout.write(session.heading(id, "call"));
      sent = await pour(session, "stdout", Buffer.alloc(MiB, 65), 1024);
    });
    assert(sent <= 66 * MiB, `${sent / MiB} MiB were taken`);
  });

  it("keeps little of a line that comes byte by byte", async () => {
    let before = 0;
    await fails(/cannot be read/, async (session, { id }) => {
      session.stdout.write(session.heading(id, "call"));
      before = process.memoryUsage().heapUsed;
      for (let bytes = 0; bytes < 300_000; bytes += 1) {
        session.stdout.write(Buffer.from("A"));
        if (bytes % 1000 === 0) await turn();
      }
      session.stdout.write("\n");
    });
    assert(process.memoryUsage().heapUsed - before < 40 * MiB);
  });

  it("is stopped in standard error without an end", async () => {
    let sent = 0;
    await fails(/as it sent more than 64 MiB in a line without an end before it had answered$/, async (session) => {
      sent = await pour(session, "stderr", Buffer.alloc(MiB, 101), 1024);
    });
    assert(sent <= 66 * MiB, `${sent / MiB} MiB were taken`);
  });

  it("is stopped in noise without an end, few long lines or many short ones", async () => {
    const long = Buffer.from(`${"n".repeat(MiB - 1)}\n`);
    let sent = 0;
    await fails(
      /as it sent more than 64 MiB that are no answer before it had answered; it said: n+/,
      async (session) => {
        sent = await pour(session, "stdout", long, 1024);
      },
    );
    assert(sent <= 66 * MiB);
    noise.splice(0);
    const short = Buffer.from("n\n".repeat(5000));
    for (const output of ["stdout", "stderr"] as const)
      await fails(/as it sent more than 100,000 lines that are no answer/, (session) =>
        pour(session, output, short, 1024),
      );
    assert.equal(noise.length, 2 * (most.noiseLines + 1));
  });

  it("is stopped in empty lines", () =>
    fails(/as it sent more than 64 MiB that are no answer/, (session) =>
      pour(session, "stdout", Buffer.alloc(MiB, 10), 1024),
    ));

  it("is not read where it answers what nobody asked, and stopped where it goes on", () =>
    fails(/as it sent more than 100,000 lines that are no answer/, (session, { id }) => {
      const late = session.line(id + 1, "call", "") + session.line(id, "what", "") + session.line(0, "hello", "");
      return pour(session, "stdout", Buffer.from(late.repeat(1000)), 100);
    }));

  it("is not read after the end of an answer", async () => {
    host.play = {
      asked: (session, asked) => {
        const bombs = session.line(asked.id, "end", " ".repeat(MiB)).repeat(50);
        session.answer(asked, (token) => [[token], ["web"]]);
        session.stdout.write(bombs);
      },
    };
    for (const _ of [1, 2]) assert.deepEqual((await pool.run([read]))[0]?.values, [{ Name: "web" }]);
    assert.equal(host.sessions.length, 1);
  });

  it("may say much in many answers, each of which is no more than one may be", async () => {
    const text = "x".repeat(10 * MiB);
    host.play = { asked: (session, asked) => session.answer(asked, (token) => [[token], [text]]) };
    const answers = await pool.run([read, read, read]);
    assert.equal(answers.length, 3);
    assert(answers.every(({ values }) => (values[0] as { Name: string }).Name.length === text.length));
  });

  it("is stopped where all its answers to a request are too much", async () => {
    const text = "x".repeat(60 * MiB);
    let line: ((call: number) => string) | undefined;
    host.play = {
      asked: (session, { id }) => {
        line = (call) => session.line(id, "call", toClixml(callBody({ call, values: [[session.token], [text]] })));
        for (let call = 0; call < 5; call += 1) session.stdout.write(line(call));
      },
    };
    await assert.rejects(
      pool.run(Array.from({ length: 5 }, () => read)),
      /as it sent answers of more than 256 MiB to one request/,
    );
    await worksAnew();
  });

  it("does no harm to other sessions", async () => {
    const two = new HostPool(host, { maxSessions: 2 });
    const change: Call = { cmdlet: "Set-VM", parameters: { Name: "x" } } as Call;
    let release: () => void = () => {};
    host.play = {
      asked: (session, asked) => {
        if (host.sessions.indexOf(session) === 1)
          void pour(session, "stdout", Buffer.alloc(MiB, 65), 1024).then(() => release());
        else release = () => session.answer(asked);
      },
    };
    const outcomes = await Promise.allSettled([two.run([change]), two.run([change])]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    await two.close();
  });

  it("is stopped also while a session begins, and is told at which step", async () => {
    for (const [greets, said] of [
      [
        (session: PlayedSession) => void pour(session, "stdout", Buffer.alloc(MiB, 65), 1024),
        /in a line without an end/,
      ],
      [
        (session: PlayedSession) => session.send(0, "hello", { ...hello, user: "u".repeat(2000) }),
        /cannot be read \(user: /,
      ],
      [
        (session: PlayedSession) =>
          session.send(0, "hello", {
            ...hello,
            modules: Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`m${at}`, 1])),
          }),
        /cannot be read \(modules: are too many\)/,
      ],
    ] as const) {
      host.play = { greets };
      await assert.rejects(pool.run([read]), (error: unknown) => {
        assert(error instanceof ConnectError && error.step === "PowerShell", String(error).slice(0, 300));
        assert.match(error.message.slice(0, 4100), said);
        return true;
      });
      await worksAnew();
      await pool.close();
      pool = new HostPool(host, { maxSessions: 1 });
    }
  });

  it("is told in one sentence what of its answer does not fit, however much that is", async () => {
    const warnings = Array.from({ length: 200_000 }, (_, at) => at);
    await fails(/cannot be read \(warnings: is no such list\) before it had answered$/, (session, { id }) =>
      session.send(id, "call", callBody({ warnings })),
    );
  });

  it("has its last words shown without what a terminal obeys, in the error and in the log", async () => {
    await fails(/it said: <U\+001B>\]0;x<U\+0007>a<U\+000D>b \/ y+\.\.\. \(\d+ characters more\)/, (session) => {
      session.stderr.write(`\u001b]0;x\u0007a\rb\n${"y".repeat(1000)}\n`);
      session.stdout.write(`${session.heading(1, "call")}AAAA\n`);
    });
    assert.equal(noise[0], "<U+001B>]0;x<U+0007>a<U+000D>b");
  });

  it("does no harm with characters that there are not, in what it complains of", async () => {
    host.play = {
      asked: (session, asked) => {
        session.stderr.write('<Objs Version="1"><S S="Error">a&#xFFFFFFFF;b&#x110000;</S></Objs>\n');
        setImmediate(() => session.answer(asked, (token) => [[token], ["web"]]));
      },
    };
    assert.deepEqual((await pool.run([read]))[0]?.values, [{ Name: "web" }]);
    assert.deepEqual(noise, ["a\ufffdb\ufffd"]);
  });
});

/** Sends so often, as long as somebody listens; answers with how many bytes were taken. */
async function pour(
  session: PlayedSession,
  output: "stdout" | "stderr",
  piece: Buffer,
  times: number,
): Promise<number> {
  let sent = 0;
  for (let time = 0; time < times && !session.killed; time += 1) {
    session[output].write(piece);
    sent += piece.length;
    await turn();
  }
  return sent;
}
