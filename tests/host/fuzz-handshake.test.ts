import assert from "node:assert/strict";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { Server } from "ssh2";
import { ConnectError } from "../../provider/host/errors";
import { SshTransport } from "../../provider/host/ssh/ssh";
import { Chance, isPlain, runs } from "./mutations";
import { keyPair } from "./sshd";

describe(`${runs.toLocaleString("en-US")} mutations of recorded traffic`, function () {
  this.timeout(600_000 + 60 * runs);

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
