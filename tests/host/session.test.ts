import assert from "node:assert/strict";
import { type Call, result, type Value } from "../../provider/calls";
import { errorOf } from "../../provider/host/errors";
import { reason } from "../powershell";
import { call } from "./call";
import { HostedSession } from "./hosted-session";

describe(`a PowerShell session${reason}`, () => {
  const hosted = new HostedSession();
  const { batch, one } = hosted;

  it("says who it is when it begins", () => {
    const { version, edition, computer, modules, rights } = hosted.session.hello;
    assert.match(version, /^\d+\.\d+/);
    assert.match(edition ?? "", /^(Core|Desktop)$/);
    assert.notEqual(computer, "");
    assert.deepEqual(Object.keys(modules).sort(), ["FailoverClusters", "Hyper-V"]);
    assert(modules["Hyper-V"] && "version" in modules["Hyper-V"]);
    if (process.platform !== "win32") assert.equal(rights, null);
  });

  it("ends a batch at its first error, and runs the batches behind it", async () => {
    const results = await hosted.session.run([
      [call("Get-VM", { Name: "web" }), call("Get-VM", { Name: "nobody" }), call("Get-VM", { Name: "web" })],
      [call("Get-VM", { Name: "web" })],
    ]);
    assert.deepEqual(
      results.map((answers) => answers.map(({ error }) => error?.id)),
      [[undefined, "InvalidParameter,Microsoft.HyperV.PowerShell.Commands.GetVM"], [undefined]],
    );
  });

  it("keeps an error's id, category and codes, whatever language its text is in", async () => {
    for (const message of [
      "Fehler beim Starten: Nicht genügend Arbeitsspeicher (0x8007000E).",
      "仮想マシンを起動できませんでした (0x8007000E)。",
      "No se pudo iniciar la m\u00c3\u00a1quina (0x8007000E)",
    ]) {
      hosted.reply = () => ({
        error: { id: "OperationFailed", category: "NotSpecified", exception: "VirtualizationException", message },
      });
      const { error } = await one(call("Start-VM", { Name: "web" }));
      assert(error);
      assert.equal(error.id, "OperationFailed,Microsoft.HyperV.PowerShell.Commands.StartVM");
      assert.equal(error.message, message);
      assert.equal(errorOf(error, { address: "HV01", cmdlet: "Start-VM" }).name, "ExhaustedError");
    }
  });

  it("reports what the binder refuses with PowerShell's own ids", async () => {
    const refused = async (asked: Call) => (await one(asked)).error?.id.split(",")[0];
    assert.equal(await refused(call("New-VM", { Name: "x", VHDPath: "p", NoVHD: true })), "AmbiguousParameterSet");
    assert.equal(await refused(call("New-VM", { Nope: 1 })), "NamedParameterNotFound");
    assert.equal(
      await refused(call("Set-VM", { Name: "x", AutomaticStopAction: "Nope" })),
      "CannotConvertArgumentNoMessage",
    );
  });

  it("fails where a person would be asked", async () => {
    assert((await one(call("Remove-VM", { Name: "web" }))).error);
    assert(!hosted.lab.backend.calls.includes("Remove-VM"));
  });

  it("keeps warnings apart from values", async () => {
    hosted.reply = () => ({
      warnings: ["The virtual machine is already in the specified state."],
      objects: [{ Name: "web" }],
    });
    const { values, warnings } = await one({ cmdlet: "Get-VM", select: { Name: null } });
    assert.deepEqual(
      { values, warnings },
      { values: [{ Name: "web" }], warnings: ["The virtual machine is already in the specified state."] },
    );
  });

  it("puts earlier results, their properties, and those of them that are meant, in place of references", async () => {
    const seen: unknown[] = [];
    const machine = {
      $type: "VirtualMachine",
      $handle: "vm",
      HardDrives: ["a", "B"].map((Path) => ({ $type: "HardDiskDrive", $handle: `drive ${Path}`, Path })),
    };
    hosted.reply = ({ cmdlet, parameters }) => {
      if (cmdlet === "Get-VM") return { objects: [machine] };
      seen.push(parameters);
      return {};
    };
    const drives = (where?: { Path: string }): Value => result("vm", "HardDrives", where);
    const answers = await batch(
      { ...call("Get-VM", { Name: "web" }), as: "vm" } as Call,
      call("Set-VM", { VM: result("vm"), Notes: "n" }),
      call("Remove-VMHardDiskDrive", { VMHardDiskDrive: drives() }),
      call("Remove-VMHardDiskDrive", { VMHardDiskDrive: drives({ Path: "b" }) }),
      call("Remove-VMHardDiskDrive", { VMHardDiskDrive: [drives({ Path: "a" }), drives({ Path: "b" })] }),
    );
    assert.deepEqual(
      answers.map(({ error }) => error?.message),
      Array(5).fill(undefined),
    );
    const object = ($type: string, $object: string) => ({ $object, $type });
    const [a, b] = ["a", "B"].map((path) => object("HardDiskDrive", `drive ${path}`));
    assert.deepEqual(seen, [
      { VM: [object("VirtualMachine", "vm")], Notes: "n" },
      { VMHardDiskDrive: [a, b] },
      { VMHardDiskDrive: [b] },
      { VMHardDiskDrive: [a, b] },
    ]);
  });

  it("refuses a reference to what no call of the batch returned", async () => {
    await batch({ ...call("Get-VM", { Name: "web" }), as: "vm" } as Call);
    const { error } = await one(call("Set-VM", { VM: result("vm"), Notes: "n" }));
    assert.match(error?.message ?? "", /No earlier call of the batch returned 'vm'/);
  });

  it("sets properties of what a call returned, lists of texts too", async () => {
    hosted.reply = ({ cmdlet, parameters }) => {
      if (cmdlet === "Get-ClusterGroup")
        return { objects: [{ $type: "ClusterGroup", $handle: "g", Name: "web", Priority: 2000 }] };
      return { objects: [{ Seen: parameters }] };
    };
    const group = result("group");
    const answers = await batch(
      { ...call("Get-ClusterGroup", { Name: "web" }), as: "group" } as Call,
      { assign: "Priority", target: group, value: 3000 },
      { assign: "AntiAffinityClassNames", target: group, value: ["a", "b;'c"] },
      {
        ...call("Set-VM", { Name: result("group", "AntiAffinityClassNames"), Notes: result("group", "Priority") }),
        select: { Seen: { Name: null, Notes: null } },
      } as Call,
    );
    assert.deepEqual(
      answers.map(({ error }) => error?.message),
      Array(4).fill(undefined),
    );
    assert.deepEqual(answers[3]?.values, [{ Seen: { Name: ["a", "b;'c"], Notes: "3000" } }]);
    const { error } =
      (
        await batch({ ...call("Get-ClusterGroup"), as: "group" } as Call, { assign: "Nope", target: group, value: 1 })
      )[1] ?? {};
    assert.equal(error?.id, "PropertyAssignmentException");
  });

  it("makes a SecureString of a secret, and takes it out of whatever comes back", async () => {
    hosted.reply = ({ parameters }) => ({
      error: { id: "X", category: "InvalidArgument", message: `${parameters.Notes} pa'ss$word, pa'ss`, exception: "" },
    });
    const { error } = await one(call("Set-VM", { Name: "web", Notes: { $secret: "pa'ss$word" } }));
    assert.equal(error?.message, "System.Security.SecureString ********, pa'ss");
  });

  it("runs only cmdlets that the resources use", async () => {
    for (const name of ["Invoke-Expression", "Write-Output", "Hyper-V\\Get-VM", "Start-Process"]) {
      const { error } = await one(call(name as never));
      assert.match(error?.message ?? "", /do not use the cmdlet/);
    }
  });

  it("updates the role explicitly where the implicit update was refused, and goes on", async () => {
    const seen: unknown[] = [];
    const id = "0b6d1bd6-6ed1-4f6c-8a3c-0a1b2c3d4e5f";
    hosted.reply = ({ cmdlet, parameters }) => {
      seen.push(cmdlet === "Get-VM" ? cmdlet : [cmdlet, parameters.Notes ?? parameters]);
      if (cmdlet === "Get-VM") return { objects: [{ $type: "VirtualMachine", $handle: "vm", Id: id }] };
      if (cmdlet !== "Set-VM") return {};
      return {
        error: {
          id: "Update-ClusterVirtualMachineConfiguration",
          category: "NotSpecified",
          message: "could not be completed",
        },
      };
    };
    const vm = { ...call("Get-VM", { Id: id }), as: "vm" } as Call;
    const answers = await batch(vm, call("Set-VM", { VM: result("vm"), Notes: "a" }), call("Get-VM", { Id: id }));
    assert.deepEqual(
      answers.map(({ error }) => error),
      [undefined, undefined, undefined],
    );
    assert.deepEqual(seen, [
      "Get-VM",
      ["Set-VM", "a"],
      ["Update-ClusterVirtualMachineConfiguration", { Cluster: ".", VMId: id }],
      "Get-VM",
    ]);
  });

  it("reports what the explicit update says", async () => {
    hosted.reply = ({ cmdlet }) => {
      if (cmdlet === "Get-VM")
        return { objects: [{ $type: "VirtualMachine", $handle: "vm", Id: "0b6d1bd6-6ed1-4f6c-8a3c-0a1b2c3d4e5f" }] };
      const explicit = cmdlet !== "Set-VM";
      return {
        error: {
          id: explicit ? "Later" : "UpdateClusterVirtualMachineConfiguration",
          category: "ConnectionError",
          message: "m",
        },
      };
    };
    const answers = await batch(
      { ...call("Get-VM"), as: "vm" } as Call,
      call("Set-VM", { VM: result("vm"), Notes: "a" }),
    );
    assert.match(answers[1]?.error?.id ?? "", /^Later,.*UpdateClusterVirtualMachineConfiguration/i);
  });
});
