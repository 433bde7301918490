import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { deflateRawSync } from "node:zlib";
import { ConnectError, errorOf, HostSetupError, UnreachableError } from "../../provider/host/errors";
import { LocalTransport } from "../../provider/host/local/local";
import { type Plain, toClixml } from "../../provider/host/session/clixml";
import { Session } from "../../provider/host/session/session";
import type { Channel } from "../../provider/host/session/transport";
import { powershell, reason } from "../powershell";
import { withLine } from "./agent-with-a-line";
import { call } from "./call";
import { Lab, lives } from "./lab";

describe(`a PowerShell session that goes wrong${reason}`, () => {
  let lab: Lab;
  const silent = new Set<string>();

  before(async function () {
    if (powershell === undefined) return this.skip();
    lab = await Lab.open({
      intercept: ({ cmdlet }) => (silent.has(cmdlet) ? new Promise<never>(() => {}) : undefined),
    });
  });
  afterEach(() => silent.clear());
  after(() => lab?.close());

  const unreachable = (delivered: boolean, said: RegExp) => (error: unknown) => {
    assert(error instanceof UnreachableError, String(error));
    assert.equal(error.delivered, delivered);
    assert.match(error.message, said);
    return true;
  };

  it("is ended when the deadline passes", async () => {
    const session = await lab.session();
    silent.add("Get-VMHost");
    await assert.rejects(
      session.run([[call("Get-VMHost")]], { timeoutSeconds: 0.3 }),
      unreachable(true, /no answer within 0.3 seconds/),
    );
    await session.ended;
    assert(!lives(session.hello.process.id));
    await assert.rejects(session.run([[call("Get-VMHost")]]), unreachable(false, /was ended/));
  });

  it("is ended when the work is called off", async () => {
    const session = await lab.session();
    silent.add("Get-VMHost");
    const off = new AbortController();
    const running = session.run([[call("Get-VMHost")]], { signal: off.signal });
    off.abort();
    await assert.rejects(running, unreachable(true, /called off/));
    await session.ended;
    assert(!lives(session.hello.process.id));
  });

  it("fails the call that was under way when the process dies", async () => {
    const session = await lab.session();
    silent.add("Get-VMHost");
    const running = session.run([[call("Get-VMHost")]]);
    process.kill(session.hello.process.id, "SIGKILL");
    await assert.rejects(running, unreachable(true, /SIGKILL/));
  });

  it("knows that nothing was done when it had died before", async () => {
    const session = await lab.session();
    process.kill(session.hello.process.id, "SIGKILL");
    await session.ended;
    await assert.rejects(session.run([[call("Get-VMHost")]]), unreachable(false, /SIGKILL/));
  });

  it("is not disturbed by noise, and keeps it for the log", async () => {
    const noise: string[] = [];
    const loud = await Lab.open({ says: "#hv 0 1 end e30= from the profile; a prompt> " });
    try {
      const session = await loud.session({ onNoise: (line) => noise.push(line) });
      const [answers] = await session.run([[call("Get-VMHost")]]);
      assert.equal(answers?.[0]?.error, undefined);
      assert.deepEqual(noise.sort(), ["#hv 0 1 end e30= from the profile; a prompt>", "complaint"]);
    } finally {
      await loud.close();
    }
  });

  it("hides in noise what is a secret, also when it comes late", async () => {
    const noise: string[] = [];
    const saying = "[Console]::Error.WriteLine('sesame, and ' + $parameters['Notes'])";
    const channel = withLine(
      await new LocalTransport(lab.executable, "HV01").open(),
      saying,
      "    $parameters['ErrorAction'] = 'Stop'",
    );
    const session = await Session.start(channel, {
      address: "HV01",
      startSeconds: 20,
      onNoise: (line) => noise.push(line),
    });
    await session.run([[call("Set-VM", { Name: "vault", Notes: { $secret: "sesame" } })]], { hidden: ["vault"] });
    await session.run([[call("Set-VM", { Name: "web", Notes: "the vault" })]]);
    session.kill();
    await assert.rejects(session.run([[call("Get-VMHost")]]), /it said: \*+, and .*SecureString \/ \*+, and the \*+$/);
    assert.deepEqual(noise, ["********, and System.Security.SecureString", "********, and the ********"]);
  });

  it("says why PowerShell did not begin", async () => {
    const start = async (executable: string) => {
      const transport = new LocalTransport(executable, "HV01");
      await Session.start(await transport.open(), { address: "HV01", startSeconds: 20 });
    };
    const fails = (said: RegExp) => (error: unknown) => {
      assert(error instanceof ConnectError && error.step === "PowerShell", String(error));
      assert.match(error.message, said);
      return true;
    };
    await assert.rejects(start("/nowhere/pwsh"), fails(/there is no such program/));
    await assert.rejects(start("/bin/false"), fails(/ended with exit code 1/));
    await assert.rejects(start("/bin/ls"), fails(/ended with exit code \d; it said: /));
  });

  it("names the module that the host does not have", async () => {
    const channel = await new LocalTransport(lab.executable, "HV01").open();
    const session = await Session.start(withoutModules(channel), { address: "HV01", startSeconds: 60 });
    try {
      assert("error" in (session.hello.modules["Hyper-V"] ?? {}));
      const [answers] = await session.run([[call("Get-VM", { Name: "web" })]]);
      const error = answers?.[0]?.error;
      assert.equal(error?.id, "CouldNotAutoLoadModule");
      assert(errorOf(error, { address: "HV01", cmdlet: "Get-VM" }) instanceof HostSetupError);
    } finally {
      await session.close();
    }
  });

  it("is over, and says why, when its agent breaks", async () => {
    const channel = await new LocalTransport(lab.executable, "HV01").open();
    const broken = withLine(channel, "throw 'out of order'", "    foreach ($line");
    const session = await Session.start(broken, { address: "HV01", startSeconds: 60 });
    await session.ended;
    await assert.rejects(session.run([[call("Get-VMHost")]]), /ended with exit code 1; it said: out of order/);
    assert(!lives(session.hello.process.id));
  });

  it("leaves no process behind", async () => {
    const sessions = [await lab.session(), await lab.session()];
    for (const session of sessions) assert(lives(session.hello.process.id));
    await Promise.all(sessions.map((session) => session.close()));
    for (const session of sessions) assert(!lives(session.hello.process.id));
  });
});

