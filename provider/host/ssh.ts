import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ClientChannel, type ConnectConfig, type ServerHostKeyAlgorithm, utils } from "ssh2";
import { ConnectError, ConnectionLostError, type ConnectStep, SessionsExhaustedError } from "./errors";
import { expectedKey, type HostKey, hostKey, knownKeys } from "./known-hosts";
import { type Channel, startArguments, type Transport } from "./session";

export interface SshOptions {
  /** Name or address of the server. */
  host: string;
  port?: number;
  user?: string;
  password?: string;
  /** Text of a key, or the path of its file. */
  privateKey?: string;
  passphrase?: string;
  /** Fingerprint or public key that the server must show; otherwise the file of known hosts decides. */
  hostKey?: string;
  knownHosts?: string;
  /** PowerShell on the host. */
  powershell?: string;
  /** How messages call the host. */
  address?: string;
  /**
   * Seconds that a host which answered before is given to come back: an external switch takes its network away for 5 to 15
   * (hyper-v.md 9).
   */
  returnSeconds?: number;
}

interface Connection {
  client: Client;
  socket: Socket;
}

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
      const stream = await this.execPatiently(client, await this.command(client));
      const channel = channelOf(stream, client);
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
    const stream = await this.execPatiently(client, "echo %OS%-$env:OS-$0");
    let said = "";
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString("latin1");
    });
    stream.stderr.resume();
    const channel = channelOf(stream, client);
    await channel.ended;
    channel.kill();
    if (channel.isCutOff?.()) throw this.lost();
    if (said.includes("Windows_NT-$env")) return "cmd";
    return said.includes("%OS%-Windows_NT") ? "powershell" : "posix";
  }

  /** A server at its limit refuses a channel. While none of ours is open, others may end theirs: worth a moment. */
  private async execPatiently(client: Client, command: string): Promise<ClientChannel> {
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
      `its SSH server opens no further session (${textOf(error)}). Raise MaxSessions in sshd_config, or lower the provider argument ` +
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

function exec(client: Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, stream) => (error ? reject(error) : resolve(stream)));
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

/** Resolves when it is signed in. */
function connectOnce(options: SshOptions, address: string): Promise<Connection> {
  const { host, port = 22, user } = options;
  const fail = (step: ConnectStep, message: string, cause?: unknown) =>
    new ConnectError(message, { address, step }, { cause });
  return new Promise((resolve, reject) => {
    if (!user)
      return reject(fail("sign-in", "there is no user to sign in as: set the provider argument user (hyperv:user)"));
    const client = new Client();
    client.setMaxListeners(0); // one a channel
    let refusal: string | undefined;
    let agentTrouble: Error | undefined;
    let way: "none" | "connected" | "greeted" = "none";
    const giveUp = (error: ConnectError) => {
      client.destroy();
      reject(error);
    };
    client.on("error", (error: Error & { level?: string; code?: string | number }) => {
      if (error.level === "agent") {
        agentTrouble = error; // its next key is tried, if it has one
        return;
      }
      if (refusal !== undefined) return giveUp(fail("host key", refusal, error));
      if (error.level === "client-authentication")
        return giveUp(
          fail("sign-in", agentTrouble ? withoutAgent(agentTrouble) : notSignedIn(options), agentTrouble ?? error),
        );
      // a number is the reason of the server's own goodbye
      if (way === "greeted" && typeof error.code === "number")
        return giveUp(
          fail("sign-in", `${notSignedIn(options)}. It ended the attempt: ${error.message}${tooMany}`, error),
        );
      if (error.code === "ENOTFOUND" || error.code === "EAI_AGAIN")
        return giveUp(
          fail("name", `the name "${host}" is not known: check the address, and the network's name service`, error),
        );
      const [what, advice] = brokenOff[way];
      giveUp(fail("port", `${what} on ${host} port ${port} (${error.code ?? textOf(error)}); ${advice}`, error));
    });
    client.once("close", () => {
      reject(fail("port", `the SSH server on ${host} port ${port} closed the connection`));
    });
    client.once("connect", () => {
      way = "connected";
    });
    client.once("handshake", () => {
      way = "greeted";
    });
    client.once("change password", () => {
      giveUp(
        fail(
          "sign-in",
          `its SSH server wants "${user}" to change the password, which has expired: sign in and change it`,
        ),
      );
    });
    if (options.password !== undefined)
      client.on("keyboard-interactive", (_name, _instructions, _language, prompts, answer) => {
        answer(prompts.map(() => options.password ?? ""));
      });
    let socket: Socket | undefined;
    try {
      const trust = trustOf(options, (message, cause) => fail("host key", message, cause));
      const signIn = credentials(options, (message, cause) => fail("sign-in", message, cause));
      const sock = connect({ host, port });
      socket = sock;
      client.once("ready", () => {
        client.setNoDelay(true);
        resolve({ client, socket: sock });
      });
      client.connect({
        sock,
        username: user,
        ...signIn,
        hostVerifier: (bytes: Buffer) => {
          refusal = trust.refusal(hostKey(bytes));
          return refusal === undefined;
        },
        algorithms: { serverHostKey: [...new Set([...trust.types, ...supported])] },
        // a key first: a server may want a password after it, and counts each that is wrong
        authHandler: ["publickey", "agent", "password", "keyboard-interactive"],
        readyTimeout: 20_000,
        // a peer that is gone is noticed within a minute (sshd's own default never asks)
        keepaliveInterval: 15_000,
        keepaliveCountMax: 3,
      });
    } catch (error) {
      socket?.destroy();
      reject(error instanceof ConnectError ? error : fail("sign-in", textOf(error), error));
    }
  });
}

