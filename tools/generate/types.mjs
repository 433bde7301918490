import { fileCmdlets } from "./file-cmdlets.mjs";

// What definitions may plan gets types: each of these verbs with each of these nouns, where there is such a cmdlet, and the file cmdlets.
const typedVerbs =
  words(`Add Checkpoint Compare Connect Convert Disable Disconnect Dismount Enable Get Merge Mount Move New Optimize
  Remove Rename Resize Restart Restore Resume Save Set Start Stop Suspend Test Update Wait`);
const typedNouns = words(`VM VMBios VMComPort VMDvdDrive VMFirmware VMHardDiskDrive VMHost VMIdeController
  VMIntegrationService VMKeyProtector VMMemory VMNetworkAdapter VMNetworkAdapterIsolation VMNetworkAdapterVlan VMProcessor
  VMScsiController VMSecurity VMSecurityPolicy VMSnapshot VMHostSupportedVersion VMStorage VMSwitch VMSwitchTeam VMSwitchTeamMember VMTPM
  VMVersion VMMigration VMMigrationNetwork VHD VHDSet Cluster ClusterGroup ClusterNetwork ClusterNode ClusterOwnerNode ClusterParameter
  ClusterQuorum ClusterResource ClusterResourceType ClusterAvailableDisk ClusterDisk ClusterSharedVolume ClusterFaultDomain ClusterVMMonitoredItem Disk ClusterGroupSet ClusterGroupSetDependency ClusterGroupToSet ClusterGroupFromSet ClusterAffinityRule
  ClusterGroupToAffinityRule ClusterGroupFromAffinityRule ClusterVirtualMachineConfiguration ClusterVirtualMachineRole NetAdapter`);
// Read from hosts, though no typed cmdlet takes them.
const readEnums = [
  "ClusterGroupState",
  "ClusterNodeState",
  "ControllerType",
  "VMNetworkAdapterVlanMode",
  "VMState",
  "VMSwitchType",
  "VhdFormat",
  "VhdType",
];
// Never passed: they need CIM rights or CredSSP delegation, and fail outside a domain (recorded).
const untyped = new Set(["CimSession", "ComputerName", "Credential", "ThrottleLimit"]);

/** What provider/calls/cmdlets.generated.ts says. */
export function typesText({ cmdlets, enums, ofMachines }, notice) {
  const names = Object.keys(cmdlets)
    .filter((name) => isTyped(name))
    .sort();
  const used = new Set(readEnums);
  const blocks = names.map((name) => {
    const { parameters, shouldProcess } = cmdlets[name];
    const own = Object.entries(parameters).filter(
      ([parameter, { type }]) => !untyped.has(parameter) && !type.startsWith("pscredential"),
    );
    const lines = own.map(([parameter, spec]) => `    ${parameter}?: ${scriptType(parameter, spec, enums, used)};`);
    if (shouldProcess) lines.push("    Confirm?: boolean;", "    WhatIf?: boolean;");
    return lines.length ? `  "${name}": {\n${lines.join("\n")}\n  };` : `  "${name}": Record<string, never>;`;
  });
  const consts = [...used].sort().map((name) => {
    const members = Object.keys(enums[name]).map((member) => JSON.stringify(member));
    return `export const ${name} = [${members.join(", ")}] as const;\nexport type ${name} = (typeof ${name})[number];`;
  });
  const modules = names.map((name) => `  "${name}": "${cmdlets[name].module}",`);
  const typesOf = (parameter) =>
    names.map((name) => cmdlets[name].parameters[parameter]?.type).filter((type) => type !== undefined);
  const switches = [...new Set(names.flatMap((name) => Object.keys(cmdlets[name].parameters)))]
    .filter(
      (parameter) =>
        !untyped.has(parameter) &&
        typesOf(parameter).includes("switch") &&
        !typesOf(parameter).some((type) => type.startsWith("bool")),
    )
    .sort();
  const text = [
    `// ${notice}`,
    `import type { ${["Reference", "SecretValue", "Value"].filter((name) => new RegExp(`\\b${name}\\b`).test(helpers + blocks.join())).join(", ")} } from "./value";`,
    helpers,
    ...consts,
    `/** By cmdlet, all its parameters; which go together is the binder's to judge. */\nexport interface CmdletParameters {\n${blocks.join("\n")}\n}`,
    "export type CmdletName = keyof CmdletParameters;",
    `/** The module that a cmdlet is called by, since other products export cmdlets of the same names. */\nexport const moduleOf: Readonly<Record<CmdletName, string>> = {\n${modules.join("\n")}\n};`,
    `/** Parameters that are switches wherever they take true or false. */\nexport const switches: ReadonlySet<string> = new Set(${JSON.stringify([...switches, "Confirm", "WhatIf"])});`,
    `/** What reads of several machines at once, and says of each result whose it is: in VMId. */\nexport const readsOfMachines: ReadonlySet<string> = new Set(${JSON.stringify(ofMachines.filter(isTyped).sort())});`,
  ];
  return `${text.join("\n\n")}\n`;
}

const helpers =
  "type One<T> = T | Reference;\ntype Many<T> = T | Reference | readonly (T | Reference)[];\ntype Table = { readonly [key: string]: Value };";

function words(text) {
  return text.split(/\s+/);
}

function isTyped(name) {
  const [verb, noun] = name.split("-");
  return name in fileCmdlets || (typedVerbs.includes(verb) && typedNouns.includes(noun));
}

function scriptType(parameter, { type: written, sets = {} }, enums, used) {
  if (written === "StringCollection") return "Many<string>";
  const isList = written.endsWith("[]");
  const type = written.replace(/\[\]$/, "").replace(/\?$/, "");
  if (enums[type]) used.add(type);
  const one = scriptTypes[type] ?? (enums[type] ? type : undefined);
  // Null empties some texts: Set-VMDvdDrive -Path takes the disc out.
  if (one === "string" && !isList && !Object.values(sets).some((flags) => flags.startsWith("m")))
    return "One<string | null>";
  if (one) return `${isList ? "Many" : "One"}<${one}>`;
  if (type === "Object" || (type === "psobject" && parameter !== "InputObject")) return "Value";
  return isList ? "Reference | readonly Reference[]" : "Reference";
}

const scriptTypes = {
  ...Object.fromEntries(["byte", "int", "int16", "long", "uint16", "uint32", "uint64"].map((type) => [type, "number"])),
  ...Object.fromEntries(["string", "guid", "version", "timespan", "datetime"].map((type) => [type, "string"])),
  bool: "boolean",
  switch: "boolean",
  hashtable: "Table",
  securestring: "SecretValue",
};
