import { createHash, createHmac } from "node:crypto";

/** A key that a host showed or should show: the bytes of SSH's own format, which begin with the key's type. */
export interface HostKey {
  type: string;
  fingerprint: string;
  bytes: Buffer;
}

export function hostKey(bytes: Buffer): HostKey {
  const length = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  return {
    type: bytes.subarray(4, 4 + length).toString("latin1"),
    fingerprint: `SHA256:${createHash("sha256").update(bytes).digest("base64").replace(/=+$/, "")}`,
    bytes,
  };
}

/** A key that is expected. */
export interface ExpectedKey {
  /** Its type, where the expectation says it. */
  type?: string;
  is(shown: HostKey): boolean;
}

/** What a user writes into `hostKey`: a fingerprint or a public key, alone or in the line that ssh-keygen prints or writes. */
export function expectedKey(written: string): ExpectedKey | undefined {
  const [, fingerprint] = /\bSHA256:([\w+/]+)/i.exec(written) ?? [];
  if (fingerprint !== undefined) return { is: (shown) => shown.fingerprint === `SHA256:${fingerprint}` };
  const bytes = keyIn(written);
  return bytes && { type: hostKey(bytes).type, is: (shown) => bytes.equals(shown.bytes) };
}

export interface KnownHost {
  key: HostKey;
  line: number;
  /** A key that must never be accepted again. */
  revoked: boolean;
}

/**
 * The entries of a known_hosts file that speak of a host: plain, hashed, with wildcards, for a port. Where nothing is known of the
 * port, what is known of the host counts, as it does for OpenSSH.
 */
export function knownKeys(file: string, host: string, port: number): KnownHost[] {
  const ofPort = port === 22 ? [] : keysOf(file, `[${host}]:${port}`.toLowerCase());
  return ofPort.some(({ revoked }) => !revoked) ? ofPort : [...ofPort, ...keysOf(file, host.toLowerCase())];
}

function keysOf(file: string, name: string): KnownHost[] {
  return file.split(/\r?\n/).flatMap((text, index) => {
    const words = text.trim().split(/\s+/);
    const mark = words[0]?.startsWith("@") ? words.shift() : undefined;
    const [names = "", , encoded = ""] = words;
    if (names === "" || names.startsWith("#") || mark === "@cert-authority" || !speaksOf(names, name)) return [];
    const bytes = keyIn(encoded);
    return bytes ? [{ key: hostKey(bytes), line: index + 1, revoked: mark === "@revoked" }] : [];
  });
}

function speaksOf(names: string, name: string): boolean {
  if (names.startsWith("|1|")) return isHashOf(names, name);
  const patterns = names.toLowerCase().split(",");
  if (patterns.some((pattern) => pattern.startsWith("!") && fits(pattern.slice(1), name))) return false;
  return patterns.some((pattern) => fits(pattern, name));
}

function isHashOf(hashed: string, name: string): boolean {
  const [, , salt = "", hash = ""] = hashed.split("|");
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
}

function fits(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[\\^$+.()|[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(name);
}

/** The first word that is a key in base64: it begins with the length of its type's name. */
function keyIn(text: string): Buffer | undefined {
  const word = text.split(/\s+/).find((candidate) => candidate.startsWith("AAAA"));
  return word === undefined ? undefined : Buffer.from(word, "base64");
}