/** What the end of an attempt means, and what to do, by how far it came. */
const brokenOff = {
  none: ["no SSH server answered", "check that OpenSSH Server runs there, and that its firewall lets this machine in"],
  connected: [
    "the SSH handshake did not come about",
    "a server at its limit of connections hangs up like this (MaxStartups in sshd_config)",
  ],
  greeted: ["the SSH server broke off", "check that OpenSSH Server runs there, and look into its log"],
} as const;

const tooMany =
  ". With many keys in an ssh-agent a server has had enough before the right one (MaxAuthTries): name that one with privateKey";

function withoutAgent(trouble: Error): string {
  return (
    `the ssh-agent has no key that can be used (${trouble.message}). Start it and give it a key (ssh-add), or set the provider argument privateKey ` +
    "or password (pulumi config set --secret)"
  );
}

type Fail = (message: string, cause?: unknown) => ConnectError;

function credentials(options: SshOptions, fail: Fail): ConnectConfig {
  const { password, privateKey, passphrase } = options;
  if (privateKey !== undefined) {
    const key = keyText(privateKey, fail);
    const parsed = utils.parseKey(key, passphrase);
    if (parsed instanceof Error)
      throw fail(
        `the private key cannot be used (${parsed.message}). It must be as OpenSSH, PEM (not PKCS#8) or PuTTY 2 (RSA) write it: ssh-keygen -p -f ` +
          "<file> makes it so. One with a passphrase needs the provider argument passphrase",
      );
    return { privateKey: key, passphrase, ...withPassword(password) };
  }
  if (password !== undefined) return withPassword(password);
  const agent =
    process.env.SSH_AUTH_SOCK || (process.platform === "win32" ? "\\\\.\\pipe\\openssh-ssh-agent" : undefined);
  if (agent) return { agent };
  throw fail(
    "there is nothing to sign in with: set the provider argument privateKey or password (pulumi config set --secret), or start an ssh-agent",
  );
}

function withPassword(password: string | undefined): ConnectConfig {
  return password === undefined ? {} : { password, tryKeyboard: true };
}

function keyText(privateKey: string, fail: Fail): string {
  if (/PRIVATE KEY|^PuTTY-User-Key-File/m.test(privateKey)) return privateKey;
  try {
    return readFileSync(atHome(privateKey.trim()), "utf8");
  } catch (error) {
    // a key that was cut short would be shown, so the value is not
    throw fail(`the file of privateKey cannot be read (${codeOf(error)})`, error);
  }
}

