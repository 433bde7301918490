import { bare, type Command, commandOf, type Parameter } from "./command";

export type { Typed } from "./conversion";

/** A call as a cmdlet receives it. */
export interface Bound {
  /** The cmdlet's name as its module spells it. */
  cmdlet: string;
  set: string;
  /** By the parameters' full names. Of the common parameters only Confirm is among them, when it was given. */
  parameters: Record<string, unknown>;
  whatIf: boolean;
}

/**
 * Binds splatted parameters as PowerShell's CmdletParameterBinderController does, in its order: so that a call with several
 * mistakes is refused for the one that a host would name.
 */
export function bind(cmdlet: string, parameters: Readonly<Record<string, unknown>>): Bound {
  const command = commandOf(cmdlet);
  const binding = new Binding(command);
  const unknown: string[] = [];
  for (const [written, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    const parameter = command.find(written);
    if (parameter) binding.bind(parameter, value);
    else unknown.push(written);
  }
  binding.validateSets("beforeInput");
  if (unknown[0] !== undefined)
    throw command.refuse(
      "NamedParameterNotFound",
      `A parameter cannot be found that matches parameter name '${bare(unknown[0])}'.`,
    );
  binding.validateSets("final");
  binding.requireMandatory();
  return binding.result();
}

/** All sets at once, until a parameter narrows them. */
const all = -1;

class Binding {
  private readonly bound = new Map<Parameter, unknown>();
  private sets = all;

  constructor(private readonly command: Command) {}

  bind(parameter: Parameter, value: unknown): void {
    if (this.bound.has(parameter)) {
      const message = `Cannot bind parameter because parameter '${parameter.name}' is specified more than once. To provide multiple values to parameters that can accept multiple values, use the array syntax.`;
      throw this.command.refuse("ParameterAlreadyBound", message);
    }
    this.bound.set(parameter, this.command.accept(parameter, value));
    if (parameter.sets !== 0) this.sets &= parameter.sets;
  }

  /** Twice, as the engine does: before it knows of unknown parameters, and at the end, when the default set decides. */
  validateSets(when: "beforeInput" | "final"): void {
    const { defaultSet } = this.command;
    if (this.sets === 0) throw this.command.ambiguousSet();
    const single = this.sets === all ? this.command.setNames.length <= 1 && defaultSet === 0 : count(this.sets) === 1;
    if (single) return;
    if (defaultSet !== 0 && (this.sets & defaultSet) !== 0) {
      if (when === "final") this.sets = defaultSet;
      return;
    }
    if (when === "beforeInput" && this.someUnboundTakesPipeline()) return;
    this.resolveByMandatory();
  }

  /** Several sets are left and none is the default: the one that lacks no mandatory parameter, if it is the only one. */
  private resolveByMandatory(): void {
    let left = this.sets & this.command.parameters.reduce((sets, parameter) => sets | parameter.sets, 0);
    for (const parameter of this.unbound()) left &= ~parameter.mandatory;
    if (count(left) !== 1) throw this.command.ambiguousSet();
    this.sets = left;
  }

  requireMandatory(): void {
    const missing = this.unbound().filter(
      (parameter) => parameter.mandatoryInAll || (parameter.mandatory & this.sets) !== 0,
    );
    if (missing.length === 0) return;
    const names = missing.map((parameter) => parameter.name).join(" ");
    throw this.command.refuse(
      "MissingMandatoryParameter",
      `Cannot process command because of one or more missing mandatory parameters: ${names}.`,
    );
  }

  result(): Bound {
    const parameters: Record<string, unknown> = {};
    let whatIf = false;
    for (const [parameter, value] of this.bound) {
      if (parameter.name === "WhatIf" && parameter.common) whatIf = value === true;
      else if (!parameter.common || parameter.name === "Confirm") parameters[parameter.name] = value;
    }
    return { cmdlet: this.command.name, set: this.command.setName(this.sets), parameters, whatIf };
  }

  private unbound(): Parameter[] {
    return this.command.parameters.filter((parameter) => !this.bound.has(parameter));
  }

  private someUnboundTakesPipeline(): boolean {
    return this.unbound().some((parameter) => parameter.pipelineInAll || (parameter.pipeline & this.sets) !== 0);
  }
}

function count(sets: number): number {
  let result = 0;
  for (let left = sets; left !== 0; left &= left - 1) result += 1;
  return result;
}
