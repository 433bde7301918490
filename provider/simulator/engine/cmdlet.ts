import type { Node, World } from "../world/world";
import type { Bound } from "./binder";
import { failure } from "./failure";
import { isClusterCim } from "./reference";
import type { Thing } from "./thing";

/** What a cmdlet does to the world of the node it runs on. Results are things, or scalars such as Test-Path's. */
export type Cmdlet = (call: Running) => readonly (Thing | string | number | boolean)[] | undefined;

/** By the cmdlet's full name; each noun's file has its own table. */
export type Cmdlets = Readonly<Record<string, Cmdlet>>;

/** A call while it runs: where, with what, and the ways to answer. */
export class Running {
  readonly warnings: string[] = [];

  constructor(
    readonly world: World,
    readonly node: Node,
    readonly bound: Bound,
  ) {}

  get cmdlet(): string {
    return this.bound.cmdlet;
  }

  has(parameter: string): boolean {
    return this.bound.parameters[parameter] !== undefined;
  }

  /** The parameter as the binder converted it, or undefined. */
  get<T>(parameter: string): T | undefined {
    return this.bound.parameters[parameter] as T | undefined;
  }

  text(parameter: string): string | undefined {
    return this.get<string>(parameter);
  }

  number(parameter: string): number | undefined {
    return this.get<number>(parameter);
  }

  /** A switch that is absent is off. */
  flag(parameter: string): boolean {
    return this.get<boolean>(parameter) === true;
  }

  /** A list, also where the parameter takes one value. */
  texts(parameter: string): string[] | undefined {
    return this.list<string>(parameter);
  }

  things(parameter: string): Thing[] | undefined {
    return this.list<Thing>(parameter);
  }

  private list<T>(parameter: string): T[] | undefined {
    const value = this.get<T | T[] | null>(parameter) ?? undefined;
    return value === undefined || Array.isArray(value) ? value : [value];
  }

  warn(message: string): void {
    this.warnings.push(message);
  }

  fail(errorId: string, category: string, message: string, more: { exception?: string; hresult?: number } = {}): never {
    const origin = isClusterCim(this.cmdlet) ? this.cmdlet : undefined;
    throw failure(this.cmdlet, { errorId, category }, message, { ...more, origin });
  }

  /** `InvalidParameter` / InvalidArgument: a bad value, and also "no such name" from Get-VM and the switch cmdlets. */
  invalid(message: string, hresult?: number): never {
    this.fail("InvalidParameter", "InvalidArgument", message, { hresult });
  }

  notFound(message: string, hresult?: number): never {
    this.fail("ObjectNotFound", "ObjectNotFound", message, { hresult });
  }

  /** Not in this state: what a running machine answers to what needs it off. */
  invalidState(message: string): never {
    this.fail("InvalidState", "InvalidOperation", message);
  }

  operationFailed(message: string, hresult?: number): never {
    this.fail("OperationFailed", "NotSpecified", message, { hresult });
  }

  /** Cmdlets that ask before they act fail where nobody can be asked: `-NonInteractive` (recorded for Stop-VM, hyper-v.md 2.7). */
  needsForce(): void {
    if (!this.flag("Force"))
      this.fail(
        "InvalidOperation",
        "InvalidOperation",
        "Windows PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.",
      );
  }
}
