import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { type Call, result, type Value } from "../../provider/calls";
import { ConnectError, errorOf, HostSetupError, UnreachableError } from "../../provider/host/errors";
import { LocalTransport } from "../../provider/host/local/local";
import { type Plain, toClixml } from "../../provider/host/session/clixml";
import { Session } from "../../provider/host/session/session";
import type { Channel } from "../../provider/host/session/transport";
import { powershell, reason } from "../powershell";
import { Lab, lives } from "./lab";

describe(`a PowerShell session${reason}`, function () {
  this.timeout(60_000);
  let lab: Lab;
  let session: Session;
  /** Stands in for the simulator in the test that sets it. */
  let reply: ((call: { cmdlet: string; parameters: Record<string, unknown> }) => object | undefined) | undefined;

  before(async function () {
    if (powershell === undefined) return this.skip();
    lab = await Lab.open({ intercept: (call) => reply?.(call) });
    session = await lab.session();
    await one(call("New-VM", { Name: "web", NoVHD: true, MemoryStartupBytes: 2 ** 30 }));
  });
  afterEach(() => {
    reply = undefined;
  });
  after(() => lab?.close());

  const batch = async (...calls: Call[]) => (await session.run([calls]))[0] ?? [];
  const one = async (asked: Call) => {
    const [answer] = await batch(asked);
    assert(answer);
    return answer;
  };

  it("says who it is when it begins", () => {
    const { version, edition, computer, modules, rights } = session.hello;
    assert.match(version, /^\d+\.\d+/);
    assert.match(edition ?? "", /^(Core|Desktop)$/);
    assert.notEqual(computer, "");
    assert.deepEqual(Object.keys(modules).sort(), ["FailoverClusters", "Hyper-V"]);
    assert(modules["Hyper-V"] && "version" in modules["Hyper-V"]);
    if (process.platform !== "win32") assert.equal(rights, null);
  });

  it("carries any text there and back exactly", async () => {
    const texts = [...hostile, ...fc.sample(anyText, { numRuns: 300, seed: 20240229 })];
    const results = await session.run(texts.map((text) => [call(text as never)]));
    texts.forEach((text, index) => {
      // what is no declared cmdlet comes back in the message that refuses it
      assert.equal(results[index]?.[0]?.error?.message, `The resources do not use the cmdlet '${text}'.`);
    });
  });

  it("hands hostile texts to the cmdlet as they are, and runs nothing of them", async () => {
    // the engine's own wire to the backend has no lone surrogates
    const texts = [...hostile, "n".repeat(32_768)].filter((text) => Buffer.from(text).toString() === text);
    const seen: unknown[] = [];
    reply = ({ cmdlet, parameters }) => {
      seen.push(cmdlet, parameters.Notes);
      return { objects: [{ Echo: parameters.Notes }] };
    };
    const results = await session.run(
      texts.map((Notes) => [{ ...call("Set-VM", { Name: "web", Notes }), select: { Echo: null } } as Call]),
    );
    assert.deepEqual(
      seen,
      texts.flatMap((text) => ["Set-VM", text]),
    );
    assert.deepEqual(
      results.map(([answer]) => answer?.values),
      texts.map((Echo) => [{ Echo }]),
    );
  });

  it("gives values as plain data, the same in every edition and language", async () => {
    const given = {
      text: "x",
      yes: true,
      whole: 4398046511104,
      fraction: 1.5,
      one: ["10.0.0.5"],
      none: [],
      nested: { a: 1, b: [{ c: null }, { c: "d" }] },
      nothing: null,
    };
    reply = () => ({ objects: [given, { ...given, text: "y" }] });
    const { values } = await one({
      cmdlet: "Get-VM",
      select: {
        text: null,
        yes: null,
        whole: null,
        fraction: null,
        one: null,
        none: null,
        nested: { a: null, b: { c: null } },
        nothing: null,
        absent: null,
        Keys: null,
        Count: null,
      },
    });
    const seen = { ...given, absent: null, Keys: null, Count: null };
    assert.deepEqual(values, [seen, { ...seen, text: "y" }]);
  });

  for (const text of ["x", "x\uffff"])
    it(`keeps apart what objects have several of, in any number, with ${JSON.stringify(text)}`, async () => {
      const part = (name: string) => ({ name, below: { y: name } });
      const given = [
        [],
        part("a"),
        null,
        [part("b"), null, part("c")],
        "scalar",
        [part("d")],
        [[part("e")], part(text)],
      ];
      reply = () => ({ objects: given.map((parts, number) => ({ parts, text, number })) });
      const select = { parts: { name: null, below: { y: null } }, number: null };
      const { values } = await one({ cmdlet: "Get-VM", select });
      assert.deepEqual(
        values,
        given.map((parts, number) => ({ parts, number })),
      );
    });

  it("gives integers that a double cannot hold as text, enums by name and dates in UTC", async () => {
    const machine = {
      $type: "VirtualMachine",
      State: "Running",
      CreationTime: "2024-05-06T07:08:09Z",
      MemoryStartup: 2 ** 60,
    };
    reply = () => ({ objects: [machine, { ...machine, MemoryStartup: 2 ** 40 }] });
    const { values } = await one({
      cmdlet: "Get-VM",
      select: { State: null, CreationTime: null, MemoryStartup: null },
    });
    const seen = { State: "Running", CreationTime: "2024-05-06T07:08:09.0000000Z" };
    assert.deepEqual(values, [
      { ...seen, MemoryStartup: String(2n ** 60n) },
      { ...seen, MemoryStartup: 2 ** 40 },
    ]);
  });

  it("gives enums by name also beside what is none", async () => {
    const machine = { $type: "VirtualMachine", State: "Running" };
    for (const [others, seen] of [
      [[{ ...machine, State: "Off" }], ["Off"]],
      [
        [{ State: 3 }, { State: true }],
        [3, true],
      ],
      [
        [{}, { State: null }],
        [null, null],
      ],
      [[], []],
    ]) {
      reply = () => ({ objects: [machine, ...(others ?? [])] });
      const { values } = await one({ cmdlet: "Get-VM", select: { State: null } });
      assert.deepEqual(
        values,
        ["Running", ...(seen ?? [])].map((State) => ({ State })),
      );
    }
  });

  it("keeps each value with its object where a property gives nothing, and takes every kind of list", async () => {
    const channel = withLine(
      await new LocalTransport(lab.executable, "HV01").open(),
      [
        "$list = New-Object 'System.Collections.Generic.List[object]'",
        "$list.Add($objects[0]); $list.Add($objects[1])",
        "$objects[0].PSObject.Properties.Add((New-Object Management.Automation.PSScriptProperty 'Other', {}))",
        "$objects[1].Other = $list", // as New-Object gives it, in a wrapper
        "$objects[1].PSObject.Properties.Add((New-Object Management.Automation.PSNoteProperty 'Table', @{ Name = 'x' }))",
      ].join("\n"),
      "            if ($call.Contains('select'))",
    );
    const extended = await Session.start(channel, { address: "HV01", startSeconds: 60 });
    try {
      reply = () => ({ objects: [{ Name: "a" }, { Name: "b", Other: 0 }] });
      const select = { Name: null, Other: { Name: null }, Table: { Name: null } };
      const [answers] = await extended.run([[{ cmdlet: "Get-VM", select }]]);
      assert.deepEqual(answers?.[0]?.values, [
        { Name: "a", Other: null, Table: null },
        { Name: "b", Other: [{ Name: "a" }, { Name: "b" }], Table: { Name: null } },
      ]);
    } finally {
      await extended.close();
    }
  });

  it("gives properties in the order in which they are asked for", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `P${(index * 17) % 40}`);
    reply = () => ({ objects: [{ ...Object.fromEntries(names.map((name) => [name, 1])), below: { y: 1, x: 2 } }] });
    const select = {
      ...Object.fromEntries([...names].reverse().map((name) => [name, null])),
      below: { x: null, y: null },
    };
    const { values } = await one({ cmdlet: "Get-VM", select });
    const [value] = values as [{ below: object }];
    assert.deepEqual(Object.keys(value), Object.keys(select));
    assert.deepEqual(Object.keys(value.below), ["x", "y"]);
  });

  it("gives nothing without a selection, and scalars as they are", async () => {
    assert.deepEqual((await one(call("Get-VM", { Name: "web" }))).values, []);
    assert.deepEqual((await one({ ...call("Test-Path", { LiteralPath: "C:\\" }), select: {} } as Call)).values, [true]);
  });

  it("ends a batch at its first error, and runs the batches behind it", async () => {
    const results = await session.run([
      [call("Get-VM", { Name: "web" }), call("Get-VM", { Name: "nobody" }), call("Get-VM", { Name: "web" })],
      [call("Get-VM", { Name: "web" })],
    ]);
    assert.deepEqual(
      results.map((answers) => answers.map(({ error }) => error?.id)),
      [[undefined, "InvalidParameter,Microsoft.HyperV.PowerShell.Commands.GetVM"], [undefined]],
    );
  });

  it("keeps an error's id, category and codes, whatever language its text is in", async () => {
    for (const message of [
      "Fehler beim Starten: Nicht genügend Arbeitsspeicher (0x8007000E).",
      "仮想マシンを起動できませんでした (0x8007000E)。",
      "No se pudo iniciar la m\u00c3\u00a1quina (0x8007000E)",
    ]) {
      reply = () => ({
        error: { id: "OperationFailed", category: "NotSpecified", exception: "VirtualizationException", message },
      });
      const { error } = await one(call("Start-VM", { Name: "web" }));
      assert(error);
      assert.equal(error.id, "OperationFailed,Microsoft.HyperV.PowerShell.Commands.StartVM");
      assert.equal(error.message, message);
      assert.equal(errorOf(error, { address: "HV01", cmdlet: "Start-VM" }).name, "ExhaustedError");
    }
  });

  it("reports what the binder refuses with PowerShell's own ids", async () => {
    const refused = async (asked: Call) => (await one(asked)).error?.id.split(",")[0];
    assert.equal(await refused(call("New-VM", { Name: "x", VHDPath: "p", NoVHD: true })), "AmbiguousParameterSet");
    assert.equal(await refused(call("New-VM", { Nope: 1 })), "NamedParameterNotFound");
    assert.equal(
      await refused(call("Set-VM", { Name: "x", AutomaticStopAction: "Nope" })),
      "CannotConvertArgumentNoMessage",
    );
  });

  it("fails where a person would be asked", async () => {
    assert((await one(call("Remove-VM", { Name: "web" }))).error);
    assert(!lab.backend.calls.includes("Remove-VM"));
  });

  it("keeps warnings apart from values", async () => {
    reply = () => ({
      warnings: ["The virtual machine is already in the specified state."],
      objects: [{ Name: "web" }],
    });
    const { values, warnings } = await one({ cmdlet: "Get-VM", select: { Name: null } });
    assert.deepEqual(
      { values, warnings },
      { values: [{ Name: "web" }], warnings: ["The virtual machine is already in the specified state."] },
    );
  });

  it("puts earlier results, their properties, and those of them that are meant, in place of references", async () => {
    const seen: unknown[] = [];
    const machine = {
      $type: "VirtualMachine",
      $handle: "vm",
      HardDrives: ["a", "B"].map((Path) => ({ $type: "HardDiskDrive", $handle: `drive ${Path}`, Path })),
    };
    reply = ({ cmdlet, parameters }) => {
      if (cmdlet === "Get-VM") return { objects: [machine] };
      seen.push(parameters);
      return {};
    };
    const drives = (where?: { Path: string }): Value => result("vm", "HardDrives", where);
    const answers = await batch(
      { ...call("Get-VM", { Name: "web" }), as: "vm" } as Call,
      call("Set-VM", { VM: result("vm"), Notes: "n" }),
      call("Remove-VMHardDiskDrive", { VMHardDiskDrive: drives() }),
      call("Remove-VMHardDiskDrive", { VMHardDiskDrive: drives({ Path: "b" }) }),
      call("Remove-VMHardDiskDrive", { VMHardDiskDrive: [drives({ Path: "a" }), drives({ Path: "b" })] }),
    );
    assert.deepEqual(
      answers.map(({ error }) => error?.message),
      Array(5).fill(undefined),
    );
    const object = ($type: string, $object: string) => ({ $object, $type });
    const [a, b] = ["a", "B"].map((path) => object("HardDiskDrive", `drive ${path}`));
    assert.deepEqual(seen, [
      { VM: [object("VirtualMachine", "vm")], Notes: "n" },
      { VMHardDiskDrive: [a, b] },
      { VMHardDiskDrive: [b] },
      { VMHardDiskDrive: [a, b] },
    ]);
  });

  it("refuses a reference to what no call of the batch returned", async () => {
    await batch({ ...call("Get-VM", { Name: "web" }), as: "vm" } as Call);
    const { error } = await one(call("Set-VM", { VM: result("vm"), Notes: "n" }));
    assert.match(error?.message ?? "", /No earlier call of the batch returned 'vm'/);
  });

  it("sets properties of what a call returned, lists of texts too", async () => {
    reply = ({ cmdlet, parameters }) => {
      if (cmdlet === "Get-ClusterGroup")
        return { objects: [{ $type: "ClusterGroup", $handle: "g", Name: "web", Priority: 2000 }] };
      return { objects: [{ Seen: parameters }] };
    };
    const group = result("group");
    const answers = await batch(
      { ...call("Get-ClusterGroup", { Name: "web" }), as: "group" } as Call,
      { assign: "Priority", target: group, value: 3000 },
      { assign: "AntiAffinityClassNames", target: group, value: ["a", "b;'c"] },
      {
        ...call("Set-VM", { Name: result("group", "AntiAffinityClassNames"), Notes: result("group", "Priority") }),
        select: { Seen: { Name: null, Notes: null } },
      } as Call,
    );
    assert.deepEqual(
      answers.map(({ error }) => error?.message),
      Array(4).fill(undefined),
    );
    assert.deepEqual(answers[3]?.values, [{ Seen: { Name: ["a", "b;'c"], Notes: "3000" } }]);
    const { error } =
      (
        await batch({ ...call("Get-ClusterGroup"), as: "group" } as Call, { assign: "Nope", target: group, value: 1 })
      )[1] ?? {};
    assert.equal(error?.id, "PropertyAssignmentException");
  });

  it("makes a SecureString of a secret, and takes it out of whatever comes back", async () => {
    reply = ({ parameters }) => ({
      error: { id: "X", category: "InvalidArgument", message: `${parameters.Notes} pa'ss$word, pa'ss`, exception: "" },
    });
    const { error } = await one(call("Set-VM", { Name: "web", Notes: { $secret: "pa'ss$word" } }));
    assert.equal(error?.message, "System.Security.SecureString ********, pa'ss");
  });

  it("runs only cmdlets that the resources use", async () => {
    for (const name of ["Invoke-Expression", "Write-Output", "Hyper-V\\Get-VM", "Start-Process"]) {
      const { error } = await one(call(name as never));
      assert.match(error?.message ?? "", /do not use the cmdlet/);
    }
  });

  it("updates the role explicitly where the implicit update was refused, and goes on", async () => {
    const seen: unknown[] = [];
    const id = "0b6d1bd6-6ed1-4f6c-8a3c-0a1b2c3d4e5f";
    reply = ({ cmdlet, parameters }) => {
      seen.push(cmdlet === "Get-VM" ? cmdlet : [cmdlet, parameters.Notes ?? parameters]);
      if (cmdlet === "Get-VM") return { objects: [{ $type: "VirtualMachine", $handle: "vm", Id: id }] };
      if (cmdlet !== "Set-VM") return {};
      return {
        error: {
          id: "Update-ClusterVirtualMachineConfiguration",
          category: "NotSpecified",
          message: "could not be completed",
        },
      };
    };
    const vm = { ...call("Get-VM", { Id: id }), as: "vm" } as Call;
    const answers = await batch(vm, call("Set-VM", { VM: result("vm"), Notes: "a" }), call("Get-VM", { Id: id }));
    assert.deepEqual(
      answers.map(({ error }) => error),
      [undefined, undefined, undefined],
    );
    assert.deepEqual(seen, [
      "Get-VM",
      ["Set-VM", "a"],
      ["Update-ClusterVirtualMachineConfiguration", { Cluster: ".", VMId: id }],
      "Get-VM",
    ]);
  });

  it("reports what the explicit update says", async () => {
    reply = ({ cmdlet }) => {
      if (cmdlet === "Get-VM")
        return { objects: [{ $type: "VirtualMachine", $handle: "vm", Id: "0b6d1bd6-6ed1-4f6c-8a3c-0a1b2c3d4e5f" }] };
      const explicit = cmdlet !== "Set-VM";
      return {
        error: {
          id: explicit ? "Later" : "UpdateClusterVirtualMachineConfiguration",
          category: "ConnectionError",
          message: "m",
        },
      };
    };
    const answers = await batch(
      { ...call("Get-VM"), as: "vm" } as Call,
      call("Set-VM", { VM: result("vm"), Notes: "a" }),
    );
    assert.match(answers[1]?.error?.id ?? "", /^Later,.*UpdateClusterVirtualMachineConfiguration/i);
  });

  it("answers with four megabytes", async () => {
    const text = "é€😀 x".repeat(500_000).slice(0, 4 * 2 ** 20);
    reply = () => ({ objects: [{ Name: text }] });
    const { values } = await one({ cmdlet: "Get-VM", select: { Name: null } });
    assert.deepEqual(values, [{ Name: text }]);
  });
});