describe("what a PowerShell that ended said", () => {
  /** As Windows PowerShell 5.1 writes to standard error what goes wrong in an encoded command. */
  const clixml = [
    "#< CLIXML",
    '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj S="progress" RefId="0"><TN RefId="0">' +
      '<T>System.Management.Automation.PSCustomObject</T><T>System.Object</T></TN><MS><I64 N="SourceId">1</I64>' +
      `<PR N="Record"><AV>${"Preparing modules for first use. ".repeat(20)}</AV><AI>0</AI></PR></MS></Obj>` +
      '<S S="Error">Method invocation is supported only on core types._x000D__x000A_</S><S S="Error">+ $s = a &amp; &lt;b&gt;_x000D__x000A_</S></Objs>',
  ].join("\r\n");

  const failureOf = async (stderr: string) => {
    const [stdin, stdout, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const ended = new Promise<string>((resolve) => setTimeout(() => resolve("ended with exit code 1"), 20));
    errors.write(stderr);
    return Session.start(
      { stdin, stdout, stderr: errors, ended, kill: () => {} },
      { address: "HV01", startSeconds: 5 },
    ).then(
      () => assert.fail("it began"),
      (error: Error) => error.message,
    );
  };

  it("is shown as text, also where it came as CLIXML", async () => {
    assert.equal(await failureOf("no such thing\n"), "PowerShell ended with exit code 1; it said: no such thing");
    assert.equal(
      await failureOf(clixml),
      "PowerShell ended with exit code 1; it said: Method invocation is supported only on core types. + $s = a & <b>",
    );
  });
});

describe("a session whose agent fails beside the calls", () => {
  it("does not know what was done, and says so with a typed error", async () => {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const send = (token: string, id: number, kind: string, body: Plain) =>
      stdout.write(`#hv ${token} ${id} ${kind} ${deflateRawSync(toClixml(body)).toString("base64")}\n`);
    let token: string | undefined;
    stdin.on("data", (line: Buffer) => {
      if (token !== undefined) {
        send(token, 1, "failed", {
          id: "OutOfMemory",
          category: "NotSpecified",
          exception: "",
          message: "no memory for sesame",
          target: "",
        });
        return;
      }
      const settings = Buffer.from(line.toString().split(" ")[1] ?? "", "base64").toString();
      token = /token<\/S><S N="Value">(\w+)</.exec(settings)?.[1] ?? assert.fail(settings);
      const process_ = { id: 1, started: "2024-05-06T07:08:09Z" };
      const names = { version: "5.1", edition: "Desktop", system: "10", culture: "de-DE", computer: "HV01", user: "a" };
      send(token, 0, "hello", { ...names, process: process_, rights: null, modules: {}, cluster: null });
    });
    const channel = { stdin, stdout, stderr, ended: new Promise<string>(() => {}), kill: () => {} };
    const session = await Session.start(channel, { address: "HV01", startSeconds: 5 });
    const setting = call("Set-VM", { Name: "x", Notes: { $secret: "sesame" } });
    await assert.rejects(session.run([[setting]]), (error: unknown) => {
      assert(error instanceof UnreachableError && error.delivered, String(error));
      assert.match(error.message, /no memory for \*+$/);
      return true;
    });
  });
});

/** As on a machine without Hyper-V: the agent finds no modules. */
const withoutModules = (channel: Channel) => withLine(channel, "$env:PSModulePath = ''", "$options =");
