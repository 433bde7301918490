import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { Server } from "ssh2";
import type { Call } from "../../provider/calls";
import { HostPool } from "../../provider/host/pool/pool";
import { SshTransport } from "../../provider/host/ssh/ssh";
import { powershell, reason } from "../powershell";
import { call } from "./call";
import { Lab } from "./lab";
import { keyPair } from "./sshd";

describe(`an SSH server that asks for a password${reason}`, () => {
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