describe(`a PowerShell session that goes wrong${reason}`, function () {
  this.timeout(60_000);
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

/** Whose agent has one more line. */
function withLine(channel: Channel, line: string, before: string): Channel {
  const stdin = new PassThrough();
  stdin.once("data", (first: Buffer) => {
    const [agent = "", ...rest] = first.toString().split(" ");
    const text = Buffer.from(agent, "base64").toString().replace(`\n${before}`, `\n${line}\n${before}`);
    channel.stdin.write([Buffer.from(text).toString("base64"), ...rest].join(" "));
    stdin.pipe(channel.stdin);
  });
  return { ...channel, stdin };
}

function call(cmdlet: string, parameters: Record<string, Value> = {}): Call {
  return { cmdlet, parameters } as Call;
}

const hostile = [
  "",
  " ",
  " \t\r\n ",
  "a\r\nb\nc\rd",
  'it\'s "quoted" ‘typographic’ “too”',
  `$(New-Item C:\\pwned) $\{env:PATH} $input`,
  "'; New-Item C:\\pwned; '",
  '`n `$x `0 `" `',
  "a & b | c > d < e && f; g",
  "@{a=1} @(1,2) [DateTime]::Now",
  "_x0041_ _x005F_ _X0041_ _x_ _x00",
  "\0\u0001\u0008\u000b\u000c\u001b\u001f\u007f\u0085\u2028\u2029\ufeff\ufffe\uffff",
  "2024-05-06T07:08:09Z /Date(1700000000000)/ 12:30",
  "\ud83d\ude00 𝒳 \u202ertl\u202c שלום عربي 日本語 e\u0301",
  "\ud800 alone \udc00 \udfff\ud800",
  "<S>x</S> &amp; ]]> <!-- --> &#x41;",
  "#hv 0 1 end e30=",
  "\n#hv 0 1 end e30=\n",
  "%PATH% %%a !x! ^",
  "C:\\ClusterStorage\\Volume1\\[a]*?.vhdx",
];

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)), maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      "'",
      '"',
      "$",
      "(",
      ")",
      "`",
      ";",
      "\n",
      "\r",
      "_x",
      "0041_",
      "&",
      "<",
      ">",
      "\\",
      "{",
      "}",
      "\0",
      "é",
    ),
    maxLength: 40,
  }),
);
