#!/usr/bin/env python3
"""Write the types and cmdlets of ../../tools/reference/*.json as C#, and the manifests of the modules that hold them.

usage: generate.py cmdlets REFERENCE OUT.cs | generate.py manifests MODULES_DIR
Every cmdlet becomes a class of the name and namespace that the real module uses, so that PowerShell's own parameter
binder judges each call and a FullyQualifiedErrorId ends as it does on a real host.
"""
import json, pathlib, re, sys, uuid

REF = pathlib.Path(__file__).resolve().parent.parent.parent / "tools" / "reference"
HV, VHD, FC = "Microsoft.HyperV.PowerShell", "Microsoft.Vhd.PowerShell", "Microsoft.FailoverClusters.PowerShell"
VHD_TYPES = {"VhdType", "VhdFormat", "VhdCompactMode", "VirtualHardDisk", "VHDSetInfo", "VHDSnapshotInfo"}
VHD_NOUNS = {"VHD", "VHDSet", "VHDSnapshot"}
SKIP_OBJECTS = {"GetVMHostNumaNodeStatus", "RestartVM", "ClusterLogParser", "ClusterNodeLogParser"}
HV_CLASS = {"Checkpoint-VM": "NewVMSnapshot", "New-VHD": "NewVhd", "Restore-VMSnapshot": "RestoreVMSnapshot"}
FC_CLASS = {"Get-ClusterNode": "GetNodeCommand", "Get-ClusterParameter": "GetParameterCommand"}
BASIC = {
    "string": "string", "int": "int", "uint32": "uint", "uint64": "ulong", "uint16": "ushort", "int16": "short",
    "long": "long", "bool": "bool", "byte": "byte", "guid": "System.Guid", "switch": "SwitchParameter",
    "pscredential": "PSCredential", "hashtable": "System.Collections.Hashtable", "timespan": "System.TimeSpan",
    "datetime": "System.DateTime", "version": "System.Version", "psobject": "PSObject", "Object": "object",
    "CimSession": "Microsoft.Management.Infrastructure.CimSession", "securestring": "System.Security.SecureString",
    "ciminstance": "Microsoft.Management.Infrastructure.CimInstance",
    "Management.Automation.CredentialAttribute()": "PSCredential",
    "Collections.Specialized.StringCollection": "System.Collections.Specialized.StringCollection",
    # property spellings
    "String": "string", "Boolean": "bool", "Guid": "System.Guid", "UInt32": "uint", "Int32": "int", "Int64": "long",
    "UInt64": "ulong", "UInt16": "ushort", "Byte": "byte", "DateTime": "System.DateTime", "TimeSpan": "System.TimeSpan",
    "Version": "System.Version", "Collections.Hashtable": "System.Collections.Hashtable",
}
VALUE = {"int", "uint", "ulong", "ushort", "short", "long", "bool", "byte", "System.Guid", "System.TimeSpan", "System.DateTime"}


UTILITY = ["Write-Output", "Write-Host", "Write-Warning", "Write-Verbose", "Write-Progress", "Write-Error", "New-Object", "Start-Sleep", "Get-Date", "Select-Object", "ConvertTo-Json", "ConvertFrom-Json"]
MANAGEMENT = ["Test-Path", "Get-Item", "Get-ChildItem", "Remove-Item", "New-Item", "Copy-Item", "Move-Item", "Rename-Item"]


class Module:
    def __init__(self, data, namespace):
        self.data, self.ns = data, namespace
        self.enums, self.objects = data.get("enums", {}), {k: v for k, v in data.get("objects", {}).items() if k not in SKIP_OBJECTS}

    def full(self, name):
        ns = VHD if (self.ns == HV and name in VHD_TYPES) else self.ns
        return f"global::{ns}.{name}"

    def known(self, name):
        short = re.split(r"[.+]", name)[-1]
        if short in self.enums or short in self.objects:
            return self.full(short), short in self.enums
        return None, False

    def type(self, t):
        t = t.strip()
        if t in BASIC:
            return BASIC[t]
        m = re.fullmatch(r"Nullable[\[<](.*)[\]>]", t)
        if m:
            inner = self.type(m[1])
            _, is_enum = self.known(m[1])
            return inner + "?" if inner in VALUE or is_enum else "object"
        if t.endswith("[]"):
            inner = self.type(t[:-2])
            return inner + "[]"
        m = re.fullmatch(r"(?:List|IList|IReadOnlyList|IReadOnlyCollection|ICollection)<(.*)>", t)
        if m:
            return self.type(m[1]) + "[]"
        return self.known(t)[0] or "object"


def ident(name):
    return "@" + name


