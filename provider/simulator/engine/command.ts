import { convert, type Refusal } from "./conversion";
import { CallFailure, failure } from "./failure";
import { type Conversion, conversionOf, typeName } from "./parameter-type";
import { type CmdletData, cmdletName, type ParameterData, reference } from "./reference";
import { emptiness, validate } from "./validation";

/** The cmdlet of this name, with or without its module; what PowerShell says where there is none. */
export function commandOf(written: string): Command {
  const name = cmdletName(written);
  const data = name === undefined ? undefined : reference.cmdlets[name];
  if (name === undefined || !data) throw unknownCommand(written);
  const known = commands.get(name);
  if (known) return known;
  const command = new Command(name, data);
  commands.set(name, command);
  return command;
}

const commands = new Map<string, Command>();

export interface Parameter {
  name: string;
  aliases: readonly string[];
  common: boolean;
  conversion: Conversion;
  data: ParameterData;
  /** Bits of the sets that it is in; 0 when it is in all. */
  sets: number;
  mandatory: number;
  mandatoryInAll: boolean;
  pipeline: number;
  pipelineInAll: boolean;
}

/** A cmdlet's parameters, ready for binding. */
export class Command {
  readonly setNames: string[] = [];
  readonly defaultSet: number;
  readonly parameters: readonly Parameter[];
  private readonly common: readonly Parameter[];
  private readonly byName = new Map<string, Parameter>();
  private readonly found = new Map<string, Parameter | undefined>();

  constructor(
    readonly name: string,
    data: CmdletData,
  ) {
    this.defaultSet = data.default === undefined ? 0 : this.setBit(data.default);
    this.parameters = Object.entries(data.parameters).map(([parameter, own]) => this.parameter(parameter, own, false));
    const common = data.shouldProcess ? { ...commonParameters, ...shouldProcessParameters } : commonParameters;
    this.common = Object.entries(common).map(([parameter, own]) => this.parameter(parameter, own, true));
    for (const parameter of [...this.parameters, ...this.common])
      for (const key of [parameter.name, ...parameter.aliases])
        if (!this.byName.has(key.toLowerCase())) this.byName.set(key.toLowerCase(), parameter);
  }

  /** By name, alias, or an unambiguous beginning of one; the cmdlet's own parameters go before common ones. */
  find(written: string): Parameter | undefined {
    const name = bare(written).toLowerCase();
    const exact = this.byName.get(name);
    if (exact) return exact;
    if (this.found.has(name)) return this.found.get(name);
    if (name === "") throw namelessParameter();
    const matches = new Set([...this.byName].filter(([key]) => key.startsWith(name)).map(([, parameter]) => parameter));
    const own = [...matches].filter((parameter) => !parameter.common);
    const match = own.length === 1 ? own[0] : [...matches][0];
    if (matches.size > 1 && own.length !== 1) {
      const candidates = [...matches].map((parameter) => ` -${parameter.name}`).join("");
      throw this.refuse(
        "AmbiguousParameter",
        `Parameter cannot be processed because the parameter name '${bare(written)}' is ambiguous. Possible matches include:${candidates}.`,
      );
    }
    this.found.set(name, match);
    return match;
  }

  /** Conversion, then declared validation, then what a mandatory parameter does not take, then the setter: the engine's order. */
  accept(parameter: Parameter, value: unknown): unknown {
    const { name, data } = parameter;
    const converted = convert(parameter.conversion, value);
    if (!converted.ok) throw this.refuseValue(parameter, converted.refusal);
    const invalid = validate(this.name, name, data, converted.value);
    if (invalid !== undefined)
      throw this.invalid(
        "ParameterArgumentValidationError",
        `Cannot validate argument on parameter '${name}'. ${invalid}`,
      );
    const empty =
      parameter.mandatory !== 0 || parameter.mandatoryInAll
        ? emptiness(parameter.conversion, converted.value)
        : undefined;
    if (empty)
      throw this.invalid(
        `ParameterArgumentValidationError${empty.id}`,
        `Cannot bind argument to parameter '${name}' because it is ${empty.text}.`,
      );
    if (converted.value === null && parameter.conversion.isValueType && !parameter.conversion.isList) {
      const message = `Cannot bind parameter '${name}' to the target. Exception setting "${name}": "Cannot convert null to type "${typeName(parameter.conversion)}"."`;
      throw this.refuse("ParameterBindingFailed", message, "WriteError");
    }
    return converted.value;
  }

  refuse(errorId: string, message: string, category = "InvalidArgument"): CallFailure {
    return failure(this.name, { errorId, category }, message, {
      exception: "System.Management.Automation.ParameterBindingException",
    });
  }

