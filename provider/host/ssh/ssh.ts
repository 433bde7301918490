import { setTimeout as sleep } from "node:timers/promises";
import type { Client, ClientChannel } from "ssh2";
import { ConnectError, ConnectionLostError, SessionsExhaustedError, textOf } from "../errors";
import { startArguments } from "../session/agent";
import { most, sizeOf } from "../session/bounds";
import type { Channel, Transport } from "../session/transport";
import { type Connection, connectOnce } from "./sign-in";
import type { SshOptions } from "./ssh-options";

/** PowerShells on a host, as channels of one SSH connection. */
export class SshTransport implements Transport {
  private connection: Promise<Connection> | undefined;
  private readonly channels = new Set<Channel>();
  private opening = 0;
  /** Whether the server answered at the last attempt. */
  private answered = false;
  private signedIn = false;
  private closed = false;
  private shell: Promise<Shell> | undefined;

  constructor(private readonly options: SshOptions) {}

  get address(): string {
    return this.options.address ?? this.options.host;
  }

  async open(): Promise<Channel> {
    const connection = this.connect();
    const { client } = await connection;
    this.opening += 1;
    try {
      const channel = await this.execPatiently(client, await this.command(client));
      this.channels.add(channel);
      void channel.ended.then(() => this.channels.delete(channel));
      return channel;
    } catch (error) {
      throw this.connection === connection ? error : this.lost(error);
    } finally {
      this.opening -= 1;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const channel of this.channels) channel.kill();
    const connection = await this.connection?.catch(() => undefined);
    if (!connection) return;
    const { client, socket } = connection;
    await new Promise<void>((resolve) => {
      const impatient = setTimeout(() => socket.destroy(), 1000); // of the client's own, `destroy` does nothing after `end`
      client.once("close", () => {
        clearTimeout(impatient);
        resolve();
      });
      client.end();
    });
  }

  /** The one connection, made when it is needed and again when it was lost. */
  private connect(): Promise<Connection> {
    this.connection ??= this.connectPatiently().then(
      (connection) => {
        this.signedIn = true;
        connection.client.once("close", () => {
          this.connection = undefined;
        });
        return connection;
      },
      (error: unknown) => {
        const wasRefused = error instanceof ConnectError && error.step === "sign-in";
        // a password that is wrong again and again locks its user out
        if (this.signedIn || !wasRefused) this.connection = undefined;
        throw error;
      },
    );
    return this.connection;
  }

