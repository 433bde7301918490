import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AgentProtocol, type ParsedKey, utils } from "ssh2";
import { ConnectError } from "../../provider/host/errors";
import { SshTransport } from "../../provider/host/ssh/ssh";
import { program } from "./lab";
import { agentReason, hasSshd, keyPair, Sshd, sshdIsReal, sshReason } from "./sshd";

function parsedKey(text: string): ParsedKey {
  const parsed = utils.parseKey(text);
  assert(!(parsed instanceof Error), String(parsed));
  return parsed;
}

describe(`an ssh-agent${sshReason}`, () => {
  let sshd: Sshd;
  let folder: string;
  const [dull, sharp] = [keyPair(), keyPair()];
  const usual = process.env.SSH_AUTH_SOCK;
  const agents: ChildProcess[] = [];

  before(async function () {
    if (!hasSshd) return this.skip();
    sshd = await Sshd.start({ keys: [dull, sharp] });
    folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-agent-"));
  });
  afterEach(() => {
    if (usual === undefined) delete process.env.SSH_AUTH_SOCK;
    else process.env.SSH_AUTH_SOCK = usual;
    for (const agent of agents.splice(0)) agent.kill();
  });
  after(async () => {
    await sshd?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  const open = async () => {
    const { port, user } = sshd;
    const made = new SshTransport({ host: "127.0.0.1", port, user, hostKey: sshd.hostKey.public });
    await made.open();
    await made.close();
  };

  it("that does not run is said to be what is missing", async () => {
    process.env.SSH_AUTH_SOCK = join(folder, "nowhere");
    await assert.rejects(open(), (error: unknown) => {
      assert(error instanceof ConnectError && error.step === "sign-in", String(error));
      assert.match(error.message, /ssh-agent has no key .*Failed to connect/);
      return true;
    });
  });

  it("whose first key cannot sign is asked to sign with the next", async function () {
    if (process.platform === "win32") return this.skip(); // there an agent is a pipe
    const agent = createServer((socket) => {
      const protocol = new AgentProtocol(false);
      socket.on("error", () => {});
      socket.pipe(protocol).pipe(socket);
      const parsed = [dull, sharp].map((pair) => parsedKey(pair.public));
      protocol.on("identities", (request) => protocol.getIdentitiesReply(request, parsed));
      protocol.on("sign", (request, asked, data) => {
        const own = parsedKey(sharp.private);
        if (asked.getPublicSSH().equals(own.getPublicSSH())) protocol.signReply(request, own.sign(data));
        else protocol.failureReply(request);
      });
    });
    process.env.SSH_AUTH_SOCK = join(folder, "half an agent");
    await new Promise<void>((resolve) => agent.listen(process.env.SSH_AUTH_SOCK, () => resolve()));
    try {
      await open();
    } finally {
      agent.close();
    }
  });

  const attemptsReason = sshdIsReal ? agentReason : " (skipped: only sshd counts attempts)";
  it(`with more keys than the server takes attempts is a failure to sign in${attemptsReason}`, async function () {
    const [agent, add] = [program("ssh-agent"), program("ssh-add")];
    if (!agent || !add || !sshdIsReal) return this.skip();
    const socket = join(folder, "agent");
    agents.push(spawn(agent, ["-D", "-a", socket]));
    process.env.SSH_AUTH_SOCK = socket;
    await sleep(300);
    for (let number = 0; number < 8; number += 1) {
      const adding = spawn(add, ["-"], { env: process.env });
      adding.stdin.end(keyPair().private);
      await new Promise((resolve) => adding.on("close", resolve));
    }
    await assert.rejects(open(), (error: unknown) => {
      assert(error instanceof ConnectError, String(error));
      assert.equal(error.step, "sign-in", error.message);
      return true;
    });
  });
});
