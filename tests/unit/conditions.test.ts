import assert from "node:assert/strict";
import { definitions } from "../../provider";
import type { CallError } from "../../provider/calls";
import { type Condition, conditions } from "../../provider/host/conditions";
import { errorOf, UnreachableError } from "../../provider/host/errors";
import { explain } from "../../provider/lifecycle/messages/messages";

/** What a host says, in its own language and in a code page that nobody knows; with words of other conditions in it. */
const said: Readonly<Record<string, string>> = {
  English: "Failed to perform the operation. Access is denied. Not enough memory. The object was not found.",
  German: "Fehler beim Ausführen des Vorgangs. Zugriff verweigert. Nicht genügend Arbeitsspeicher.",
  Japanese: "操作を実行できませんでした。アクセスが拒否されました。仮想マシンが見つかりません。",
  mojibake: "Ð¾ÑˆÐ¸Ð±ÐºÐ° â€œwebâ€\u009d Fehler beim Ausf�hren \u0000 繧｢繧ｯ繧ｻ繧ｹ",
};

const virtualMachine = definitions.find(({ kind }) => kind === "VirtualMachine") ?? assert.fail();
const name = ({ is }: Condition) => (typeof is === "string" ? is : `0x${is.toString(16).toUpperCase()}`);

/** Records that show a condition: a code stands in the message, in the exception, or in one that is inside it. */
function records({ by, is }: Condition, text: string): CallError[] {
  const record: CallError = { id: "Unspecified,X", category: "NotSpecified", exception: "E", message: text };
  if (by === "category") return [{ ...record, category: String(is) }];
  if (by === "error id") return [{ ...record, id: `${is},Microsoft.HyperV.PowerShell.Commands.StartVM` }];
  const code = Number(is) | 0;
  return [
    { ...record, message: `${text} (0x${Number(is).toString(16)}).` },
    { ...record, hresult: code },
    { ...record, hresult: -2146233088, hresults: [-2146233088, code] },
  ];
}

describe("a known condition has its kind and its advice in any language", () => {
  for (const condition of conditions)
    it(`${condition.by} ${name(condition)}: ${condition.kind}, ${condition.means.replaceAll("{host}", "the host")}`, () => {
      for (const text of Object.values(said))
        for (const record of records(condition, text)) {
          const error = errorOf(record, { address: "HV01", cmdlet: "Start-VM" });
          assert.equal(error.name, classes[condition.kind], JSON.stringify(record));
          assert.equal(error.advice, condition.advice?.replaceAll("{host}", "HV01"));
        }
    });

  it("ends a message with what to do", () => {
    const record: CallError = {
      id: "OutOfMemory,Microsoft.HyperV.PowerShell.Commands.StartVM",
      category: "NotSpecified",
      exception: "VirtualizationException",
      message: "Nicht genügend Arbeitsspeicher.",
    };
    const error = errorOf(record, { address: "HV01", cmdlet: "Start-VM" });
    assert.equal(
      explain({ verb: "create", definition: virtualMachine, title: "db" }, error, {
        does: "start the machine",
        properties: [],
        named: undefined,
      }),
      [
        'Unable to create virtual machine "db" on HV01: could not start the machine: Nicht genügend Arbeitsspeicher.',
        "  Start-VM: OutOfMemory,Microsoft.HyperV.PowerShell.Commands.StartVM",
        "  Lower memory.startupBytes, or stop another machine on HV01.",
      ].join("\n"),
    );
  });

  it("of a target that is unavailable does not speak of a host that does not answer", () => {
    const attempt = { verb: "update", definition: virtualMachine, title: "db" } as const;
    for (const condition of conditions) {
      if (condition.kind !== "unreachable") continue;
      for (const record of records(condition, "x")) {
        const error = errorOf(record, { address: "HV01", cmdlet: "Move-ClusterVirtualMachineRole" });
        assert(error.advice);
        assert.doesNotMatch(explain(attempt, error), /when it answers|when the host answers|is unknown, and/);
      }
    }
    const lost = new UnreachableError("was lost", { address: "HV01", delivered: true });
    assert.match(explain(attempt, lost), /The state on HV01 is unknown/);
  });
});

const classes: Readonly<Record<Condition["kind"], string>> = {
  "not found": "NotFoundError",
  unreachable: "UnreachableError",
  refused: "RefusedError",
  busy: "BusyError",
  "wrong state": "WrongStateError",
  exhausted: "ExhaustedError",
  invalid: "InvalidError",
  "host set-up": "HostSetupError",
};
