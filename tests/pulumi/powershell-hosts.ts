import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Simulator, WorldDescription } from "../../provider/simulator";
import { Backend, type BackendOptions } from "../host/backend";
import { Lab } from "../host/lab";
import { keyPair, Sshd } from "../host/sshd";

export const volume = "C:\\ClusterStorage\\Volume1";
export const nodes = ["HV01", "HV02"];
export const cluster: WorldDescription = {
  nodes: nodes.map((name) => ({ name })),
  cluster: { name: "LAB" },
  guestsBoot: true,
};

/** A node of a simulated world behind an SSH server of its own. */
export interface PlayedNode {
  name: string | undefined;
  sshd: Sshd;
  backend: Backend;
}

/** Hosts on loopback, each an SSH server, a PowerShell engine, and behind its cmdlets a node of a simulated world. */
export class PowerShellHosts {
  private readonly folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-key-"));
  private readonly key = keyPair();
  private readonly ends: (() => Promise<unknown>)[] = [];
  readonly nodes: PlayedNode[] = [];

  private constructor(private readonly executable: string) {
    writeFileSync(this.keyFile, this.key.private, { mode: 0o600 });
  }

  /** Plays the named nodes, or without names a single host. */
  static async of(
    simulator: Simulator,
    names: readonly (string | undefined)[] = [undefined],
    options: Pick<BackendOptions, "afterwards"> = {},
  ): Promise<PowerShellHosts> {
    // only a cluster's objects have properties that are assigned
    const live = (await simulator.world()).cluster !== undefined;
    const lab = await Lab.open({ ...options, simulator, live, node: names[0] });
    const hosts = new PowerShellHosts(lab.executable);
    hosts.ends.push(() => lab.close());
    for (const [index, name] of names.entries()) {
      const backend = index === 0 ? lab.backend : await Backend.start(simulator, { ...options, node: name });
      if (index > 0) hosts.ends.push(() => backend.close());
      const sshd = await Sshd.start({ keys: [hosts.key], environment: backend.environment });
      hosts.ends.push(() => sshd.close());
      hosts.nodes.push({ name, sshd, backend });
    }
    return hosts;
  }

  private get keyFile(): string {
    return join(this.folder, "key");
  }

  /** Arguments of a provider that reaches them. */
  get settings(): Record<string, unknown> {
    const [first] = this.nodes;
    if (!first) throw new Error("There are no hosts.");
    const { sshd } = first;
    const common = { transport: "ssh", user: sshd.user, privateKey: this.keyFile, powershell: this.executable };
    if (first.name === undefined)
      return { ...common, address: "127.0.0.1", port: sshd.port, hostKey: sshd.hostKey.public };
    const nodes = this.nodes.map((node) => ({
      name: node.name,
      address: "127.0.0.1",
      port: node.sshd.port,
      hostKey: node.sshd.hostKey.public,
    }));
    return { ...common, nodes };
  }

  /** The same as stack config. */
  get config(): Record<string, string> {
    return Object.fromEntries(
      Object.entries(this.settings).map(([name, value]) => [
        `hyperv:${name}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
  }

  /** How many PowerShells have made a call and live, on all of them. */
  get open(): number {
    return this.nodes.reduce((sum, { backend }) => sum + backend.open, 0);
  }

  /** How many PowerShells have made a call, on all of them. */
  get started(): number {
    return this.nodes.reduce((sum, { backend }) => sum + backend.started, 0);
  }

  /** How many cmdlets came, on all of them. */
  get called(): number {
    return this.nodes.reduce((sum, { backend }) => sum + backend.calls.length, 0);
  }

  /** Names of the cmdlets that came, in order. */
  callsOn(name: string): readonly string[] {
    return this.nodes.find((node) => node.name === name)?.backend.calls ?? [];
  }

  /** A node is switched off: nobody answers there. */
  async stop(name: string): Promise<void> {
    await this.nodes.find((node) => node.name === name)?.sshd.stop();
  }

  async close(): Promise<void> {
    for (const end of this.ends.reverse()) await end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
