import type { KexAlgorithm, MacAlgorithm, ServerHostKeyAlgorithm } from "ssh2";

/*
 * What SSH is done with: nothing that rests on SHA-1, whose collisions are made for a few thousand dollars (ssh2's own defaults
 * still have ssh-rsa and hmac-sha1, for servers before OpenSSH 7.2). Ciphers are ssh2's own, which depend on the machine.
 */
export const kex: KexAlgorithm[] = [
  "curve25519-sha256",
  "curve25519-sha256@libssh.org",
  "ecdh-sha2-nistp256",
  "ecdh-sha2-nistp384",
  "ecdh-sha2-nistp521",
  "diffie-hellman-group-exchange-sha256",
  "diffie-hellman-group14-sha256",
  "diffie-hellman-group15-sha512",
  "diffie-hellman-group16-sha512",
  "diffie-hellman-group17-sha512",
  "diffie-hellman-group18-sha512",
];

export const hmac: MacAlgorithm[] = [
  "hmac-sha2-256-etm@openssh.com",
  "hmac-sha2-512-etm@openssh.com",
  "hmac-sha2-256",
  "hmac-sha2-512",
];

export const serverHostKeys: readonly ServerHostKeyAlgorithm[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
];

/** What a server lacks with which nothing is agreed on, by ssh2's words for it; they are never translated. */
const lacks: readonly (readonly [string, string])[] = [
  [
    "host key format",
    "has no host key that is safe: it must sign with Ed25519, ECDSA, or RSA and SHA-2, as ssh-rsa and ssh-dss use SHA-1. Update OpenSSH " +
      "Server there, or make the missing keys with: ssh-keygen -A",
  ],
  [
    "key exchange algorithm",
    "has no way to exchange keys that is safe and known here: allow curve25519-sha256 in KexAlgorithms of its sshd_config, as those " +
      "with SHA-1 are refused, or update OpenSSH Server there",
  ],
  [
    "MAC",
    "has no way to protect messages that is safe and known here: allow hmac-sha2-256 in MACs of its sshd_config, as hmac-sha1 and " +
      "hmac-md5 are refused, or update OpenSSH Server there",
  ],
  [
    "cipher",
    "has no cipher that is safe and known here: allow aes256-gcm@openssh.com in Ciphers of its sshd_config, or update OpenSSH Server there",
  ],
];

/** Why nothing was agreed on with a server, or undefined where that is not what went wrong. */
export function disagreement({ level, message }: { level?: string; message: string }): string | undefined {
  if (level !== "handshake" || !message.includes("no matching")) return undefined;
  const [, what] = lacks.find(([words]) => message.endsWith(words)) ?? [];
  return what && `its SSH server ${what}`;
}

/** As NIST and OpenSSH 9.1 have it. */
const leastBits = 2048;

/** Why a key proves nothing, of the bytes of its public half in SSH's own format; undefined where it is strong enough. */
export function weaknessOf(key: Buffer): string | undefined {
  const type = part(key, 0);
  if (type.toString("latin1") === "ssh-dss") return "a DSA key, which signs with SHA-1";
  if (type.toString("latin1") !== "ssh-rsa") return undefined;
  const exponent = part(key, 4 + type.length);
  const bits = bitsOf(part(key, 8 + type.length + exponent.length));
  return bits < leastBits ? `an RSA key of ${bits} bits, of which ${leastBits} are the least that is safe` : undefined;
}

/** A text or a number with its length in front. */
function part(bytes: Buffer, at: number): Buffer {
  const length = bytes.length >= at + 4 ? bytes.readUInt32BE(at) : 0;
  return bytes.subarray(at + 4, at + 4 + length);
}

function bitsOf(number: Buffer): number {
  const first = number.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (number.length - first) * 8 - Math.clz32(number[first] ?? 0) + 24;
}
