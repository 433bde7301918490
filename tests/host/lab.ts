import { execFileSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { LocalTransport } from "../../provider/host/local/local";
import { HostPool, type PoolOptions } from "../../provider/host/pool/pool";
import { Session, type SessionOptions } from "../../provider/host/session/session";
import { Simulator } from "../../provider/simulator";
import type { WorldDescription } from "../../provider/simulator/world/world";
import { powershell } from "../powershell";
import { host } from "../simulator/worlds";
import { Backend, type BackendOptions } from "./backend";

export interface LabOptions extends BackendOptions {
  /** The world that is played, where the lab is to make none of its own. */
  simulator?: Simulator;
  world?: WorldDescription;
  /** What is assigned to a property takes effect, as on a host. */
  live?: boolean;
  /** Written to standard output before the engine starts, without a line's end. */
  says?: string;
}

/** A simulated world, the backend that plays a node of it, and a program that starts the engine there. */
export class Lab {
  private readonly ends: (() => Promise<unknown>)[] = [];
  private readonly transports: LocalTransport[] = [];

  private constructor(
    readonly simulator: Simulator,
    readonly backend: Backend,
    readonly executable: string,
    private readonly folder: string,
  ) {}

  static async open(options: LabOptions = {}): Promise<Lab> {
    const simulator = options.simulator ?? Simulator.inMemory(options.world ?? host);
    let lab: Lab | undefined;
    const backend = await Backend.start(simulator, { onDrop: () => void lab?.cut(), ...options });
    const folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-lab-"));
    const executable = join(folder, "powershell");
    // an SSH server may have named another backend
    const exports = Object.entries(backend.environment).map(
      ([name, value]) => `export ${name}="\${${name}:-${value}}"`,
    );
    // PowerShell comes compiled to a host; the lab's is compiled by .NET as it runs. Once is enough, as a second time would take
    // a core that the tests need; and from the second start on in the background, as `pwsh` does with a profile of its own.
    exports.push("export DOTNET_TieredPGO=0 DOTNET_TC_CallCounting=0 DOTNET_EnableWriteXorExecute=0");
    exports.push(`export DOTNET_MultiCoreJitProfile='${join(folder, "compiled")}'`);
    const noise = options.says === undefined ? [] : [`printf '%s' '${options.says}'`, "echo complaint >&2"];
    const engine = options.live ? liveEngine() : [`exec '${engineProgram()}' "$@"`];
    writeFileSync(executable, ["#!/bin/sh", ...exports, ...noise, ...engine, ""].join("\n"), { mode: 0o755 });
    lab = new Lab(simulator, backend, executable, folder);
    return lab;
  }

  async session(options: Partial<SessionOptions> = {}): Promise<Session> {
    const transport = this.transport("HV01");
    this.ends.push(() => transport.close());
    const session = await Session.start(await transport.open(), { address: "HV01", startSeconds: 60, ...options });
    this.ends.push(() => session.close());
    return session;
  }

  pool(options: Partial<PoolOptions> = {}, address = "HV01"): HostPool {
    const pool = new HostPool(this.transport(address), { maxSessions: 4, ...options });
    this.ends.push(() => pool.close());
    return pool;
  }

  /** Ends every PowerShell, whatever it is at, as where the way to a host is lost. */
  async cut(): Promise<void> {
    await Promise.all(this.transports.map((transport) => transport.close()));
  }

  private transport(address: string): LocalTransport {
    const transport = new LocalTransport(this.executable, address);
    this.transports.push(transport);
    return transport;
  }

  async close(): Promise<void> {
    for (const end of this.ends.reverse()) await end();
    await this.backend.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The last argument is the bootstrap in base64, which then runs behind what makes the objects live. */
const liveEngine = () => [
  "for last; do :; done",
  'flags="-NoLogo -NoProfile -NonInteractive -InputFormat None -ExecutionPolicy Bypass"',
  `exec '${engineProgram()}' $flags -Command ". '${join(__dirname, "live-objects.ps1")}'; .([ScriptBlock]::Create([Text.Encoding]::Unicode.GetString([Convert]::FromBase64String('$last'))))"`,
];

let started: string | undefined;

/** What the engine's script starts in the end: each time it looks first whether what it unpacked is the newest. */
function engineProgram(): string {
  const asked = "[Diagnostics.Process]::GetCurrentProcess().MainModule.FileName";
  started ??= execFileSync(String(powershell), ["-NoProfile", "-NonInteractive", "-Command", asked]).toString().trim();
  return started;
}

/** Whether a process of this id is there. */
export function lives(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch {
    return false;
  }
}

/** A program of the PATH, or of where system programs lie. */
export function program(name: string): string | undefined {
  return [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"]
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
