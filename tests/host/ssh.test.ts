import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Server } from "ssh2";
import type { Call, Value } from "../../provider/calls";
import { ConnectError, type ConnectStep, SessionsExhaustedError, UnreachableError } from "../../provider/host/errors";
import { HostPool } from "../../provider/host/pool/pool";
import { hostKey } from "../../provider/host/ssh/known-hosts";
import { SshTransport } from "../../provider/host/ssh/ssh";
import type { SshOptions } from "../../provider/host/ssh/ssh-options";
import { powershell, reason } from "../powershell";
import { Lab, program } from "./lab";
import { agentReason, Cable, freePort, hasSshd, type KeyPair, keyPair, Sshd, sshReason } from "./sshd";

describe(`a host over SSH${reason || sshReason}`, function () {
  this.timeout(120_000);
  let lab: Lab;
  let sshd: Sshd;
  let cable: Cable;
  let pools: HostPool[] = [];
  let intercept: ((call: { cmdlet: string }) => Promise<object | undefined> | undefined) | undefined;
  const plain = keyPair();
  const locked = keyPair("open sesame");

  before(async function () {
    if (powershell === undefined || !hasSshd) return this.skip();
    lab = await Lab.open({ intercept: (call) => intercept?.(call) });
    sshd = await Sshd.start({ keys: [plain, locked], maxSessions: 2 });
    cable = await Cable.to(sshd.port);
  });
  afterEach(async () => {
    intercept = undefined;
    await Promise.all(pools.map((pool) => pool.close()));
    pools = [];
  });
  after(async () => {
    await cable?.close();
    await sshd?.close();
    await lab?.close();
  });

  const fingerprintOf = (pair: KeyPair) => hostKey(Buffer.from(pair.public.split(" ")[1] ?? "", "base64")).fingerprint;
  const open = (options: Partial<SshOptions> = {}, maxSessions = 4) => {
    const transport = new SshTransport({
      host: "127.0.0.1",
      port: cable.port,
      user: sshd.user,
      privateKey: plain.private,
      hostKey: fingerprintOf(sshd.hostKey),
      powershell: lab.executable,
      returnSeconds: 20,
      ...options,
    });
    const pool = new HostPool(transport, { maxSessions });
    pools.push(pool);
    return pool;
  };
  const works = async (pool: HostPool) => {
    const [answer] = await pool.run([{ ...call("Get-VMHost"), select: { Name: null } } as Call]);
    assert.deepEqual(answer?.values, [{ Name: "HV01" }], JSON.stringify(answer));
  };
  const refused = async (pool: HostPool, step: ConnectStep, said: RegExp) => {
    await assert.rejects(pool.run([call("Get-VMHost")]), (error: unknown) => {
      assert(error instanceof ConnectError, String(error));
      assert.equal(error.step, step, error.message);
      assert.match(error.message, said);
      return true;
    });
  };

  it("signs in with the text of a private key", () => works(open()));

  it("signs in with the file of a private key and its passphrase", async () => {
    const file = join(sshd.folder, "locked key");
    writeFileSync(file, locked.private, { mode: 0o600 });
    await works(open({ privateKey: file, passphrase: "open sesame" }));
    await refused(open({ privateKey: file, passphrase: "wrong" }), "sign-in", /private key cannot be used/);
    await refused(open({ privateKey: file }), "sign-in", /passphrase/);
    await refused(open({ privateKey: `${file} that is not there` }), "sign-in", /cannot be read \(ENOENT\)/);
  });

  it(`signs in with the ssh-agent where there is nothing else${agentReason}`, async function () {
    const [agent, add] = [program("ssh-agent"), program("ssh-add")];
    if (!agent || !add) return this.skip();
    const socket = join(sshd.folder, "agent");
    const process_: ChildProcess = spawn(agent, ["-D", "-a", socket]);
    const before = process.env.SSH_AUTH_SOCK;
    try {
      process.env.SSH_AUTH_SOCK = socket;
      while (!(await connects(socket))) await sleep(20);
      await refused(open({ privateKey: undefined }), "sign-in", /it rejected every key of the ssh-agent/);
      const adding = spawn(add, ["-"], { env: process.env });
      adding.stdin.end(plain.private);
      await new Promise((resolve) => adding.on("close", resolve));
      await works(open({ privateKey: undefined }));
      delete process.env.SSH_AUTH_SOCK;
      await refused(open({ privateKey: undefined }), "sign-in", /nothing to sign in with/);
    } finally {
      if (before === undefined) delete process.env.SSH_AUTH_SOCK;
      else process.env.SSH_AUTH_SOCK = before;
      process_.kill();
    }
  });

  it("is refused with a wrong password, a wrong key and without a user, and never shows a secret", async () => {
    const secret = "wrong pa'ssword";
    const pool = open({ privateKey: undefined, password: secret });
    await refused(pool, "sign-in", /does not let ".*" sign in: it rejected the password/);
    await pool.run([call("Get-VMHost")]).catch((error: Error) => assert(!`${error.stack}`.includes(secret)));
    await refused(open({ privateKey: keyPair().private }), "sign-in", /it rejected the key/);
    await refused(open({ user: undefined }), "sign-in", /hyperv:user/);
  });

  it("trusts a host by fingerprint, by public key, or by the file of known hosts", async () => {
    await works(open({ hostKey: sshd.hostKey.public }));
    await works(open({ hostKey: sshd.hostKey.public.split(" ")[1] }));
    const file = join(sshd.folder, "known_hosts");
    const [type, key] = sshd.hostKey.public.split(" ");
    for (const names of ["127.0.0.1", `[127.0.0.1]:${cable.port}`, `hv01,[127.0.0.?]:${cable.port}`]) {
      writeFileSync(file, `# known\n\n${names} ${type} ${key} comment\n`);
      await works(open({ hostKey: undefined, knownHosts: file }));
    }
    const keygen = program("ssh-keygen");
    if (!keygen) return;
    await new Promise((resolve) => spawn(keygen, ["-H", "-f", file]).on("close", resolve));
    await works(open({ hostKey: undefined, knownHosts: file }));
  });

  it("refuses a host that it does not know, shows its fingerprint, and how to trust it", async () => {
    const file = join(sshd.folder, "known_hosts");
    writeFileSync(file, "");
    const shown = fingerprintOf(sshd.hostKey).replace(/[+/]/g, ".");
    const way = new RegExp(`${shown}.*not in.*ssh-keygen.*pulumi config set hyperv:hostKey "${shown}"`);
    await refused(open({ hostKey: undefined, knownHosts: file }), "host key", way);
    await refused(open({ hostKey: undefined, knownHosts: `${file}.missing` }), "host key", /cannot be read/);
  });

  it("refuses a host whose key changed or was revoked", async () => {
    const other = keyPair();
    await refused(open({ hostKey: fingerprintOf(other) }), "host key", /another host key than hostKey says/);
    await refused(open({ hostKey: other.public }), "host key", /be intercepting the connection/);
    const file = join(sshd.folder, "known_hosts");
    writeFileSync(file, `[127.0.0.1]:${cable.port} ${other.public}\n`);
    await refused(
      open({ hostKey: undefined, knownHosts: file }),
      "host key",
      /but line 1 of .* knows ssh-ed25519 SHA256:/,
    );
    writeFileSync(file, `@revoked * ${sshd.hostKey.public}\n`);
    await refused(open({ hostKey: undefined, knownHosts: file }), "host key", /revokes in line 1/);
  });

  it("says when the name is not known or nobody listens", async () => {
    await refused(open({ host: "no-such-host.invalid" }), "name", /"no-such-host.invalid" is not known/);
    await refused(
      open({ port: await freePort() }),
      "port",
      /no SSH server answered on 127.0.0.1 port \d+ \(ECONNREFUSED\)/,
    );
  });

  it("says when PowerShell is not there", () =>
    refused(open({ powershell: "/nowhere/pwsh" }), "PowerShell", /exit code 127.*nowhere/));

  it("starts a PowerShell whose path has spaces and quotes", async () => {
    const folder = join(sshd.folder, "Program Files (it's)");
    mkdirSync(folder);
    copyFileSync(lab.executable, join(folder, "pwsh"));
    await works(open({ powershell: join(folder, "pwsh") }));
  });

  it("is content with the 2 sessions that the server allows, over one connection", async () => {
    const pool = open();
    const names = Array.from({ length: 12 }, (_, number) => `name ${number}`);
    await Promise.all(
      names.map((name) =>
        pool.run([call("Set-VMHost", { MacAddressMinimum: "00155D000000" }), call("Get-VM", { Name: name })]),
      ),
    );
    assert.equal(cable.connections, 1);
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
    cable.cut();
    await sleep(200);
    await works(pool);
  });

  it("connects anew when the connection is cut while a session begins", async () => {
    const pool = open({}, 1);
    let greetings = 0;
    intercept = async ({ cmdlet }) => {
      if (cmdlet === "Get-Cluster") greetings += 1;
      if (cmdlet === "Get-Cluster" && greetings === 1) cable.cut();
      return undefined;
    };
    await works(pool);
    assert.equal(greetings, 2);
  });

  it("fails the call during which the connection is cut, and works again after it", async () => {
    const pool = open({}, 1);
    await works(pool);
    for (const when of ["before", "after"] as const) {
      intercept = async ({ cmdlet }) => {
        if (cmdlet !== "New-VMSwitch") return undefined;
        if (when === "after")
          await lab.simulator.run("HV01", [call("New-VMSwitch", { Name: when, SwitchType: "Private" })]);
        cable.cut();
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
    intercept = async ({ cmdlet }) => {
      if (cmdlet !== "New-VMSwitch") return undefined;
      cable.cut();
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
    const back = sshd.restart({ afterMilliseconds: 700 });
    await sleep(300);
    await works(pool);
    await back;
  });

  it("notices that a server which comes back is another", async () => {
    const pool = open();
    await works(pool);
    await sshd.restart({ newHostKey: true, afterMilliseconds: 200 }); // the pool has noticed that it is gone
    await refused(pool, "host key", /another host key/);
  });

  it("ends a call whose deadline passed, and its process on the host", async () => {
    const pool = open({}, 1);
    await works(pool);
    const { id } = pool.hello?.process ?? assert.fail();
    intercept = ({ cmdlet }) => (cmdlet === "Get-VMHost" ? new Promise(() => {}) : undefined);
    await assert.rejects(
      pool.run([call("Get-VMHost")], { timeoutSeconds: 0.3 }),
      (error: unknown) => error instanceof UnreachableError && error.delivered,
    );
    intercept = undefined;
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
    for (let tries = 0; tries < 100 && (isThere(id) || cable.connections > 0); tries += 1) await sleep(50);
    assert(!isThere(id));
    assert.equal(cable.connections, 0);
  });
});

describe(`an SSH server that asks for a password${reason}`, function () {
  this.timeout(60_000);
  let lab: Lab;

  before(async function () {
    if (powershell === undefined) return this.skip();
    lab = await Lab.open();
  });
  after(() => lab?.close());

  const works = async (server: PasswordServer, powershellOnHost: string) => {
    const transport = new SshTransport({
      host: "127.0.0.1",
      port: server.port,
      user: "administrator",
      password: "pa'ss $word",
      hostKey: server.key.public,
      powershell: powershellOnHost,
    });
    const pool = new HostPool(transport, { maxSessions: 1 });
    try {
      const [answer] = await pool.run([{ ...call("Get-VMHost"), select: { Name: null } } as Call]);
      assert.deepEqual(answer?.values, [{ Name: "HV01" }]);
    } finally {
      await pool.close();
      await server.close();
    }
  };

  it("is answered, whether it asks for it at once or by way of the keyboard", async () => {
    for (const method of ["password", "keyboard-interactive"] as const)
      await works(await PasswordServer.start(method, () => `exec '${lab.executable}' "$@"`), "powershell.exe");
  });

  it("is given a path with spaces as its default shell quotes it", async () => {
    const path = "C:\\Program Files\\PowerShell\\7\\pwsh.exe";
    for (const [echo, begins] of [
      ["Windows_NT-$env:OS-$0", `"${path}" -NoLogo`],
      ["%OS%-Windows_NT-", `& '${path}' -NoLogo`],
    ] as const) {
      const commands: string[] = [];
      const server = await PasswordServer.start("password", (command) => {
        commands.push(command);
        return command.startsWith("echo") ? `printf '%s\\r\\n' '${echo}'` : `exec '${lab.executable}' "$@"`;
      });
      await works(server, path);
      assert(commands.at(-1)?.startsWith(begins), commands.join("\n"));
    }
  });
});

/** A server of ssh2 where a real one could not check passwords without root; a shell of this machine stands in for Windows'. */
class PasswordServer {
  readonly key = keyPair();
  private readonly server: Server;

  private constructor(method: "password" | "keyboard-interactive", script: (command: string) => string) {
    this.server = new Server({ hostKeys: [this.key.private] }, (client) => {
      client.on("error", () => {});
      client.on("authentication", (context) => {
        if (context.method !== method) return context.reject([method]);
        if (context.method === "password") return isRight(context.password) ? context.accept() : context.reject();
        if (context.method === "keyboard-interactive")
          context.prompt([{ prompt: "Password: ", echo: false }], ([answer]) =>
            isRight(answer) ? context.accept() : context.reject(),
          );
      });
      client.on("session", (accept) => {
        accept().on("exec", (acceptExec, _reject, { command }) => {
          const stream = acceptExec();
          const flags = command.slice(command.indexOf("-NoLogo")).split(" ");
          const child = spawn("/bin/sh", ["-c", script(command), "sh", ...flags]);
          stream.pipe(child.stdin).on("error", () => {});
          child.stdout.pipe(stream, { end: false });
          child.stderr.pipe(stream.stderr, { end: false });
          child.on("close", (code) => {
            stream.exit(code ?? 1);
            stream.end();
          });
        });
      });
    });
  }

  static async start(
    method: "password" | "keyboard-interactive",
    script: (command: string) => string,
  ): Promise<PasswordServer> {
    const made = new PasswordServer(method, script);
    await new Promise<void>((resolve) => made.server.listen(0, "127.0.0.1", resolve));
    return made;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

function isRight(password: string | undefined): boolean {
  return password === "pa'ss $word";
}

function isThere(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}

function connects(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

function call(cmdlet: string, parameters: Record<string, Value> = {}): Call {
  return { cmdlet, parameters } as Call;
}