function notSignedIn({ user, password, privateKey }: SshOptions): string {
  const given =
    privateKey !== undefined
      ? password !== undefined
        ? "neither the key nor the password"
        : "not the key"
      : "not the password";
  const refused = privateKey === undefined && password === undefined ? "none of the ssh-agent's keys" : given;
  return (
    `its SSH server does not let "${user}" in: it took ${refused}. Check the user's name, and for a key that its public half is in the host's ` +
    "authorized_keys; for members of Administrators that is C:\\ProgramData\\ssh\\administrators_authorized_keys"
  );
}

interface Trust {
  /** Types of keys to ask for first: those that can be compared. */
  types: ServerHostKeyAlgorithm[];
  /** Why a key is not accepted, or undefined if it is. */
  refusal(shown: HostKey): string | undefined;
}

/** Whom to believe: the argument `hostKey` if it is given, otherwise the file of known hosts. A key never seen is refused. */
function trustOf({ host, port = 22, hostKey: written, knownHosts }: SshOptions, fail: Fail): Trust {
  if (written !== undefined) {
    const expected = expectedKey(written);
    if (!expected)
      throw fail("hostKey is neither a fingerprint, which begins with SHA256:, nor a public key, as in a .pub file");
    return {
      types: algorithmsOf([expected.type]),
      refusal: (shown) =>
        expected.is(shown)
          ? undefined
          : `its SSH server shows another host key than hostKey says: ${shown.type} ${shown.fingerprint}. ${suspicion} ${howToTrust(shown, host, port)}`,
    };
  }
  const file = atHome(knownHosts ?? join("~", ".ssh", "known_hosts"));
  const known = knownKeys(readIfThere(file, knownHosts !== undefined, fail), host, port);
  return {
    types: algorithmsOf(known.filter(({ revoked }) => !revoked).map(({ key }) => key.type)),
    refusal: (shown) => {
      const same = known.filter(({ key }) => key.bytes.equals(shown.bytes));
      const revoked = same.find((entry) => entry.revoked);
      if (revoked)
        return `its SSH server shows a host key that ${file} revokes in line ${revoked.line}: ${shown.fingerprint}`;
      if (same.length > 0) return undefined;
      const other = known.find(({ revoked: is }) => !is);
      const what = `its SSH server shows the host key ${shown.type} ${shown.fingerprint}`;
      if (!other) return `${what}, which is not in ${file}. ${howToTrust(shown, host, port)}`;
      return `${what}, but line ${other.line} of ${file} knows ${other.key.type} ${other.key.fingerprint}. ${suspicion} ${howToTrust(shown, host, port)}`;
    },
  };
}

const suspicion = "Someone may stand in between, or the host was set up anew.";

function howToTrust({ fingerprint, type }: HostKey, host: string, port: number): string {
  const file = `ssh_host_${type.replace(/^ssh-|-sha2.*$/g, "")}_key.pub`;
  return (
    `Compare it on the host (ssh-keygen -lf C:\\ProgramData\\ssh\\${file}); if it is the same, trust it with: ` +
    `pulumi config set hyperv:hostKey "${fingerprint}", or sign in once with: ssh -p ${port} ${host}`
  );
}

/** RSA keys are the same whichever hash signs with them. */
function algorithmsOf(types: readonly (string | undefined)[]): ServerHostKeyAlgorithm[] {
  return supported.filter((name) => types.includes(name.replace(/^rsa-sha2-.*/, "ssh-rsa")));
}

const supported: readonly ServerHostKeyAlgorithm[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
  "ssh-rsa",
];

function readIfThere(file: string, mustBeThere: boolean, fail: Fail): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (!mustBeThere && codeOf(error) === "ENOENT") return "";
    throw fail(`the file of known hosts cannot be read: ${file} (${codeOf(error)})`, error);
  }
}

function atHome(path: string): string {
  return /^~[\\/]/.test(path) ? join(homedir(), path.slice(2)) : path;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : textOf(error);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
