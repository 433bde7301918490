import { connect } from "node:net";

/**
 * The life of the provider's process: it ends on the engine's signals, and when the engine is gone, and gives every
 * open call an end when something unforeseen happens.
 */
export class Process {
  private readonly disposals: (() => Promise<void>)[] = [];
  private readonly open = new Set<(error: Error) => void>();
  private started = false;

  /** `host:port` of the engine, which is the process's last argument (ran). */
  get engineAddress(): string | undefined {
    const last = process.argv[process.argv.length - 1];
    return last !== undefined && /^[^\s/]+:\d+$/.test(last) ? last : undefined;
  }

  /** Registers handlers once; not at import, so that reading the module changes nothing. */
  start(): void {
    if (this.started) return;
    this.started = true;
    // SIGBREAK is what Windows has in place of SIGINT for a group of processes
    for (const signal of ["SIGINT", "SIGTERM", "SIGBREAK"] as const) process.on(signal, () => void this.end());
    process.on("uncaughtException", (error) => this.failOpenCalls(error));
    process.on("unhandledRejection", (error) =>
      this.failOpenCalls(error instanceof Error ? error : new Error(String(error))),
    );
    this.watchEngine();
  }

  onEnd(dispose: () => Promise<void>): void {
    this.disposals.push(dispose);
  }

  /** A call that is still open when an error goes astray fails with it, instead of hanging the engine. */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    let fail: (error: Error) => void = () => {};
    const failure = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    this.open.add(fail);
    try {
      return await Promise.race([work(), failure]);
    } finally {
      this.open.delete(fail);
    }
  }

  private failOpenCalls(error: Error): void {
    for (const fail of this.open) fail(error);
  }

  private async end(): Promise<void> {
    // the engine kills after five seconds (ran)
    const limit = setTimeout(() => process.exit(0), 4000);
    await Promise.allSettled(this.disposals.map((dispose) => dispose()));
    clearTimeout(limit);
    process.exit(0);
  }

  /** An engine that was killed leaves this process behind for ever (ran): ask its port, and end when nobody listens. */
  private watchEngine(): void {
    const address = this.engineAddress;
    if (address === undefined) return;
    const at = address.lastIndexOf(":");
    const [host, port] = [address.slice(0, at), Number(address.slice(at + 1))];
    const timer = setInterval(() => {
      const socket = connect({ host, port });
      socket.on("connect", () => socket.destroy());
      socket.on("error", (error: NodeJS.ErrnoException) => {
        socket.destroy();
        if (error.code !== "ECONNREFUSED" || this.open.size > 0) return;
        clearInterval(timer);
        void this.end();
      });
    }, 3000);
    timer.unref();
  }
}
