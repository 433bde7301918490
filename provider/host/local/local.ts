import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { ConnectError } from "../errors";
import { startArguments } from "../session/agent";
import type { Channel, Transport } from "../session/transport";

/** PowerShells on the machine that this process runs on. */
export class LocalTransport implements Transport {
  private readonly channels = new Set<Channel>();

  constructor(
    private readonly powershell: string | undefined,
    readonly address = "this machine",
  ) {}

  async open(): Promise<Channel> {
    const executable = this.powershell ?? usualPowerShell();
    if (executable === undefined)
      throw new ConnectError(
        "there is neither pwsh nor powershell on the PATH. Install PowerShell, or name it with the provider argument " +
          "powershell (hyperv:powershell)",
        { address: this.address, step: "PowerShell" },
      );
    const channel = await start(executable, this.address);
    this.channels.add(channel);
    void channel.ended.then(() => this.channels.delete(channel));
    return channel;
  }

  async close(): Promise<void> {
    for (const channel of this.channels) channel.kill();
    await Promise.all([...this.channels].map(({ ended }) => ended));
  }
}

/** A group of its own where there are groups: the terminal's interrupt is for us, and what it started ends with it. */
const grouped = process.platform !== "win32";

function start(executable: string, address: string): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const child = spawn(executable, startArguments, { windowsHide: true, detached: grouped });
    child.on("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "ENOENT" ? "there is no such program" : error.message;
      reject(
        new ConnectError(
          `"${executable}" cannot be started: ${why}`,
          { address, step: "PowerShell" },
          { cause: error },
        ),
      );
    });
    const ended = new Promise<string>((over) => {
      child.on("close", (code, signal) => over(reasonOf(code, signal)));
      // what it started may hold its output open for ever
      child.on("exit", (code, signal) => setTimeout(() => over(reasonOf(code, signal)), 500).unref());
    });
    const kill = () => {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      try {
        if (grouped) process.kill(-child.pid, "SIGKILL");
        else child.kill();
      } catch {
        child.kill("SIGKILL"); // the group is gone already
      }
    };
    child.on("spawn", () => resolve({ stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, ended, kill }));
  });
}

function reasonOf(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
}

function usualPowerShell(): string | undefined {
  return process.platform === "win32" ? "powershell.exe" : ["pwsh", "powershell"].find(onPath);
}

function onPath(name: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return folder !== "";
    } catch {
      return false;
    }
  });
}
