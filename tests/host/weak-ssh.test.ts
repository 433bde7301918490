import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AgentProtocol,
  type AuthContext,
  type Connection,
  type ParsedKey,
  Server,
  type ServerConfig,
  type Session,
  utils,
} from "ssh2";
import { ConnectError, type ConnectStep } from "../../provider/host/errors";
import { SshTransport } from "../../provider/host/ssh/ssh";
import type { SshOptions } from "../../provider/host/ssh/ssh-options";
import { weaknessOf } from "../../provider/host/ssh/ssh-strength";
import { keyPair } from "./sshd";

interface Played {
  /** Does not say which signatures it takes, as servers before OpenSSH 7.2. */
  isOld?: boolean;
  config?: Partial<ServerConfig>;
  authenticate?: (context: AuthContext) => void;
}

describe("an SSH server or a key that proves too little", () => {
  const key = keyPair();
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const play = async ({ isOld, config, authenticate }: Played = {}) => {
    const server = new Server({ hostKeys: [key.private], ...config }, (client) => {
      ends.push(() => client.end());
      if (isOld) sayNothingOfSignatures(client);
      client.on("error", () => {});
      client.on("authentication", authenticate ?? ((context) => context.accept()));
      client.on("session", (accept: () => Session) => {
        accept().on("exec", (acceptExec) => {
          acceptExec().on("error", () => {});
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ends.push(() => void server.close());
    return (server.address() as AddressInfo).port;
  };
  const transport = (port: number, options: Partial<SshOptions> = {}) => {
    const made = new SshTransport({
      host: "127.0.0.1",
      port,
      user: "administrator",
      password: "right",
      hostKey: key.public,
      returnSeconds: 2,
      ...options,
    });
    ends.push(() => made.close());
    return made;
  };
  const refused = (opening: Promise<unknown>, step: ConnectStep, said: RegExp) =>
    assert.rejects(opening, (error: unknown) => {
      assert(error instanceof ConnectError, String(error));
      assert.match(error.message, said);
      assert.equal(error.step, step, error.message);
      return true;
    });
  const rsa = (bits: number) => {
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: bits,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    return { private: privateKey, public: parsedKey(privateKey).getPublicSSH().toString("base64") };
  };
  const [weak, enough] = [rsa(1024), rsa(2048)];

  it("is refused where its host key is an RSA key of 1024 bits, also where that is the one that is known", async () => {
    const port = await play({ config: { hostKeys: [weak.private] } });
    const said = /shows an RSA key of 1024 bits, of which 2048 are the least.*Ed25519/;
    await refused(transport(port, { hostKey: weak.public }).open(), "host key", said);
    const folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-known-"));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const knownHosts = join(folder, "known_hosts");
    writeFileSync(knownHosts, `[127.0.0.1]:${port} ssh-rsa ${weak.public}\n`);
    await refused(transport(port, { hostKey: undefined, knownHosts }).open(), "host key", said);
  });

  it("is trusted where its RSA key has 2048 bits and it signs with SHA-2", async () => {
    const port = await play({ config: { hostKeys: [enough.private] } });
    await transport(port, { hostKey: enough.public }).open();
  });

  for (const [what, algorithms, said] of [
    [
      "signs with SHA-1 only",
      { serverHostKey: ["ssh-rsa"] },
      /no host key that is safe: .*ssh-rsa and ssh-dss use SHA-1/,
    ],
    [
      "exchanges keys with SHA-1 only",
      { kex: ["diffie-hellman-group14-sha1"] },
      /no way to exchange keys that is safe/,
    ],
    [
      "protects messages with SHA-1 only",
      { cipher: ["aes256-ctr"], hmac: ["hmac-sha1", "hmac-sha1-etm@openssh.com", "hmac-md5"] },
      /no way to protect messages that is safe.*hmac-sha2-256/,
    ],
    ["encrypts with what is broken only", { cipher: ["3des-cbc", "aes128-cbc"] }, /no cipher that is safe/],
  ] as const)
    it(`is refused where it ${what}, and is told what to change`, async () => {
      const port = await play({ config: { hostKeys: [enough.private], algorithms } as unknown as ServerConfig });
      await refused(transport(port, { hostKey: enough.public }).open(), "host key", said);
    });

  it("is refused with a private RSA key of 1024 bits before anybody is asked", async () => {
    let connections = 0;
    const server = createServer(() => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ends.push(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const opening = transport(port, { privateKey: weak.private }).open();
    await refused(opening, "sign-in", /^privateKey is an RSA key of 1024 bits.*ssh-keygen -t ed25519/);
    await sleep(50);
    assert.equal(connections, 0);
  });

  it("is given no signature with SHA-1, where it takes no other of an RSA key", async () => {
    const signed: (string | undefined)[] = [];
    const authenticate = (context: AuthContext) => {
      if (context.method !== "publickey") return context.reject(["publickey"]);
      if (context.signature) signed.push(context.hashAlgo);
      context.accept();
    };
    const old = await play({ authenticate, isOld: true });
    const opening = transport(old, { privateKey: enough.private, password: undefined }).open();
    await refused(opening, "sign-in", /signatures with SHA-1 \(ssh-rsa\), which can be forged/);
    assert.deepEqual(signed, []);
    await transport(await play({ authenticate }), { privateKey: enough.private, password: undefined }).open();
    assert.deepEqual(signed, ["sha256"]);
  });

  it("is given no signature with SHA-1 and none of a weak key by an ssh-agent either", async function () {
    if (process.platform === "win32") return this.skip(); // there an agent is a pipe
    const asked: string[] = [];
    let keys: ParsedKey[] = [];
    const agent = createServer((socket) => {
      const protocol = new AgentProtocol(false);
      socket.on("error", () => {});
      socket.pipe(protocol).pipe(socket);
      protocol.on("identities", (request) => protocol.getIdentitiesReply(request, keys));
      protocol.on("sign", (request, own, data, { hash }) => {
        asked.push(`${own.type} ${hash ?? ""}`);
        protocol.signReply(request, parsedKey(enough.private).sign(data, hash));
      });
    });
    const folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-agent-"));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const before = process.env.SSH_AUTH_SOCK;
    process.env.SSH_AUTH_SOCK = join(folder, "agent");
    ends.push(() => {
      if (before === undefined) delete process.env.SSH_AUTH_SOCK;
      else process.env.SSH_AUTH_SOCK = before;
    });
    await new Promise<void>((resolve) => agent.listen(process.env.SSH_AUTH_SOCK, () => resolve()));
    ends.push(() => void agent.close());
    const withAgent = { password: undefined };
    const authenticate = (context: AuthContext) =>
      context.method === "publickey" ? context.accept() : context.reject(["publickey"]);
    const [old, newer] = [await play({ authenticate, isOld: true }), await play({ authenticate })];
    keys = [parsedKey(weak.private)];
    await refused(transport(newer, withAgent).open(), "sign-in", /it has only an RSA key of 1024 bits/);
    keys = [parsedKey(weak.private), parsedKey(enough.private)];
    await refused(transport(old, withAgent).open(), "sign-in", /signatures with SHA-1/);
    assert.deepEqual(asked, []);
    await transport(newer, withAgent).open();
    assert.deepEqual(asked, ["ssh-rsa sha256"]);
  });

  it("is weak by its bits, whatever is in its bytes", () => {
    const bytes = (base64: string) => Buffer.from(base64, "base64");
    assert.match(weaknessOf(bytes(weak.public)) ?? "", /of 1024 bits/);
    assert.equal(weaknessOf(bytes(enough.public)), undefined);
    assert.equal(weaknessOf(bytes(key.public.split(" ")[1] ?? "")), undefined);
    assert.match(weaknessOf(bytes(enough.public).subarray(0, 30)) ?? "", /RSA key of \d+ bits/);
    assert.match(weaknessOf(Buffer.from("\0\0\0\x07ssh-rsa")) ?? "", /RSA key of 0 bits/);
    assert.match(weaknessOf(Buffer.from("\0\0\0\x07ssh-dss")) ?? "", /DSA/);
    assert.equal(weaknessOf(Buffer.alloc(0)), undefined);
    assert.equal(weaknessOf(Buffer.from("\xff\xff\xff\xffx", "latin1")), undefined);
  });
});

/** ssh2's server always says it, where it is asked. */
function sayNothingOfSignatures(client: Connection): void {
  const protocol = (client as unknown as { _protocol: object })._protocol;
  let kex: object;
  Object.defineProperty(protocol, "_kex", {
    get: () => kex,
    set: (made: object) => {
      kex = made;
      if (made) Object.defineProperty(made, "remoteExtInfoEnabled", { get: () => false, set: () => {} });
    },
  });
}

function parsedKey(text: string): ParsedKey {
  const parsed = utils.parseKey(text);
  assert(!(parsed instanceof Error), String(parsed));
  return parsed;
}
