import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuthContext, type Connection, Server, type ServerChannel, type Session, utils } from "ssh2";
import { ConnectError, type ConnectStep } from "../../provider/host/errors";
import { type SshOptions, SshTransport } from "../../provider/host/ssh";
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
  const _refused = (opening: Promise<unknown>, step: ConnectStep, said: RegExp) =>
    assert.rejects(opening, (error: unknown) => {
      assert(error instanceof ConnectError, String(error));
      assert.equal(error.step, step, error.message);
      assert.match(error.message, said);
      return true;
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
