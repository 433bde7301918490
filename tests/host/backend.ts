import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Call, CallError, Value } from "../../provider/calls";
import { SimulatedConnectionError, type Simulator } from "../../provider/simulator";
import type { References } from "../../provider/simulator/batch";
import { reference } from "../../provider/simulator/engine/reference";
import { Thing } from "../../provider/simulator/engine/thing";
import type { World } from "../../provider/simulator/world/world";

/** A call as the lab engine bound it. */
export interface BoundCall {
  cmdlet: string;
  set: string;
  parameters: Record<string, unknown>;
}

/** What live-objects.ps1 sends when a property is set. */
interface Assigned {
  assign: string;
  target: unknown;
  value: Value;
}

export interface Reply {
  objects?: unknown[];
  warnings?: string[];
  error?: Record<string, unknown>;
}

export interface BackendOptions {
  /** Node that plays; the first without one. */
  node?: string;
  /** Answers in the simulator's place, or looks on; undefined leaves it to the simulator. */
  intercept?: (call: BoundCall, connection: Socket) => Promise<Reply | undefined> | Reply | undefined;
  /** Has the last word, once the simulator has made its change. */
  afterwards?: (call: BoundCall, reply: Reply) => Promise<Reply> | Reply;
  /** The session is lost, as the simulator ordered it. */
  onDrop?: () => void;
}

/** The lab engine's backend: plays a node of a simulated world over TCP, one JSON line a call (see the lab's README). */
export class Backend {
  /** Names of the cmdlets that came, in order. */
  readonly calls: string[] = [];
  /** How many processes have made a call. */
  started = 0;
  /** Names of the only properties that objects need, as nobody reads others; all without. */
  needed: ReadonlySet<string> | undefined;
  /** Milliseconds that a call takes here, or as many as it takes to play it. */
  latency = 0;
  private readonly connections = new Set<Socket>();
  private readonly things = new Map<string, Thing>();

  private constructor(
    public simulator: Simulator,
    private readonly server: Server,
    private readonly options: BackendOptions,
  ) {
    server.on("connection", (connection) => this.serve(connection));
  }

  static async start(simulator: Simulator, options: BackendOptions = {}): Promise<Backend> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Backend(simulator, server, options);
  }

  /** What the engine looks for in its environment. */
  get environment(): Record<string, string> {
    return { POWERSHELL_LAB_BACKEND: `127.0.0.1:${(this.server.address() as AddressInfo).port}` };
  }

  /** Processes that have made a call and live. */
  get open(): number {
    return this.connections.size;
  }

  /** Plays a node of another world from now on. */
  play(simulator: Simulator, node: string): void {
    this.simulator = simulator;
    this.options.node = node;
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(connection: Socket): void {
    this.connections.add(connection);
    this.started += 1;
    connection.setNoDelay(true);
    connection.on("error", () => {});
    connection.on("close", () => this.connections.delete(connection));
    createInterface({ input: connection }).on("line", (line) => {
      const asked = JSON.parse(line) as BoundCall | Assigned;
      const answering = "assign" in asked ? this.assign(asked) : this.answer(asked, connection);
      void Promise.all([answering, sleep(this.latency)]).then(
        ([reply]) => connection.write(`${JSON.stringify(reply)}\n`),
        (error: unknown) => {
          if (error instanceof SimulatedConnectionError) this.options.onDrop?.();
          else console.error(error);
          connection.destroy();
        },
      );
    });
  }

  private async answer(call: BoundCall, connection: Socket): Promise<Reply> {
    this.calls.push(call.cmdlet);
    const instead = await this.options.intercept?.(call, connection);
    if (instead) return instead;
    const references: References = new Map();
    const parameters = {
      ...Object.fromEntries(
        Object.entries(call.parameters).map(([name, value]) => [
          name,
          this.withThings(asDeclared(call.cmdlet, name, value)),
        ]),
      ),
      // the engine asks for consent itself, and does not hand the answer on
      ...(reference.cmdlets[call.cmdlet]?.shouldProcess && { Confirm: false }),
    };
    const asked = { cmdlet: call.cmdlet, parameters, as: "it" } as unknown as Call;
    const [result] = await this.simulator.run(this.options.node, [asked], { references });
    const objects = await this.simulator.look((world) =>
      (references.get("it") ?? []).map((value) =>
        show(world, value, 3, (thing) => this.things.set(thing.key, thing), this.needed),
      ),
    );
    const reply = {
      objects,
      warnings: result?.warnings ?? [],
      ...(result?.error && { error: asReply(result.error) }),
    };
    return (await this.options.afterwards?.(call, reply)) ?? reply;
  }

  private async assign({ assign, target, value }: Assigned): Promise<Reply> {
    const references: References = new Map([["it", [this.withThings(target)]]]);
    const call: Call = { assign, target: { $ref: "it" }, value };
    const [result] = await this.simulator.run(this.options.node, [call], { references });
    return result?.error ? { error: asReply(result.error) } : {};
  }

  private withThings(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.withThings(item));
    if (typeof value !== "object" || value === null) return value;
    const { $object } = value as { $object?: string };
    if ($object === undefined)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.withThings(item)]));
    const thing = this.things.get($object);
    if (!thing) throw new Error(`The engine names ${$object}, which it was never given.`);
    return thing;
  }
}

/** A thing with what it shows now, so many levels deep: the engine's objects are not live. `given` hears of each. */
export function show(
  world: World,
  value: unknown,
  depth: number,
  given: (thing: Thing) => void = () => {},
  needed?: ReadonlySet<string>,
): unknown {
  if (Array.isArray(value)) return value.map((item) => show(world, item, depth, given, needed));
  if (!(value instanceof Thing)) return value ?? null;
  given(value);
  const shown: Record<string, unknown> = { $type: value.type, $handle: value.key };
  if (depth === 0) return shown;
  const read = value.reader(world);
  for (const property of value.properties(world)) {
    if (needed && !needed.has(property.toLowerCase())) continue;
    const shows = show(world, read(property), depth - 1, given, needed);
    // the engine's enums have no null, and none of their numbers is unknown
    if (shows !== null && !(String(shows) === "0" && isEnum(value.type, property))) shown[property] = shows;
  }
  return shown;
}

/** The engine's file cmdlets take lists of paths everywhere; a host's do not. */
function asDeclared(cmdlet: string, parameter: string, value: unknown): unknown {
  const type = reference.cmdlets[cmdlet]?.parameters[parameter]?.type;
  return Array.isArray(value) && value.length === 1 && type === "string" ? value[0] : value;
}

/** Whether a property is none of .NET's own types of text and number. */
function isEnum(type: string, property: string): boolean {
  const own = reference.classes[type]?.properties[property];
  return own !== undefined && !/^object$|string|u?int(16|32|64)|byte|double|single|decimal/i.test(own);
}

/** PowerShell completes the id with the class of the cmdlet. */
function asReply({ id, category, exception, message, hresult, target }: CallError): Record<string, unknown> {
  return {
    id: id.split(",")[0],
    category,
    exception: exception.split(".").pop(),
    message,
    ...(hresult !== undefined && { hresult }),
    ...(target !== undefined && { target }),
  };
}
