// What sessions are worth: PowerShell starts, time per call, and a refresh over SSH beside one PowerShell start per cmdlet.
// The engine, the provider, an SSH server on loopback, PowerShell, and a simulator behind its cmdlets. Prints a table;
// docs/benchmarks.md holds one. Fails where it takes longer, or more PowerShells, than it may.
// usage: npm run bench -- powershell [machines] (default: 100)

import { section } from "../cli/world-tables";
import type { Call } from "../provider/calls";
import { HostPool } from "../provider/host/pool/pool";
import { SshTransport } from "../provider/host/ssh/ssh";
import { virtualMachine } from "../provider/resources/virtual-machine/definition";
import { createWorld, Simulator, type World } from "../provider/simulator";
import { PowerShellHosts } from "../tests/pulumi/powershell-hosts";
import { type Declared, type Run, Stack } from "../tests/pulumi/stack";

const GiB = 2 ** 30;
const latency = 20;
const starts = 24;
const rounds = 3;
/** Seconds of a refresh of 100 with that latency, at most. */
const limit = 5;

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 100);
  const world: World = createWorld({ nodes: [{ name: "HV01", memoryBytes: 2 ** 42 }], latency: "none" });
  const hosts = await PowerShellHosts.of(Simulator.inMemory(world));
  const backend = hosts.nodes[0]?.backend;
  if (!backend) throw new Error("There is no host.");
  const stack = await Stack.make({ nodes: [{ name: "HV01" }] }, { hosts: async () => hosts.config });
  const measured = async (work: () => Promise<Run>) => {
    const [before, calls, begun] = [backend.started, backend.calls.length, performance.now()];
    const run = await work();
    if (run.code !== 0) throw new Error(run.output);
    return {
      seconds: (performance.now() - begun) / 1000,
      starts: backend.started - before,
      cmdlets: backend.calls.length - calls,
    };
  };
  try {
    const one = await measured(() => stack.declare(machines(1)).up());
    await measured(() => stack.declare(machines(count)).up());
    const prompt = await measured(() => stack.refresh());
    backend.latency = latency;
    const lates = [];
    for (let round = 0; round < rounds; round += 1) lates.push(await measured(() => stack.refresh()));
    const [late] = [...lates].sort((a, b) => a.seconds - b.seconds).slice(Math.floor(rounds / 2));
    if (!late) throw new Error("There was no round.");
    backend.play(Simulator.inMemory({ nodes: [{ name: "HV01" }] }), "HV01");
    backend.latency = 0;
    const call = await timePerCall(hosts);
    backend.latency = latency;
    const start = await timePerStart(hosts);
    // each machine would be read by itself
    const asked = virtualMachine.read.observe("", virtualMachine.schema.parse({ name: "m", generation: 2 }));
    const apart = count * Object.keys(asked).length;
    console.log(
      section(
        "Over SSH, in PowerShell",
        ["What", "PowerShell starts", "Cmdlets", "Seconds"],
        [
          ["up of one machine", String(one.starts), String(one.cmdlets), one.seconds.toFixed(1)],
          [`refresh of ${count}`, String(prompt.starts), String(prompt.cmdlets), prompt.seconds.toFixed(1)],
          [
            `refresh of ${count}, ${latency} ms a cmdlet: median of ${lates.map(({ seconds }) => seconds.toFixed(1)).join(", ")}`,
            String(late.starts),
            String(late.cmdlets),
            late.seconds.toFixed(1),
          ],
          [
            `the same with a start per cmdlet, from ${starts} of them`,
            String(apart),
            String(apart),
            ((start * apart) / 1000).toFixed(0),
          ],
        ],
      ),
    );
    console.log(`a warm call takes ${call.toFixed(1)} ms, one with its own PowerShell ${start.toFixed(0)} ms`);
    if (one.starts > 1 || late.starts > 1) fail("More than one PowerShell was started, though one has the time.");
    if (count === 100 && late.seconds > limit) fail(`The refresh of ${count} is to take at most ${limit} s.`);
  } finally {
    stack.remove();
    await hosts.close();
  }
}

function fail(why: string): void {
  console.error(why);
  process.exitCode = 1;
}

/** Machines as the other benchmark has them. */
function machines(count: number): Declared[] {
  return Array.from({ length: count }, (_, number) => ({
    kind: "VirtualMachine",
    name: `m${number}`,
    args: {
      memory: { startupBytes: GiB },
      processor: { count: 2 },
      notes: "bench",
      networkAdapters: [{ name: "front" }],
    },
  }));
}

const look: Call = { cmdlet: "Get-VMHost", select: { Name: null } };

function poolOf(hosts: PowerShellHosts, maxSessions: number): HostPool {
  const settings = hosts.settings as {
    port: number;
    user: string;
    privateKey: string;
    hostKey: string;
    powershell: string;
  };
  return new HostPool(new SshTransport({ host: "127.0.0.1", ...settings }), { maxSessions });
}

/** Milliseconds of a call that has a session, without latency: one after the other. */
async function timePerCall(hosts: PowerShellHosts): Promise<number> {
  const pool = poolOf(hosts, 1);
  await pool.run([look]);
  const calls = 300;
  const begun = performance.now();
  for (let call = 0; call < calls; call += 1) await pool.run([look]);
  const each = (performance.now() - begun) / calls;
  await pool.close();
  return each;
}

/** Milliseconds of a cmdlet that has a PowerShell of its own, over one SSH connection, as many at once as there are sessions. */
async function timePerStart(hosts: PowerShellHosts): Promise<number> {
  const begun = performance.now();
  const hand = async () => {
    for (let start = 0; start < starts / 4; start += 1) {
      const pool = poolOf(hosts, 1);
      await pool.run([look]);
      await pool.close();
    }
  };
  await Promise.all([hand(), hand(), hand(), hand()]);
  return (performance.now() - begun) / starts;
}

void main();
