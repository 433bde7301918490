// The module of the file cmdlets is not in the reference. Parameter sets as in PowerShell 5.1 and 7, less the credentials and transactions.
const path = (more = {}, { path: pathSets, literal } = {}) => ({
  Path: { type: "string[]", sets: pathSets ?? { Path: "m0p" } },
  LiteralPath: { type: "string[]", aliases: ["PSPath", "LP"], sets: literal ?? { LiteralPath: "mp" } },
  ...more,
  Filter: { type: "string" },
  Include: { type: "string[]" },
  Exclude: { type: "string[]" },
});
export const fileCmdlets = {
  "Copy-Item": {
    shouldProcess: true,
    parameters: path({
      Destination: { type: "string", sets: { "*": "1p" } },
      Container: { type: "switch" },
      Force: { type: "switch" },
      Recurse: { type: "switch" },
      PassThru: { type: "switch" },
    }),
  },
  "Get-ChildItem": {
    default: "Items",
    class: "GetChildItemCommand",
    parameters: path(
      {
        Recurse: { type: "switch" },
        Depth: { type: "uint32" },
        Force: { type: "switch" },
        Name: { type: "switch" },
        Directory: { type: "switch" },
        File: { type: "switch" },
        Hidden: { type: "switch" },
        ReadOnly: { type: "switch" },
        System: { type: "switch" },
      },
      { path: { Items: "0p" }, literal: { LiteralItems: "mp" } },
    ),
  },
  "Get-Item": { parameters: path({ Force: { type: "switch" }, Stream: { type: "string[]" } }) },
  "Move-Item": {
    shouldProcess: true,
    parameters: path({
      Destination: { type: "string", sets: { "*": "1p" } },
      Force: { type: "switch" },
      PassThru: { type: "switch" },
    }),
  },
  "New-Item": {
    default: "pathSet",
    shouldProcess: true,
    parameters: {
      Path: { type: "string[]", sets: { pathSet: "m0p", nameSet: "0p" } },
      Name: { type: "string", sets: { nameSet: "mp" } },
      ItemType: { type: "string", aliases: ["Type"] },
      Value: { type: "Object", aliases: ["Target"] },
      Force: { type: "switch" },
    },
  },
  "Remove-Item": {
    shouldProcess: true,
    parameters: path({ Recurse: { type: "switch" }, Force: { type: "switch" }, Stream: { type: "string[]" } }),
  },
  "Rename-Item": {
    default: "ByPath",
    shouldProcess: true,
    parameters: {
      Path: { type: "string", sets: { ByPath: "m0p" } },
      LiteralPath: { type: "string", aliases: ["PSPath", "LP"], sets: { ByLiteralPath: "mp" } },
      NewName: { type: "string", sets: { "*": "m1p" } },
      Force: { type: "switch" },
      PassThru: { type: "switch" },
    },
  },
  "Test-Path": {
    parameters: path({ PathType: { type: "TestPathType", aliases: ["Type"] }, IsValid: { type: "switch" } }),
  },
};
