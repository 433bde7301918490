import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { utils } from "ssh2";
import { program } from "./lab";
import { startSsh2Server } from "./ssh2-server";

/** The SSH server of this machine, unless HYPERV_TEST_SSHD=ssh2 says to do without. */
const executable = process.env.HYPERV_TEST_SSHD === "ssh2" ? undefined : program("sshd");

/** Only a real server has its own limits and its own words. */
export const sshdIsReal = executable !== undefined;
/** Whether an `Sshd` can be started here. */
export const hasSshd = sshdIsReal || process.platform !== "win32";

/** For the name of a suite that needs an SSH server. */
export const sshReason = sshdIsReal
  ? ""
  : hasSshd
    ? " (with a server of ssh2 instead of sshd)"
    : " (skipped: there is no sshd, and no sh for another server)";

/** For the name of a test that needs an ssh-agent. */
export const agentReason = program("ssh-agent") && program("ssh-add") ? "" : " (skipped: there is no ssh-agent)";

export interface KeyPair {
  private: string;
  public: string;
}

/** A key that can be read: now and then ssh2 makes one that it cannot read itself. */
export function keyPair(passphrase?: string): KeyPair {
  for (;;) {
    const pair = utils.generateKeyPairSync(
      "ed25519",
      passphrase === undefined ? {} : { passphrase, cipher: "aes256-cbc", rounds: 4 },
    );
    if (!(utils.parseKey(pair.private, passphrase) instanceof Error)) return pair;
  }
}

export interface SshdOptions {
  keys: readonly KeyPair[];
  maxSessions?: number;
  environment?: Record<string, string>;
}

/** An SSH server on loopback, of this user, with keys and settings of its own: a real sshd, or a server of ssh2 where there is none. */
export class Sshd {
  readonly folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-sshd-"));
  readonly user = userInfo().username;
  hostKey = keyPair();
  readonly log: string[] = [];
  private end: (() => Promise<void>) | undefined;

  private constructor(
    readonly port: number,
    private readonly options: SshdOptions,
  ) {}

  static async start(options: SshdOptions): Promise<Sshd> {
    const sshd = new Sshd(await freePort(), options);
    await sshd.run();
    return sshd;
  }

  /** Ends it with all its connections, and begins anew; with another host key if asked. */
  async restart({ newHostKey = false, afterMilliseconds = 0 } = {}): Promise<void> {
    await this.stop();
    if (newHostKey) this.hostKey = keyPair();
    await sleep(afterMilliseconds);
    await this.run();
  }

  async stop(): Promise<void> {
    const { end } = this;
    this.end = undefined;
    await end?.();
  }

  async close(): Promise<void> {
    await this.stop();
    // a PowerShell whose connection ended while it began writes there until it has noticed
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  private async run(): Promise<void> {
    const { port, user, hostKey } = this;
    const { keys, maxSessions = 10 } = this.options;
    // whatever this user's shell does when it begins is no part of a host
    const environment = { HOME: this.folder, ...this.options.environment };
    if (executable !== undefined) {
      this.end = await this.runSshd(executable, environment);
      return;
    }
    const publicKeys = keys.map((key) => key.public);
    this.end = await startSsh2Server({
      port,
      user,
      hostKey: hostKey.private,
      keys: publicKeys,
      maxSessions,
      environment,
    });
  }

  private async runSshd(program_: string, environment: Record<string, string>): Promise<() => Promise<void>> {
    const { keys, maxSessions = 10 } = this.options;
    if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true }); // where root's server drops its rights
    const file = (name: string, text: string) => {
      const path = join(this.folder, name);
      writeFileSync(path, text.endsWith("\n") ? text : `${text}\n`, { mode: 0o600 });
      return path;
    };
    const settings = {
      Port: this.port,
      ListenAddress: "127.0.0.1",
      HostKey: file("host_key", this.hostKey.private),
      AuthorizedKeysFile: file("authorized_keys", keys.map((key) => key.public).join("\n")),
      PidFile: "none",
      StrictModes: "no",
      UsePAM: "no",
      PermitRootLogin: "yes",
      PasswordAuthentication: "yes",
      KbdInteractiveAuthentication: "no",
      MaxSessions: maxSessions,
      MaxStartups: 100,
      SetEnv: Object.entries(environment)
        .map(([name, value]) => `${name}=${value}`)
        .join(" "),
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
    const child = spawn(program_, ["-D", "-e", "-f", file("sshd_config", lines.join("\n"))]);
    child.on("error", () => {});
    child.stderr.on("data", (chunk: Buffer) => this.log.push(chunk.toString()));
    try {
      await answers(this.port, () => child.exitCode !== null && `sshd ended: ${this.log.join("")}`);
    } catch (error) {
      await endWithConnections(child);
      throw error;
    }
    return () => endWithConnections(child);
  }
}

async function endWithConnections(child: ChildProcess): Promise<void> {
  if (!child.pid || child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const connections = childrenOf(child.pid);
  child.kill("SIGKILL");
  for (const connection of connections) end(connection); // each is a process in a group of its own
  await gone;
}

/** A way to a server that can be cut. */
export class Cable {
  private readonly ends = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    target: number,
  ) {
    server.on("connection", (near) => {
      const far = connect(target, "127.0.0.1");
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.ends.add(one);
        one.on("error", () => {});
        one.on("close", () => {
          this.ends.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
  }

  static async to(target: number): Promise<Cable> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Cable(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Connections that go over it now. */
  get connections(): number {
    return this.ends.size / 2;
  }

  cut(): void {
    for (const end of this.ends) end.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function end(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // it has ended by itself
  }
}

function childrenOf(id: number): number[] {
  const list = `/proc/${id}/task/${id}/children`;
  return existsSync(list) ? readFileSync(list, "utf8").trim().split(" ").filter(Boolean).map(Number) : [];
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(port: number, over: () => string | false): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const why = over();
    if (why) throw new Error(why);
    const up = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
    if (up) return;
    await sleep(50);
  }
  throw new Error(`nothing answers on port ${port}`);
}
