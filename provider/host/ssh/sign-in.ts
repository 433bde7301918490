import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { type AnyAuthMethod, type AuthHandlerMiddleware, Client, type ParsedKey, type Prompt, utils } from "ssh2";
import { ConnectError, type ConnectStep, codeOf, textOf } from "../errors";
import { hostKey } from "./known-hosts";
import { StrongAgent, sha1Refused, strong } from "./ssh-agent";
import type { SshOptions } from "./ssh-options";
import { disagreement, hmac, kex, weaknessOf } from "./ssh-strength";
import { atHome, type Fail, isKeyText, trustOf } from "./trust";

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
    let wantsSha1 = false;
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
      const lack = disagreement(error);
      if (lack !== undefined) return giveUp(fail("host key", lack, error));
      if (wantsSha1) return giveUp(fail("sign-in", sha1Refused, error));
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
    let socket: Socket | undefined;
    try {
      const trust = trustOf(options, (message, cause) => fail("host key", message, cause));
      const ways = waysIn(options, user, {
        fail: (message, cause) => fail("sign-in", message, cause),
        giveUp: (why) => giveUp(fail("sign-in", why)),
        sha1Wanted: () => {
          wantsSha1 = true;
        },
      });
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
        hostVerifier: (bytes: Buffer) => {
          refusal = trust.refusal(hostKey(bytes));
          return refusal === undefined;
        },
        algorithms: { serverHostKey: trust.algorithms, kex, hmac },
        authHandler: inOrder(ways),
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
    "the SSH handshake failed",
    "a server at its limit of connections hangs up like this (MaxStartups in sshd_config)",
  ],
  greeted: [
    "the SSH server closed the connection during the handshake",
    "check that OpenSSH Server runs there, and look into its log",
  ],
} as const;

const tooMany =
  ". With many keys in an ssh-agent a server may give up before the right one (MaxAuthTries): name that one with privateKey";

function withoutAgent(trouble: Error): string {
  return (
    `the ssh-agent has no key that can be used (${trouble.message}). Start it and give it a key (ssh-add), or set the provider argument privateKey ` +
    "or password (pulumi config set --secret)"
  );
}

interface Refusals {
  fail: Fail;
  /** Ends the attempt, for a reason that shows while it is made. */
  giveUp(why: string): void;
  sha1Wanted(): void;
}

/** A key first: a server may want a password after it, and counts each that is wrong. */
function waysIn(options: SshOptions, username: string, refusals: Refusals): AnyAuthMethod[] {
  const { password, privateKey, passphrase, names: { privateKey: name = "privateKey" } = {} } = options;
  const byPassword = password === undefined ? [] : passwordWays(options, password, username, refusals);
  if (privateKey !== undefined) {
    const key = strong(parsedKey({ privateKey, passphrase, name }, refusals.fail), refusals.sha1Wanted);
    return [{ type: "publickey", username, key }, ...byPassword];
  }
  if (password !== undefined) return byPassword;
  const agent =
    process.env.SSH_AUTH_SOCK || (process.platform === "win32" ? "\\\\.\\pipe\\openssh-ssh-agent" : undefined);
  if (agent) return [{ type: "agent", username, agent: new StrongAgent(agent) }];
  throw refusals.fail(
    "there is nothing to sign in with: set the provider argument privateKey or password (pulumi config set --secret), or start an ssh-agent",
  );
}

/** At once or by way of the keyboard, where it is given once, and only to who asks for nothing but a password. */
function passwordWays(options: SshOptions, password: string, username: string, { giveUp }: Refusals): AnyAuthMethod[] {
  let given = false;
  const reply = (prompts: Prompt[], answer: (said: string[]) => void) => {
    const [only] = prompts;
    if (given) return giveUp(`${notSignedIn(options)}. It asked for the password again`);
    if (prompts.length !== 1 || only?.echo)
      return giveUp(
        `its SSH server asks for something other than a password ("${prompts.map((one) => one.prompt.trim()).join('", "')}"): set the ` +
          "provider argument privateKey",
      );
    given = true;
    answer([password]);
  };
  return [
    { type: "password", username, password },
    { type: "keyboard-interactive", username, prompt: (...[, , , prompts, answer]) => reply(prompts, answer) },
  ];
}

function inOrder(ways: readonly AnyAuthMethod[]): AuthHandlerMiddleware {
  const left = [...ways];
  let last: string | undefined;
  return (offered, isPart, next) => {
    // to a server that has looked at the password it is the same one by way of the keyboard
    const wasWrong = last === "password" && !isPart && offered.includes("password");
    const way = left.find(({ type }) => !(wasWrong && type === "keyboard-interactive"));
    left.splice(0, way ? left.indexOf(way) + 1 : left.length);
    last = way?.type;
    next(way ?? (false as unknown as AnyAuthMethod)); // ssh2's word for the end
  };
}

interface GivenKey {
  privateKey: string;
  passphrase: string | undefined;
  /** What gave it. */
  name: string;
}

function parsedKey({ privateKey, passphrase, name }: GivenKey, fail: Fail): ParsedKey {
  const parsed = [utils.parseKey(keyText(privateKey, name, fail), passphrase)].flat()[0];
  if (parsed === undefined || parsed instanceof Error)
    throw fail(
      `the private key cannot be used (${parsed?.message}). It must be as OpenSSH, PEM (not PKCS#8) or PuTTY 2 (RSA) write it: ssh-keygen -p -f ` +
        "<file> makes it so. One with a passphrase needs the provider argument passphrase",
    );
  if (!parsed.isPrivateKey()) throw fail(`${name} is a public key: give the one that it belongs to`);
  const weakness = weaknessOf(parsed.getPublicSSH());
  if (weakness === undefined) return parsed;
  throw fail(`${name} is ${weakness}. Make another one with: ssh-keygen -t ed25519`);
}

function keyText(privateKey: string, name: string, fail: Fail): string {
  if (isKeyText(privateKey)) return privateKey;
  try {
    return readFileSync(atHome(privateKey.trim()), "utf8");
  } catch (error) {
    // a key that was cut short would be shown, so the value is not
    throw fail(`the file of ${name} cannot be read (${codeOf(error)})`, error);
  }
}

function notSignedIn({ user, password, privateKey }: SshOptions): string {
  const given = [...(privateKey === undefined ? [] : ["the key"]), ...(password === undefined ? [] : ["the password"])];
  const rejected = given.length > 0 ? given.join(" and ") : "every key of the ssh-agent";
  return (
    `its SSH server does not let "${user}" sign in: it rejected ${rejected}. Check the user's name, and for a key that its public half is in the host's ` +
    "authorized_keys; for members of Administrators that is C:\\ProgramData\\ssh\\administrators_authorized_keys"
  );
}
