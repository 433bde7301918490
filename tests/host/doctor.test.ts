import assert from "node:assert/strict";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionOf, type Flags } from "../../cli/connection-options";
import { configurationFindings, diagnose, examine, type Finding, lineOf } from "../../cli/doctor";
import { hostKey } from "../../provider/host/ssh/known-hosts";
import type { Settings } from "../../provider/settings";
import { powershell, reason } from "../powershell";
import { Lab } from "./lab";
import { freePort, hasSshd, keyPair, Sshd, sshReason } from "./sshd";

const settingsOf = (flags: Flags) => connectionOf(flags, {}, {}).settings;

describe(`the doctor${reason || sshReason}`, () => {
  let lab: Lab;
  let sshd: Sshd;
  let settings: Settings;
  let reply: ((cmdlet: string) => object | undefined) | undefined;
  const key = keyPair();

  before(async function () {
    if (powershell === undefined || !hasSshd) return this.skip();
    lab = await Lab.open({ intercept: ({ cmdlet }) => reply?.(cmdlet) });
    sshd = await Sshd.start({ keys: [key] });
    settings = settingsOf({
      transport: "ssh",
      address: "127.0.0.1",
      port: String(sshd.port),
      user: sshd.user,
      hostKey: hostKey(Buffer.from(sshd.hostKey.public.split(" ")[1] ?? "", "base64")).fingerprint,
      privateKey: key.private,
      powershell: lab.executable,
    });
  });
  afterEach(() => {
    reply = undefined;
  });
  after(async () => {
    await sshd?.close();
    await lab?.close();
  });

  const steps = async (changes: Partial<Settings> = {}, node?: { name: string }) => {
    const found: Finding[] = [];
    for await (const finding of diagnose({ ...settings, ...changes }, node)) found.push(finding);
    return found;
  };
  const lines = (found: readonly Finding[]) => found.map(({ step, outcome }) => `${outcome} ${step}`);
  const way = [
    "ok name",
    "ok port",
    "ok host key",
    "ok sign-in",
    "ok PowerShell",
    "ok module",
    "ok module",
    "note rights",
  ];

  it("goes through every step of a host that works", async () => {
    const found = await steps();
    assert.deepEqual(lines(found), [...way, "ok services", "ok time"]);
    assert.match(found[1]?.says ?? "", /answers: SSH-2\.0-\w+/);
    const said: string[] = [];
    assert.equal(await examine(settings, (line) => said.push(line)), true);
    assert.match(said.at(-1) ?? "", /Every check passed/);
  });

  it("stops at the step that fails, and says what to do", async () => {
    const last = async (changes: Partial<Settings>) => {
      const found = await steps(changes);
      const failed = found.at(-1);
      assert.equal(failed?.outcome, "fails");
      return [lines(found).length - 1, failed.step, `${failed.says} ${failed.advice ?? ""}`] as const;
    };
    const cases: [Partial<Settings>, number, string, RegExp][] = [
      [{ address: "no-such-host.invalid" }, 0, "name", /Check the spelling/],
      [{ port: await freePort() }, 1, "port", /ECONNREFUSED.*OpenSSH.Server/],
      [{ hostKey: "SHA256:none" }, 2, "host key", /pulumi config set hyperv:hostKey/],
      [{ privateKey: keyPair().private }, 3, "sign-in", /administrators_authorized_keys/],
      [{ powershell: "/nowhere/pwsh" }, 4, "PowerShell", /exit code 127.*hyperv:powershell/s],
      [{ transport: "local", powershell: "/nowhere/pwsh" }, 0, "PowerShell", /no such program.*hyperv:powershell/],
      [{ address: undefined }, 0, "configuration", /hyperv:address/],
    ];
    for (const [changes, passed, step, said] of cases) {
      const [before, at, text] = await last(changes);
      assert.deepEqual([before, at], [passed, step], text);
      assert.match(text, said);
    }
  });

  it("says when Hyper-V does not answer", async () => {
    reply = (cmdlet) =>
      cmdlet === "Get-VMHost"
        ? { error: { id: "AccessDenied", category: "PermissionDenied", message: "Zugriff verweigert" } }
        : undefined;
    const found = await steps();
    assert.deepEqual(lines(found), [...way, "fails services"]);
    assert.match(found.at(-1)?.says ?? "", /Zugriff verweigert \(AccessDenied,/);
    assert.equal(await examine(settings, () => {}), false);
  });

  it("looks at the cluster where the provider has nodes", async () => {
    const cluster = (found: readonly Finding[]) => found.find(({ step }) => step === "cluster");
    const clustered = { nodes: ["127.0.0.1"] };
    assert.equal(cluster(await steps(clustered, { name: "127.0.0.1" }))?.outcome, "fails");
    reply = (cmdlet) => (cmdlet === "Get-Cluster" ? { objects: [{ $type: "Cluster", Name: "HVC1" }] } : undefined);
    assert.match(cluster(await steps(clustered, { name: "127.0.0.1" }))?.says ?? "", /is a node of HVC1/);
    assert.equal(cluster(await steps())?.outcome, "note");
  });
});

describe("the doctor of a configuration", () => {
  it("says what gave each setting, without its value, and what may be misspelt", () => {
    const environment = { HYPERV_PASSWORD: "hunter2", HYPERV_ADRESS: "hv09" };
    const connection = connectionOf({ address: "hv01" }, { user: "pulumi", address: "hv02" }, environment);
    assert.deepEqual(
      configurationFindings(connection).map(({ outcome, says }) => [outcome, says]),
      [
        ["ok", "--address, hyperv:user, HYPERV_PASSWORD"],
        ["note", "The environment variable HYPERV_ADRESS sets nothing. Did you mean HYPERV_ADDRESS?"],
      ],
    );
    assert.doesNotMatch(configurationFindings(connection).map(lineOf).join("\n"), /hunter2|hv0\d/);
  });
});

describe("the doctor of a simulated host", () => {
  it("says what to do where it does not answer", async () => {
    const found: Finding[] = [];
    for await (const finding of diagnose(settingsOf({ simulator: join(tmpdir(), "no such world.json") })))
      found.push(finding);
    assert.deepEqual(
      found.map(({ step, outcome }) => `${outcome} ${step}`),
      ["fails simulator"],
    );
    assert.match(found[0]?.advice ?? "", /pulumi-hyperv simulator show/);
  });
});

describe("the doctor at the port", () => {
  it("knows an SSH server that says something before its version, in pieces", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      for (const [at, piece] of ["Welcome to ", "HV01\r\nSS", "H-2.0-OpenSSH_for_Windows_9.5\r\n"].entries())
        setTimeout(() => socket.write(piece), at * 30);
      setTimeout(() => socket.destroy(), 200);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const found: Finding[] = [];
      for await (const finding of diagnose(
        settingsOf({ transport: "ssh", address: "127.0.0.1", port: String(port), user: "a", hostKey: "SHA256:none" }),
      ))
        found.push(finding);
      assert.equal(found[1]?.says, `${port} answers: SSH-2.0-OpenSSH_for_Windows_9.5`);
    } finally {
      server.close();
    }
  });
});
