import { fileCmdlets } from "./file-cmdlets.mjs";

const HYPER_V = "Microsoft.HyperV.PowerShell.Commands";
const VHD = "Microsoft.Vhd.PowerShell.Cmdlets";
const CLUSTER = "Microsoft.FailoverClusters.PowerShell";

// Classes that do not follow from the cmdlet's name, from error records of real hosts.
const classes = {
  "New-VHD": `${VHD}.NewVhd`,
  "Mount-VHD": `${VHD}.MountVhd`,
  "Get-ClusterNode": `${CLUSTER}.GetNodeCommand`,
  "Get-ClusterResource": `${CLUSTER}.GetResourceCommand`,
  "Get-ClusterParameter": `${CLUSTER}.GetParameterCommand`,
};

function className(module, name) {
  const [verb, noun] = name.split("-");
  if (classes[name]) return classes[name];
  if (module === "FailoverClusters") return `${CLUSTER}.${verb}${noun}Command`;
  if (module === "Hyper-V") return `${["VHD", "VHDSet", "VHDSnapshot"].includes(noun) ? VHD : HYPER_V}.${verb}${noun}`;
  return name; // the CIM modules are functions, whose errors end with their own name
}

// Two modules have an enum of this name.
const renamed = { "Hyper-V": { GroupType: "VMGroupType" } };

/** The cmdlets, enums and classes of all modules, and which cmdlets read of several machines. */
export function compact(modules) {
  const cmdlets = {},
    enums = {},
    objects = {},
    ofMachines = [];
  for (const { module, cmdlets: own, enums: ownEnums = {}, objects: ownObjects = {} } of modules) {
    const rename = (name) => renamed[module]?.[name] ?? name;
    for (const [name, values] of Object.entries(ownEnums)) enums[rename(name)] = values;
    for (const [name, { properties }] of Object.entries(ownObjects)) {
      const types = Object.entries(properties).filter(([property]) => property !== name);
      objects[name] = Object.fromEntries(types.map(([property, type]) => [property, shortType(type, rename)]));
    }
    for (const [name, cmdlet] of Object.entries(own)) {
      if (readsMachines(name, cmdlet, ownObjects)) ofMachines.push(name);
      cmdlets[name] = {
        module,
        class: className(module, name),
        ...(cmdlet.defaultSet ? { default: cmdlet.defaultSet } : {}),
        ...(cmdlet.supportsShouldProcess || cmdlet.parameters.Confirm || cmdlet.parameters.WhatIf
          ? { shouldProcess: true }
          : {}),
        parameters: Object.fromEntries(
          Object.entries(cmdlet.parameters)
            .filter(([parameter]) => !common.has(parameter))
            .map(([parameter, spec]) => [parameter, compactParameter(spec, rename)]),
        ),
      };
    }
  }
  const module = "Microsoft.PowerShell.Management";
  enums.TestPathType = { Any: 0, Container: 1, Leaf: 2 };
  for (const [name, { class: own, default: defaultSet, ...cmdlet }] of Object.entries(fileCmdlets)) {
    const command = own ?? `${name.replace("-", "")}Command`;
    cmdlets[name] = {
      module,
      class: `Microsoft.PowerShell.Commands.${command}`,
      default: defaultSet ?? "Path",
      ...cmdlet,
    };
  }
  return { cmdlets, enums, objects, ofMachines };
}

/** Whether a cmdlet takes several machines, and each of its results says of which it is. */
function readsMachines(name, { parameters, outputs = [] }, objects) {
  const [output = ""] = outputs;
  return (
    name.startsWith("Get-") &&
    parameters.VM?.type === "VirtualMachine[]" &&
    objects[output.split(".").pop()]?.properties.VMId !== undefined
  );
}

// Declared by functions of the module itself, where PowerShell adds them to any other cmdlet.
const common = new Set(["Confirm", "WhatIf", "Verbose", "Debug", "ErrorAction"]);

const unnamed = /^(?:Diagnostics\.TraceLevel)$/;

// a .NET enum that the reference does not list

function shortType(type, rename) {
  const nullable = /^Nullable[[<](.*)[\]>]$/.exec(type);
  if (nullable) return `${shortType(nullable[1], rename)}?`;
  if (type.endsWith("[]")) return `${shortType(type.slice(0, -2), rename)}[]`;
  if (type === "Management.Automation.CredentialAttribute()") return "pscredential";
  if (unnamed.test(type)) return "Object";
  return type.includes("<") ? type : rename(type.split(/[.+]/).pop());
}

/** A set is written as flags: m for mandatory, the position, p for pipeline input; in all sets and none of these is not written. */
function compactParameter({ type, aliases, validateSet, validateRange, sets }, rename) {
  const flags = sets.map(({ set, mandatory, position, pipeline }) => [
    set,
    `${mandatory ? "m" : ""}${position ?? ""}${pipeline ? "p" : ""}`,
  ]);
  const plain = flags.length === 1 && flags[0][0] === "*" && flags[0][1] === "";
  return {
    type: shortType(type, rename),
    ...(aliases ? { aliases } : {}),
    ...(validateSet ? { validateSet } : {}),
    ...(validateRange ? { validateRange: range(validateRange) } : {}),
    ...(plain ? {} : { sets: Object.fromEntries(flags) }),
  };
}

const range = (text) => text.split(",").map(Number);
