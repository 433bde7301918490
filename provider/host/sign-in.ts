import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { Client, type ConnectConfig, utils } from "ssh2";
import { ConnectError, type ConnectStep, codeOf, textOf } from "./errors";
import { hostKey } from "./known-hosts";
import { atHome, type Fail, trustOf } from "./trust";

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

export interface Connection {
  client: Client;
  socket: Socket;
}

/** Resolves when it is signed in. */
export function connectOnce(options: SshOptions, address: string): Promise<Connection> {
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
      const sock = connect({
        host,
        port,
        autoSelectFamilyAttemptTimeout: 3000, // for each of its addresses; Node's own 250 ms are less than a slow way takes
        noDelay: true, // each of four steps would wait for an acknowledgement, which Linux delays by 40 ms
      });
      socket = sock;
      client.once("ready", () => resolve({ client, socket: sock }));
      client.connect({
        sock,
        username: user,
        ...signIn,
        hostVerifier: (bytes: Buffer) => {
          refusal = trust.refusal(hostKey(bytes));
          return refusal === undefined;
        },
        algorithms: { serverHostKey: trust.algorithms },
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