  ambiguousSet(): CallFailure {
    const message =
      "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together or an insufficient number of parameters were provided.";
    return this.refuse("AmbiguousParameterSet", message);
  }

  setName(sets: number): string {
    return this.setNames.find((_, index) => sets === 1 << index) ?? "__AllParameterSets";
  }

  private invalid(errorId: string, message: string): CallFailure {
    return failure(this.name, { errorId, category: "InvalidData" }, message, {
      exception: "System.Management.Automation.ParameterBindingValidationException",
    });
  }

  private refuseValue(parameter: Parameter, refusal: Refusal): CallFailure {
    switch (refusal.kind) {
      case "null":
        return this.refuse(
          "ParameterArgumentValidationErrorNullNotAllowed",
          `Cannot bind argument to parameter '${parameter.name}' because it is null.`,
        );
      case "kind":
        return this.refuse(
          "CannotConvertArgument",
          `Cannot convert '${refusal.value}' to the type '${refusal.type}' required by parameter '${parameter.name}'. ${refusal.reason}`,
        );
      case "value":
        return this.refuse(
          "CannotConvertArgumentNoMessage",
          `Cannot bind parameter '${parameter.name}'. ${refusal.reason}`,
        );
    }
  }

  private parameter(name: string, data: ParameterData, common: boolean): Parameter {
    const parameter: Parameter = {
      name,
      data,
      common,
      aliases: data.aliases ?? [],
      conversion: conversionOf(data.type),
      sets: 0,
      mandatory: 0,
      mandatoryInAll: false,
      pipeline: 0,
      pipelineInAll: false,
    };
    for (const [set, flags] of Object.entries(data.sets ?? {})) {
      const bit = set === "*" ? 0 : this.setBit(set);
      parameter.sets |= bit;
      if (flags.startsWith("m")) {
        parameter.mandatory |= bit;
        parameter.mandatoryInAll ||= bit === 0;
      }
      if (flags.endsWith("p")) {
        parameter.pipeline |= bit;
        parameter.pipelineInAll ||= bit === 0;
      }
    }
    return parameter;
  }

  private setBit(set: string): number {
    let index = this.setNames.indexOf(set);
    if (index < 0) index = this.setNames.push(set) - 1;
    return 1 << index;
  }
}

/** A dash in front belongs to how a parameter is written. */
export function bare(written: string): string {
  return written.replace(/^[-–—―]/u, "");
}

export function unknownCommand(written: string): CallFailure {
  const cut = written.lastIndexOf("\\");
  const module = written.slice(0, Math.max(cut, 0)).toLowerCase();
  const missingModule = cut >= 0 && !modules.has(module);
  return new CallFailure({
    id: missingModule ? "CouldNotAutoLoadModule" : "CommandNotFoundException",
    category: "ObjectNotFound",
    exception: "System.Management.Automation.CommandNotFoundException",
    message: missingModule
      ? `The module '${written.slice(0, cut)}' could not be loaded. For more information, run 'Import-Module ${written.slice(0, cut)}'.`
      : `The term '${written}' is not recognized as a name of a cmdlet, function, script file, or executable program.`,
    target: written,
  });
}

const modules = new Set(Object.values(reference.cmdlets).map((cmdlet) => cmdlet.module.toLowerCase()));

function namelessParameter(): CallFailure {
  return new CallFailure({
    id: "Argument",
    category: "InvalidArgument",
    exception: "System.Management.Automation.RuntimeException",
    message: 'Cannot process argument because the value of argument "name" is not valid.',
  });
}

const commonParameters: Readonly<Record<string, ParameterData>> = {
  Verbose: { type: "switch", aliases: ["vb"] },
  Debug: { type: "switch", aliases: ["db"] },
  ErrorAction: { type: "ActionPreference", aliases: ["ea"] },
  WarningAction: { type: "ActionPreference", aliases: ["wa"] },
  InformationAction: { type: "ActionPreference", aliases: ["infa"] },
  ProgressAction: { type: "ActionPreference", aliases: ["proga"] },
  ErrorVariable: { type: "string", aliases: ["ev"] },
  WarningVariable: { type: "string", aliases: ["wv"] },
  InformationVariable: { type: "string", aliases: ["iv"] },
  OutVariable: { type: "string", aliases: ["ov"] },
  OutBuffer: { type: "int", aliases: ["ob"], validateRange: [0, 2147483647] },
  PipelineVariable: { type: "string", aliases: ["pv"] },
};

const shouldProcessParameters: Readonly<Record<string, ParameterData>> = {
  WhatIf: { type: "switch", aliases: ["wi"] },
  Confirm: { type: "switch", aliases: ["cf"] },
};
