import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type AuthContext, type Connection, Server, type ServerChannel, type Session, utils } from "ssh2";
import { ConnectError, ConnectionLostError, type ConnectStep } from "../../provider/host/errors";
import { HostPool } from "../../provider/host/pool/pool";
import { hostKey } from "../../provider/host/ssh/known-hosts";
import { SshTransport } from "../../provider/host/ssh/ssh";
import type { SshOptions } from "../../provider/host/ssh/ssh-options";
import { Wire } from "./silent-wire";
import { keyPair } from "./sshd";

/** A server of ssh2 on loopback; what is not given it does as any other: every user may sign in, and a command does nothing. */
interface Played {
  keys?: string[];
  authenticate?: (context: AuthContext) => void;
  connected?: (client: Connection) => void;
  command?: (command: string, stream: () => ServerChannel, refuse: () => void) => void;
}

describe("an SSH server", () => {
  const key = keyPair();
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  /** Answers with the port. */
  const play = async ({ keys = [key.private], authenticate, connected, command }: Played = {}) => {
    const clients: Connection[] = [];
    const server = new Server({ hostKeys: keys }, (client) => {
      clients.push(client);
      client.on("error", () => {});
      client.on("authentication", authenticate ?? ((context) => context.accept()));
      client.on("session", (accept: () => Session) => {
        accept().on("exec", (acceptExec, refuse, info) => {
          if (command) return command(info.command, acceptExec, refuse);
          const stream = acceptExec();
          stream.exit(0);
          stream.end();
        });
      });
      connected?.(client);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ends.push(() => {
      for (const client of clients) client.end();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    });
    return (server.address() as AddressInfo).port;
  };
  const transport = (port: number, options: Partial<SshOptions> = {}) => {
    const made = new SshTransport({
      host: "127.0.0.1",
      port,
      user: "administrator",
      password: "right",
      hostKey: key.public,
      powershell: "powershell.exe",
      returnSeconds: 2,
      ...options,
    });
    ends.push(() => made.close());
    return made;
  };
  const refused = (opening: Promise<unknown>, step: ConnectStep, said: RegExp) =>
    assert.rejects(opening, (error: unknown) => {
      assert(error instanceof ConnectError, String(error));
      assert.equal(error.step, step, error.message);
      assert.match(error.message, said);
      return true;
    });

  it("that wants a key and then a password is given both, in this order", async () => {
    const user = keyPair();
    const tried: string[] = [];
    const port = await play({
      authenticate: (context) => {
        tried.push(context.method);
        if (context.method === "publickey") {
          if (!context.signature) return context.accept();
          return context.reject(["password"], true);
        }
        if (context.method === "password" && tried.includes("publickey") && context.password === "right")
          return context.accept();
        context.reject(tried.includes("publickey") ? ["password"] : ["publickey"]);
      },
    });
    await transport(port, { privateKey: user.private }).open();
    assert(!tried.slice(0, tried.indexOf("publickey")).includes("password"), tried.join());
  });

  it("whose user has to change the password first is no server that broke off", async () => {
    const port = await play({
      authenticate: (context) => {
        if (context.method !== "password") return context.reject(["password"]);
        context.requestChange("Your password has expired", () => {});
      },
    });
    await refused(transport(port).open(), "sign-in", /password.*(expired|changed)/);
  });

  it("that has the shell's greeting in front of its answer still tells its shell", async () => {
    for (const [said, begins] of [
      ["Loading personal and system profiles took 813ms.\r\n%OS%-Windows_NT-\r\n", "& '"],
      ["Welcome\r\nWindows_NT-$env:OS-$0\r\n", '"'],
    ] as const) {
      const commands: string[] = [];
      const port = await play({
        command: (command, accept) => {
          commands.push(command);
          const stream = accept();
          stream.write(command.startsWith("echo") ? said : "");
          stream.exit(0);
          stream.end();
        },
      });
      await transport(port, { powershell: "C:\\Program Files\\PowerShell\\7\\pwsh.exe" }).open();
      assert(commands[1]?.startsWith(begins), commands.join("\n"));
    }
  });

  it("is asked for its shell again where it did not answer, and is not waited for when nothing follows the exit", async () => {
    const commands: string[] = [];
    const clients: Connection[] = [];
    const port = await play({
      connected: (client) => clients.push(client),
      command: (command, accept) => {
        commands.push(command);
        const stream = accept();
        if (commands.length === 1) return clients[0]?.end();
        stream.write("Windows_NT-$env:OS-$0\r\n");
        stream.exit(0); // and no end
      },
    });
    const made = transport(port, { powershell: "C:\\Program Files\\PowerShell\\7\\pwsh.exe" });
    await made.open().catch(() => {});
    await Promise.race([made.open(), sleep(10_000).then(() => assert.fail("still waits"))]);
    assert(commands.at(-1)?.startsWith('"C:\\Program Files'), commands.join("\n"));
  });

  it("that is lost while a session opens is told apart from one that does not start PowerShell", async () => {
    const clients: Connection[] = [];
    const port = await play({
      connected: (client) => clients.push(client),
      command: (_command, accept) => {
        if (clients.length === 1) clients[0]?.end();
        else accept();
      },
    });
    const made = transport(port);
    await assert.rejects(made.open(), ConnectionLostError);
    await made.open();
  });

  it("is given no key in a form that cannot be used; what is said tells the way out", async () => {
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    await refused(transport(await play(), { privateKey }).open(), "sign-in", /not PKCS#8.*ssh-keygen -p/);
  });

  it("that refused a password is not asked again and again, which would lock the user out", async () => {
    let attempts = 0;
    const port = await play({
      authenticate: (context) => {
        if (context.method === "password") attempts += 1;
        context.reject(["password"]);
      },
    });
    const made = transport(port, { password: "wrong" });
    for (const _ of [1, 2, 3]) await refused(made.open(), "sign-in", /it rejected the password/);
    assert.equal(attempts, 1);
  });

  it("that never answers a command is given up", async () => {
    const pool = new HostPool(transport(await play({ command: () => {} })), { maxSessions: 1, startSeconds: 0.3 });
    const running = pool.run([{ cmdlet: "Get-VMHost" }]);
    const waits = sleep(10_000).then(() => assert.fail("still waits"));
    await Promise.race([refused(running, "session", /within 0.3 seconds/), waits]);
    await pool.close();
  });

  it("is trusted by the whole line that ssh-keygen prints of its key, and by nothing else that is written", async () => {
    const port = await play();
    const { fingerprint } = hostKey(Buffer.from(key.public.split(" ")[1] ?? "", "base64"));
    await transport(port, { hostKey: `256 ${fingerprint} root@HV01 (ED25519)` }).open();
    for (const written of ["MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48", "ssh-ed25519", "SHA256:"])
      await refused(
        transport(port, { hostKey: written }).open(),
        "host key",
        /neither a fingerprint.*nor a public key/,
      );
  });

  it("is reached by an IPv6 address, which known_hosts has in brackets", async () => {
    const server = new Server({ hostKeys: [key.private] }, (client) => {
      client.on("error", () => {});
      client.on("authentication", (context) => context.accept());
      client.on("session", (accept: () => Session) => accept().on("exec", (acceptExec) => void acceptExec()));
    });
    await new Promise<void>((resolve) => server.listen(0, "::1", resolve));
    const { port } = server.address() as AddressInfo;
    const folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-known-"));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    ends.push(() => void server.close());
    const knownHosts = join(folder, "known_hosts");
    writeFileSync(knownHosts, `[::1]:${port} ${key.public}\n`);
    await transport(port, { host: "::1", hostKey: undefined, knownHosts }).open();
  });

  it("that hangs up before it greets may be at its limit", async () => {
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ends.push(() => void server.close());
    await refused(transport((server.address() as AddressInfo).port).open(), "port", /MaxStartups/);
  });

  it("that ends a process without a word has not lost the connection", async () => {
    const port = await play({ command: (_command, accept) => accept().close() });
    const channel = await transport(port).open();
    for (const output of [channel.stdout, channel.stderr]) output.resume();
    assert.match(await channel.ended, /did not say how/);
    assert.equal(channel.isCutOff?.(), false);
  });

  it("says by which signal a process ended", async () => {
    const port = await play({
      command: (_command, accept) => {
        const stream = accept();
        stream.exit("KILL");
        stream.end();
      },
    });
    assert.equal(await (await transport(port).open()).ended, "was ended by SIGKILL");
  });

  it("is left within seconds, also when it has fallen silent", async () => {
    const port = await play({ command: (_command, accept) => void accept() });
    const wire = await Wire.to(port);
    ends.push(() => wire.close());
    const made = transport(wire.port);
    await made.open();
    wire.silent = true;
    await Promise.race([made.close(), sleep(10_000).then(() => assert.fail("is still open"))]);
  });

  it("is asked for the type of key that is known of it, whichever others it has", async () => {
    const known = [utils.generateKeyPairSync("ecdsa", { bits: 256 }), utils.generateKeyPairSync("rsa", { bits: 2048 })];
    const port = await play({ keys: [key.private, ...known.map((pair) => pair.private)] });
    const folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-known-"));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const knownHosts = join(folder, "known_hosts");
    for (const pair of known) {
      await transport(port, { hostKey: pair.public }).open();
      writeFileSync(knownHosts, `@revoked * ${keyPair().public}\n[127.0.0.1]:${port} ${pair.public}\n`);
      await transport(port, { hostKey: undefined, knownHosts }).open();
    }
  });
});
