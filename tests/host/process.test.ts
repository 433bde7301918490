import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { powershell, reason } from "../powershell";
import { Lab } from "./lab";
import { Cable, hasSshd, keyPair, Sshd, sshReason } from "./sshd";

/** What ends a provider: the engine's signals, each platform's own, and an engine that is no more. */
const ends: readonly (NodeJS.Signals | "the engine's end")[] = [
  ...(process.platform === "win32" ? (["SIGBREAK"] as const) : (["SIGINT", "SIGTERM"] as const)),
  "the engine's end",
  "SIGKILL",
];

for (const transport of ["local", "ssh"] as const)
  describe(`a provider's process over ${transport}${reason || (transport === "ssh" ? sshReason : "")}`, () => {
    const key = keyPair();
    let lab: Lab;
    let sshd: Sshd | undefined;
    let cable: Cable | undefined;
    let engine: Server;
    let held = false;
    const children: ChildProcess[] = [];

    before(async function () {
      if (powershell === undefined || (transport === "ssh" && !hasSshd)) return this.skip();
      lab = await Lab.open({
        intercept: ({ cmdlet }) => (held && cmdlet === "Get-VM" ? new Promise(() => {}) : undefined),
      });
      if (transport === "local") return;
      sshd = await Sshd.start({ keys: [key] });
      cable = await Cable.to(sshd.port);
    });
    beforeEach(async () => {
      held = false;
      engine = createServer((socket) => socket.on("error", () => {})).listen(0, "127.0.0.1");
      await once(engine, "listening");
    });
    afterEach(() => {
      engine?.close();
      for (const child of children.splice(0)) child.kill("SIGKILL");
    });
    after(async () => {
      await cable?.close();
      await sshd?.close();
      await lab?.close();
    });

    const start = () => {
      const settings = {
        transport,
        powershell: lab.executable,
        ...(sshd && {
          address: "127.0.0.1",
          port: cable?.port,
          user: sshd.user,
          privateKey: key.private,
          hostKey: sshd.hostKey.public,
        }),
      };
      const child = spawn(
        process.execPath,
        [
          ...[
            "-r",
            "ts-node/register/transpile-only",
            join(__dirname, "provider-process.ts"),
            JSON.stringify(settings),
          ],
          ...["40", `127.0.0.1:${(engine.address() as AddressInfo).port}`],
        ],
        { stdio: ["ignore", "pipe", "inherit"], detached: true },
      );
      children.push(child);
      return child;
    };
    const end = async (child: ChildProcess, by: (typeof ends)[number]) => {
      const gone = once(child, "exit");
      if (by === "the engine's end") engine.close();
      else child.kill(by);
      await gone;
    };
    /** The session's own processes, and the shells that start them. */
    const left = () => [...(lab.backend.open > 0 ? ["a connection to the backend"] : []), ...processesOf(lab)];
    const nothingIsLeft = async () => {
      for (let tries = 0; tries < 100 && (left().length > 0 || (cable?.connections ?? 0) > 0); tries += 1)
        await sleep(50);
      assert.deepEqual(left(), []);
      assert.equal(cable?.connections ?? 0, 0);
    };

    for (const by of ends)
      it(`leaves no PowerShell and no connection at ${by}`, async () => {
        const child = start();
        assert.match(String(await once(child.stdout ?? assert.fail(), "data")), /read/);
        assert(lab.backend.open >= 2, `${lab.backend.open} PowerShells were started`);
        assert(processesOf(lab).length >= 2);
        await end(child, by);
        await nothingIsLeft();
      });

    it("ends calls that are under way when it is told to end", async () => {
      held = true;
      const child = start();
      const before = lab.backend.calls.length;
      while (!lab.backend.calls.slice(before).includes("Get-VM")) await sleep(20);
      const begun = performance.now();
      await end(child, ends[0] ?? "SIGINT");
      assert(performance.now() - begun < 5000, "the engine kills after five seconds");
      await nothingIsLeft();
    });

    it("ends sessions that are only beginning when it is told to end", async () => {
      const child = start();
      while (processesOf(lab).length === 0) await sleep(20);
      await end(child, ends[0] ?? "SIGINT");
      await nothingIsLeft();
    });
  });

/** Processes that were started to reach the lab: they have its backend's address in their environment. */
function processesOf(lab: Lab): string[] {
  const [mark = ""] = Object.entries(lab.backend.environment).map(([name, value]) => `${name}=${value}`);
  if (process.platform === "win32") return [];
  return execFileSync("ps", ["axeww", "-o", "pid=,command="], { encoding: "utf8", maxBuffer: 2 ** 26 })
    .split("\n")
    .filter((line) => line.split(/\s+/).includes(mark))
    .map((line) => line.trim().slice(0, 60));
}
