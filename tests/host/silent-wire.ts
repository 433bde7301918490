import { type AddressInfo, connect, createServer } from "node:net";

/** A way to a server on which everything stops, with no end and no error. */
export class Wire {
  silent = false;

  private constructor(private readonly server: ReturnType<typeof createServer>) {}

  static async to(target: number): Promise<Wire> {
    const server = createServer((near) => {
      const far = connect(target, "127.0.0.1");
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        one.on("error", () => {});
        one.on("data", (chunk) => wire.silent || other.write(chunk));
        one.on("end", () => wire.silent || other.end());
        one.on("close", () => wire.silent || other.destroy());
      }
      wire.sockets.push(near, far);
    });
    server.on("error", () => {});
    const wire: Wire = new Wire(server);
    (server as { allowHalfOpen?: boolean }).allowHalfOpen = true;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return wire;
  }

  readonly sockets: { destroy(): void }[] = [];

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