def literal(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def types(mod, out):
    for name, values in mod.enums.items():
        ns = mod.full(name)[len("global::"):].rsplit(".", 1)[0]
        body = ", ".join(f"{ident(k)} = {v}" for k, v in values.items())
        out.append(f"namespace {ns} {{ public enum {name} : long {{ {body} }} }}")
    for name, obj in mod.objects.items():
        ns = mod.full(name)[len("global::"):].rsplit(".", 1)[0]
        props = "".join(f" public {mod.type(t)} {ident(k)} {{ get; set; }}" for k, t in obj["properties"].items() if k != name)
        parent = "HyperVLab.LabObject"
        if mod.ns == HV and name in ("VMNetworkAdapter", "VMInternalNetworkAdapter"):
            parent = mod.full("VMNetworkAdapterBase"); base = mod.objects["VMNetworkAdapterBase"]["properties"]
        elif mod.ns == HV and name in ("VirtualMachine", "VMSnapshot"):
            parent = mod.full("VirtualMachineBase"); base = mod.objects["VirtualMachineBase"]["properties"]
        elif mod.ns == HV and name in ("VMScsiController", "VMIdeController", "VMPmemController"):
            parent = mod.full("VMDriveController"); base = mod.objects["VMDriveController"]["properties"]
        else:
            base = {}
        if base:
            props = "".join(f" public {mod.type(t)} {ident(k)} {{ get; set; }}" for k, t in obj["properties"].items() if k != name and k not in base)
        out.append(f"namespace {ns} {{ public class {name} : {parent} {{{props} }} }}")


def cmdlets(mod, out):
    for name, c in mod.data["cmdlets"].items():
        verb, noun = name.split("-", 1)
        if mod.ns == HV:
            ns = f"{VHD}.Cmdlets" if noun in VHD_NOUNS else f"{HV}.Commands"
            cls = HV_CLASS.get(name, verb + noun)
        elif mod.ns == FC:
            ns, cls = FC, FC_CLASS.get(name, verb + noun + "Command")
        else:
            ns, cls = mod.ns, verb + noun
        args = [literal(verb), literal(noun)]
        if c.get("defaultSet"):
            args.append(f"DefaultParameterSetName = {literal(c['defaultSet'])}")
        if c.get("supportsShouldProcess"):
            args.append("SupportsShouldProcess = true")
        body = []
        for p, spec in c["parameters"].items():
            if p in ("Confirm", "WhatIf", "Verbose", "Debug", "ErrorAction"):
                continue
            for s in spec["sets"]:
                a = []
                if s["set"] != "*":
                    a.append(f"ParameterSetName = {literal(s['set'])}")
                if s["mandatory"]:
                    a.append("Mandatory = true")
                if s["position"] is not None:
                    a.append(f"Position = {s['position']}")
                if s["pipeline"]:
                    a.append("ValueFromPipeline = true")
                body.append(f"[Parameter({', '.join(a)})]")
            if spec.get("aliases"):
                body.append(f"[Alias({', '.join(map(literal, spec['aliases']))})]")
            if spec.get("validateSet"):
                body.append(f"[ValidateSet({', '.join(map(literal, spec['validateSet']))})]")
            body.append(f"public {mod.type(spec['type'])} {ident(p)} {{ get; set; }}")
        out.append(f"namespace {ns} {{ [Cmdlet({', '.join(args)})] public class {cls} : HyperVLab.LabCmdlet {{ {' '.join(body)} }} }}")


def manifest(folder, name, version, names):
    path = folder / name
    path.mkdir(parents=True, exist_ok=True)
    listed = ",".join(f"'{n}'" for n in names)
    dll = "lab-" + name.split(".")[-1].lower() + ".dll"
    (path / f"{name}.psd1").write_text(
        f"@{{ RootModule = '../../{dll}'; ModuleVersion = '{version}'; GUID = '{uuid.uuid5(uuid.NAMESPACE_DNS, name)}'; "
        f"CmdletsToExport = @({listed}); FunctionsToExport = @(); AliasesToExport = @() }}\n")


def main():
    if sys.argv[1] == "cmdlets":
        data = json.loads((REF / f"{sys.argv[2]}.json").read_text())
        mod = Module(data, {"Hyper-V": HV, "FailoverClusters": FC}.get(data["module"], "HyperVLab.Modules." + data["module"]))
        out = ["// <auto-generated/>", "#pragma warning disable", "using System.Management.Automation;"]
        types(mod, out)
        cmdlets(mod, out)
        pathlib.Path(sys.argv[3]).write_text("\n".join(out) + "\n")
    else:
        folder = pathlib.Path(sys.argv[2])
        for path in sorted(REF.glob("*.json")):
            data = json.loads(path.read_text())
            manifest(folder, data["module"], data.get("version") or "1.0", data["cmdlets"])
        manifest(folder, "Microsoft.PowerShell.Utility", "7.0.0.0", UTILITY)
        manifest(folder, "Microsoft.PowerShell.Management", "7.0.0.0", MANAGEMENT)


main()
