import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLine } from "../../cli/powershell-line";
import { PartialFailure, type State } from "../../provider/lifecycle/handlers";
import { Simulator } from "../../provider/simulator";
import { Lifecycle } from "../lifecycle";

export const nodes = ["HV01", "HV02", "HV03"];
const names = ["web", "db"];
const volume = "C:\\ClusterStorage\\Volume1";

type Inputs = Record<string, unknown>;

/** What a program says of each machine and its role. */
const program = fc.record({
  notes: fc.constantFrom("one", "two"),
  priority: fc.constantFrom(1000, 2000, 3000),
  ownerNode: fc.option(fc.constantFrom(...nodes), { nil: undefined }),
});

const node = fc.constantFrom(...nodes);

/** What happens to the cluster, and what its user does. */
const event = fc.oneof(
  fc.record({ move: fc.constantFrom(...names), to: node }),
  fc.record({ drain: node }),
  fc.record({ resume: node }),
  fc.record({ fail: node }),
  fc.record({ return: node }),
  fc.record({ up: fc.tuple(program, program) }),
  fc.constant({ refresh: true as const }),
);

export const lives = fc.record({ first: fc.tuple(program, program), events: fc.array(event, { maxLength: 12 }) });

type Program = typeof program extends fc.Arbitrary<infer One> ? One : never;
type Event = typeof event extends fc.Arbitrary<infer One> ? One : never;

/** What nobody allowed: to make or delete a machine or role again, or to end what runs. */
const forbidden = /^((New|Remove|Stop|Restart|Save|Suspend)-VM|(Add|Remove|Stop)-Cluster(VirtualMachineRole|Group))$/;

/** One machine with its role. */
interface Declared {
  name: string;
  machine: State;
  role: State;
}

/** A cluster with machines of a program, which moves, drains and failures happen to. */
export class ClusterLife {
  private readonly simulator = Simulator.inMemory({
    nodes: nodes.map((name) => ({ name })),
    cluster: { name: "LAB" },
    guestsBoot: true,
    seed: "life",
  });
  private readonly machines = new Lifecycle("VirtualMachine", this.simulator, nodes);
  private readonly roles = new Lifecycle("ClusterVirtualMachineRole", this.simulator, nodes);
  private declared: Declared[] = [];
  private down: string | undefined;

  async live(first: readonly Program[], events: readonly Event[]): Promise<void> {
    for (const [at, name] of names.entries()) {
      const said = first[at] ?? assert.fail();
      const machine = await this.machines.create(machineOf(name, said));
      this.declared.push({ name, machine, role: await this.roles.create(roleOf(machine.id, said)) });
    }
    this.machines.calls.length = 0;
    this.roles.calls.length = 0;
    let last = first;
    for (const one of events) {
      if ("up" in one) last = one.up;
      await this.happens(one);
    }
    if (this.down !== undefined) await this.simulator.happen({ return: this.down });
    for (const each of nodes) await this.type(`Resume-ClusterNode -Name ${each}`);
    await this.up(last, true);
    await this.isSettled(last);
  }

  private async happens(one: Event): Promise<void> {
    if ("up" in one) return this.up(one.up, false);
    if ("refresh" in one) return this.refresh();
    if ("fail" in one || "return" in one) return this.power(one);
    // what the cluster refuses has not happened
    if ("move" in one)
      await this.type(`Move-ClusterVirtualMachineRole -Name ${one.move} -Node ${one.to} -MigrationType Live`);
    else
      await this.type(
        "drain" in one ? `Suspend-ClusterNode -Name ${one.drain} -Drain` : `Resume-ClusterNode -Name ${one.resume}`,
      );
  }

  /** One node at a time is away: without quorum there is no cluster. */
  private async power(one: { fail: string } | { return: string }): Promise<void> {
    if ("fail" in one && this.down === undefined) {
      this.down = one.fail;
      await this.simulator.happen(one);
    } else if ("return" in one && this.down === one.return) {
      this.down = undefined;
      await this.simulator.happen(one);
    }
  }

  private async type(line: string): Promise<void> {
    const from = nodes.find((name) => name !== this.down) ?? assert.fail();
    await this.simulator.run(from, parseLine(line));
  }

  /** An up; one that fails says why, and keeps what the state knows. */
  private async up(said: readonly Program[], mustSucceed: boolean): Promise<void> {
    const keeping = async (state: State, work: () => Promise<State>): Promise<State> => {
      try {
        return await work();
      } catch (error) {
        assert(!mustSucceed, String(error));
        assert.match(String((error as Error).message), /^Unable to update /);
        return error instanceof PartialFailure ? { id: error.id, outputs: error.outputs } : state;
      }
    };
    for (const [at, one] of this.declared.entries()) {
      const wanted = said[at] ?? assert.fail();
      one.machine = await keeping(one.machine, () => this.machines.update(one.machine, machineOf(one.name, wanted)));
      one.role = await keeping(one.role, () => this.roles.update(one.role, roleOf(one.machine.id, wanted)));
    }
  }

  /** Nothing is ever gone, and what nobody declared is not compared. */
  private async refresh(): Promise<void> {
    for (const one of this.declared) {
      one.machine = await this.read(this.machines, one.machine, ["notes", "state"]);
      one.role = await this.read(this.roles, one.role, ["priority", "ownerNode"]);
    }
  }

  private async read(lifecycle: Lifecycle, state: State, mayDrift: readonly string[]): Promise<State> {
    let read: Awaited<ReturnType<Lifecycle["read"]>>;
    try {
      read = await lifecycle.read(state);
    } catch (error) {
      assert(this.down !== undefined, `every node is there, and a read fails: ${String(error)}`);
      return state;
    }
    assert(read, `${lifecycle.kind} ${state.id} is said to be gone`);
    for (const [key, is] of Object.entries(read.inputs)) {
      if (mayDrift.includes(key) && state.outputs[key] !== undefined) continue;
      assert.deepEqual(is, state.outputs[key], `${key} drifts, which nobody has changed`);
    }
    return { id: state.id, outputs: read.outputs };
  }

  private async isSettled(said: readonly Program[]): Promise<void> {
    for (const [at, { name, machine, role }] of this.declared.entries()) {
      const wanted = said[at] ?? assert.fail();
      assert.equal(this.machines.diff(machine, machineOf(name, wanted)).changes, false, `${name} is to be changed`);
      assert.equal(this.roles.diff(role, roleOf(machine.id, wanted)).changes, false, `its role is to be changed`);
    }
    const { nodes: hosts, cluster } = await this.simulator.world();
    const there = hosts.flatMap(({ machines }) => machines);
    assert.deepEqual(there.map(({ id }) => id).sort(), this.declared.map(({ machine }) => machine.id).sort());
    assert.deepEqual(
      there.map(({ state }) => state),
      names.map(() => "Running"),
    );
    assert.equal(cluster?.groups.length, names.length);
    const done = [...this.machines.calls, ...this.roles.calls].flatMap((call) => ("cmdlet" in call ? call.cmdlet : []));
    assert.deepEqual(
      done.filter((cmdlet) => forbidden.test(cmdlet)),
      [],
    );
  }
}

function machineOf(name: string, { notes }: Program): Inputs {
  return { name, notes, node: "HV01", path: volume, memory: { startupBytes: 2 ** 30 }, state: "Running" };
}

function roleOf(vmId: string, { priority, ownerNode }: Program): Inputs {
  return { vmId, priority, ...(ownerNode !== undefined && { ownerNode }) };
}
