import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { reason } from "../powershell";
import { call } from "./call";
import { fingerprintOf, HostOverSsh, refused, works } from "./host-over-ssh";
import { program } from "./lab";
import { agentReason, freePort, keyPair, sshReason } from "./sshd";

describe(`a host over SSH${reason || sshReason}`, () => {
  const host = new HostOverSsh();
  const { open, plain, locked } = host;

  it("signs in with the text of a private key", () => works(open()));

  it("signs in with the file of a private key and its passphrase", async () => {
    const file = join(host.sshd.folder, "locked key");
    writeFileSync(file, locked.private, { mode: 0o600 });
    await works(open({ privateKey: file, passphrase: "open sesame" }));
    await refused(open({ privateKey: file, passphrase: "wrong" }), "sign-in", /private key cannot be used/);
    await refused(open({ privateKey: file }), "sign-in", /passphrase/);
    await refused(open({ privateKey: `${file} that is not there` }), "sign-in", /cannot be read \(ENOENT\)/);
  });

  it(`signs in with the ssh-agent where there is nothing else${agentReason}`, async function () {
    const [agent, add] = [program("ssh-agent"), program("ssh-add")];
    if (!agent || !add) return this.skip();
    const socket = join(host.sshd.folder, "agent");
    const process_: ChildProcess = spawn(agent, ["-D", "-a", socket]);
    const before = process.env.SSH_AUTH_SOCK;
    try {
      process.env.SSH_AUTH_SOCK = socket;
      while (!(await connects(socket))) await sleep(20);
      await refused(open({ privateKey: undefined }), "sign-in", /it rejected every key of the ssh-agent/);
      const adding = spawn(add, ["-"], { env: process.env });
      adding.stdin.end(plain.private);
      await new Promise((resolve) => adding.on("close", resolve));
      await works(open({ privateKey: undefined }));
      delete process.env.SSH_AUTH_SOCK;
      await refused(open({ privateKey: undefined }), "sign-in", /nothing to sign in with/);
    } finally {
      if (before === undefined) delete process.env.SSH_AUTH_SOCK;
      else process.env.SSH_AUTH_SOCK = before;
      process_.kill();
    }
  });

  it("is refused with a wrong password, a wrong key and without a user, and never shows a secret", async () => {
    const secret = "wrong pa'ssword";
    const pool = open({ privateKey: undefined, password: secret });
    await refused(pool, "sign-in", /does not let ".*" sign in: it rejected the password/);
    await pool.run([call("Get-VMHost")]).catch((error: Error) => assert(!`${error.stack}`.includes(secret)));
    await refused(open({ privateKey: keyPair().private }), "sign-in", /it rejected the key/);
    await refused(open({ user: undefined }), "sign-in", /hyperv:user/);
  });

  it("trusts a host by fingerprint, by public key, or by the file of known hosts", async () => {
    await works(open({ hostKey: host.sshd.hostKey.public }));
    await works(open({ hostKey: host.sshd.hostKey.public.split(" ")[1] }));
    const file = join(host.sshd.folder, "known_hosts");
    const [type, key] = host.sshd.hostKey.public.split(" ");
    for (const names of ["127.0.0.1", `[127.0.0.1]:${host.cable.port}`, `hv01,[127.0.0.?]:${host.cable.port}`]) {
      writeFileSync(file, `# known\n\n${names} ${type} ${key} comment\n`);
      await works(open({ hostKey: undefined, knownHosts: file }));
    }
    const keygen = program("ssh-keygen");
    if (!keygen) return;
    await new Promise((resolve) => spawn(keygen, ["-H", "-f", file]).on("close", resolve));
    await works(open({ hostKey: undefined, knownHosts: file }));
  });

  it("refuses a host that it does not know, shows its fingerprint, and how to trust it", async () => {
    const file = join(host.sshd.folder, "known_hosts");
    writeFileSync(file, "");
    const shown = fingerprintOf(host.sshd.hostKey).replace(/[+/]/g, ".");
    const way = new RegExp(`${shown}.*not in.*ssh-keygen.*pulumi config set hyperv:hostKey "${shown}"`);
    await refused(open({ hostKey: undefined, knownHosts: file }), "host key", way);
    await refused(open({ hostKey: undefined, knownHosts: `${file}.missing` }), "host key", /cannot be read/);
  });

  it("refuses a host whose key changed or was revoked", async () => {
    const other = keyPair();
    await refused(open({ hostKey: fingerprintOf(other) }), "host key", /another host key than hostKey says/);
    await refused(open({ hostKey: other.public }), "host key", /be intercepting the connection/);
    const file = join(host.sshd.folder, "known_hosts");
    writeFileSync(file, `[127.0.0.1]:${host.cable.port} ${other.public}\n`);
    await refused(
      open({ hostKey: undefined, knownHosts: file }),
      "host key",
      /but line 1 of .* knows ssh-ed25519 SHA256:/,
    );
    writeFileSync(file, `@revoked * ${host.sshd.hostKey.public}\n`);
    await refused(open({ hostKey: undefined, knownHosts: file }), "host key", /revokes in line 1/);
  });

  it("says when the name is not known or nobody listens", async () => {
    await refused(open({ host: "no-such-host.invalid" }), "name", /"no-such-host.invalid" is not known/);
    await refused(
      open({ port: await freePort() }),
      "port",
      /no SSH server answered on 127.0.0.1 port \d+ \(ECONNREFUSED\)/,
    );
  });

  it("says when PowerShell is not there", () =>
    refused(open({ powershell: "/nowhere/pwsh" }), "PowerShell", /exit code 127.*nowhere/));

  it("starts a PowerShell whose path has spaces and quotes", async () => {
    const folder = join(host.sshd.folder, "Program Files (it's)");
    mkdirSync(folder);
    copyFileSync(host.lab.executable, join(folder, "pwsh"));
    await works(open({ powershell: join(folder, "pwsh") }));
  });
});

function connects(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