  private async connectPatiently(): Promise<Connection> {
    const { returnSeconds = 60 } = this.options;
    const deadline = Date.now() + returnSeconds * 1000;
    for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
      try {
        const connection = await connectOnce(this.options, this.address);
        this.answered = true;
        return connection;
      } catch (error) {
        const mayReturn = this.answered && error instanceof ConnectError && error.step === "port";
        if (!mayReturn || this.closed || Date.now() + pause > deadline) {
          this.answered = false;
          throw error;
        }
      }
      await sleep(pause);
    }
  }

  private async command(client: Client): Promise<string> {
    const { powershell = "powershell.exe" } = this.options;
    if (!needsQuotes(powershell)) return [powershell, ...startArguments].join(" ");
    this.shell ??= this.shellOf(client).catch((error: unknown) => {
      this.shell = undefined;
      throw error;
    });
    return commandLine(powershell, await this.shell);
  }

  /** Each shell expands its own kind of variable and leaves the others' as they are. What greets may stand in front. */
  private async shellOf(client: Client): Promise<Shell> {
    const channel = await this.execPatiently(client, "echo %OS%-$env:OS-$0");
    let said = "";
    let bytes = 0;
    const hear = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > most.shellBytes) channel.kill();
    };
    channel.stdout.on("data", (chunk: Buffer) => {
      hear(chunk);
      if (bytes <= most.shellBytes) said += chunk.toString("latin1");
    });
    channel.stderr.on("data", hear);
    await channel.ended;
    channel.kill();
    if (channel.isCutOff?.()) throw this.lost();
    if (bytes > most.shellBytes)
      throw new ConnectError(
        `the default shell of its SSH server said more than ${sizeOf(most.shellBytes)} where it was asked which one it is`,
        { address: this.address, step: "session" },
      );
    if (said.includes("Windows_NT-$env")) return "cmd";
    return said.includes("%OS%-Windows_NT") ? "powershell" : "posix";
  }

  /** A server at its limit refuses a channel. While none of ours is open, others may end theirs: worth a moment. */
  private async execPatiently(client: Client, command: string): Promise<Channel> {
    for (let pause = 250; ; pause *= 2) {
      try {
        return await exec(client, command);
      } catch (error) {
        const alone = this.channels.size === 0 && this.opening === 1;
        if (alone && pause <= 2000 && isOpenFailure(error)) await sleep(pause);
        else throw this.notOpened(error);
      }
    }
  }

  private lost(cause?: unknown): ConnectionLostError {
    return new ConnectionLostError(
      "the connection to its SSH server was lost while a session began",
      { address: this.address, step: "port" },
      { cause },
    );
  }

  private notOpened(error: unknown): ConnectError {
    const facts = { address: this.address, step: "session" as const };
    if (!isOpenFailure(error))
      return new ConnectError(`its SSH server did not start PowerShell: ${textOf(error)}`, facts, { cause: error });
    return new SessionsExhaustedError(
      `its SSH server does not open another session (${textOf(error)}). Raise MaxSessions in sshd_config, or lower the provider argument ` +
        "maxSessions (hyperv:maxSessions)",
      facts,
      { cause: error },
    );
  }
}

/** Which language the server's default shell speaks. */
export type Shell = "cmd" | "powershell" | "posix";

/** Names that every shell takes as they are need no quotes. */
function needsQuotes(executable: string): boolean {
  return !/^[\w.:/\\-]+$/.test(executable) || (executable.includes("\\") && executable.includes("/"));
}

/** The command that starts PowerShell, for a path with spaces and the like. */
export function commandLine(executable: string, shell: Shell): string {
  const rest = startArguments.join(" ");
  if (shell === "cmd") return `"${executable}" ${rest}`;
  if (shell === "powershell") return `& '${executable.replaceAll("'", "''")}' ${rest}`;
  return `'${executable.replaceAll("'", "'\\''")}' ${rest}`;
}

/** What follows in the same packets is told at once: who listens only after a promise misses it. */
function exec(client: Client, command: string): Promise<Channel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, stream) => (error ? reject(error) : resolve(channelOf(stream, client))));
  });
}

/** ssh2's mark of a refused channel, with the protocol's reason code. */
function isOpenFailure(error: unknown): boolean {
  return typeof error === "object" && error !== null && "reason" in error;
}

function channelOf(stream: ClientChannel, client: Client): Channel {
  let give: (reason: string) => void = () => {};
  let cutOff = false;
  const ended = new Promise<string>((resolve) => {
    let reason: string | undefined;
    give = resolve;
    // sometimes nothing follows the exit status (hyper-v.md 8.2)
    stream.on("exit", (code: number | null, signal?: string) => {
      reason = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
      setTimeout(() => resolve(reason ?? ""), 500).unref();
    });
    let closed = false;
    stream.on("close", () => {
      closed = true;
      resolve(reason ?? "ended, and its server did not say how");
    });
    client.once("close", () => {
      cutOff = reason === undefined && !closed;
      resolve(reason ?? "was lost with the connection");
    });
  });
  const kill = () => {
    if (stream.writable) {
      stream.signal("KILL"); // not for root, and not on Windows; there the agent ends itself
      stream.close();
    }
    setTimeout(() => give("was ended"), 1000).unref(); // a server may hold the channel for as long as the process lives
  };
  return { stdin: stream, stdout: stream, stderr: stream.stderr, ended, isCutOff: () => cutOff, kill };
}
