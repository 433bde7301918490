import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ServerHostKeyAlgorithm } from "ssh2";
import { type ConnectError, codeOf } from "../errors";
import { expectedKey, type HostKey, knownKeys } from "./known-hosts";
import type { SshOptions } from "./ssh-options";
import { serverHostKeys, weaknessOf } from "./ssh-strength";

export type Fail = (message: string, cause?: unknown) => ConnectError;

export interface Trust {
  /** Types of keys to ask for, first those that can be compared. */
  algorithms: ServerHostKeyAlgorithm[];
  /** Why a key is not accepted, or undefined if it is. */
  refusal(shown: HostKey): string | undefined;
}

/** Whom to believe. A weak key proves nothing, also where it is the one that is known. */
export function trustOf(options: SshOptions, fail: Fail): Trust {
  const { algorithms, refusal } = knownTo(options, fail);
  return {
    algorithms,
    refusal: (shown) => {
      const weakness = weaknessOf(shown.bytes);
      return weakness === undefined ? refusal(shown) : `its SSH server shows ${weakness}. ${stronger}`;
    },
  };
}

const stronger = "Give it an Ed25519 key (ssh-keygen -A makes the missing ones), and trust that one.";

/** The argument `hostKey` if it is given, otherwise the file of known hosts. A key never seen is refused. */
function knownTo({ host, port = 22, hostKey: written, knownHosts, names }: SshOptions, fail: Fail): Trust {
  if (written !== undefined) {
    const name = names?.hostKey ?? "hostKey";
    const expected = expectedKey(written);
    if (!expected)
      throw fail(`${name} is neither a fingerprint, which begins with SHA256:, nor a public key, as in a .pub file`);
    return {
      algorithms: preferring([expected.type]),
      refusal: (shown) =>
        expected.is(shown)
          ? undefined
          : `its SSH server shows another host key than ${name} says: ${shown.type} ${shown.fingerprint}. ${suspicion} ${howToTrust(shown, host, port)}`,
    };
  }
  const file = atHome(knownHosts ?? join("~", ".ssh", "known_hosts"));
  const known = knownKeys(readIfThere(file, knownHosts !== undefined, fail), host, port);
  return {
    algorithms: preferring(known.filter(({ revoked }) => !revoked).map(({ key }) => key.type)),
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

const suspicion = "Someone may be intercepting the connection, or the host was reinstalled.";

function howToTrust({ fingerprint, type }: HostKey, host: string, port: number): string {
  const file = `ssh_host_${type.replace(/^ssh-|-sha2.*$/g, "")}_key.pub`;
  return (
    `Compare it on the host (ssh-keygen -lf C:\\ProgramData\\ssh\\${file}); if it is the same, trust it with: ` +
    `pulumi config set hyperv:hostKey "${fingerprint}", or sign in once with: ssh -p ${port} ${host}`
  );
}

/** RSA keys are the same whichever hash signs with them. */
function preferring(types: readonly (string | undefined)[]): ServerHostKeyAlgorithm[] {
  const known = serverHostKeys.filter((name) => types.includes(name.replace(/^rsa-sha2-.*/, "ssh-rsa")));
  return [...new Set([...known, ...serverHostKeys])];
}

function readIfThere(file: string, mustBeThere: boolean, fail: Fail): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (!mustBeThere && codeOf(error) === "ENOENT") return "";
    throw fail(`the file of known hosts cannot be read: ${file} (${codeOf(error)})`, error);
  }
}

export function isAtHome(path: string): boolean {
  return /^~[\\/]/.test(path);
}

/** Of a private key: the key itself, and not the path of its file. */
export function isKeyText(written: string): boolean {
  return /PRIVATE KEY|^PuTTY-User-Key-File/m.test(written);
}

export function atHome(path: string): string {
  return isAtHome(path) ? join(homedir(), path.slice(2)) : path;
}
