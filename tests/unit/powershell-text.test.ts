import assert from "node:assert/strict";
import fc from "fast-check";
import { type Call, result } from "../../provider/calls";
import { quote, toPowerShell } from "../../provider/calls/powershell-text";
import { Engine, powershell, reason } from "../powershell";

const group = result("group");

describe("a batch as PowerShell text", () => {
  const cases: [claim: string, calls: Call[], text: string][] = [
    ["names the cmdlet's module", [{ cmdlet: "Get-VM", parameters: { Name: "db" } }], "Hyper-V\\Get-VM -Name 'db'"],
    [
      "names the module of a file cmdlet too",
      [{ cmdlet: "Test-Path", parameters: { LiteralPath: "C:\\x" } }],
      "Microsoft.PowerShell.Management\\Test-Path -LiteralPath 'C:\\x'",
    ],
    [
      "has a line for each call, and variables between them",
      [
        { cmdlet: "Get-VM", parameters: { Id: "1" }, as: "vm" },
        { cmdlet: "Rename-VM", parameters: { VM: result("vm"), NewName: "db" } },
      ],
      "$vm = Hyper-V\\Get-VM -Id '1'\nHyper-V\\Rename-VM -VM $vm -NewName 'db'",
    ],
    [
      "reads properties of what was found",
      [{ cmdlet: "Remove-VMNetworkAdapter", parameters: { VMNetworkAdapter: result("vm", "NetworkAdapters") } }],
      "Hyper-V\\Remove-VMNetworkAdapter -VMNetworkAdapter $vm.NetworkAdapters",
    ],
    [
      "filters what was found",
      [
        {
          cmdlet: "Remove-VMHardDiskDrive",
          parameters: {
            VMHardDiskDrive: {
              $ref: "vm",
              property: "HardDrives",
              where: { Path: "C:\\it's.vhdx", ControllerNumber: 0 },
            },
          },
        },
      ],
      "Hyper-V\\Remove-VMHardDiskDrive -VMHardDiskDrive ($vm.HardDrives | Where-Object { $_.Path -eq 'C:\\it''s.vhdx' -and $_.ControllerNumber -eq 0 })",
    ],
    [
      "writes switches as switches and bools as values",
      [
        { cmdlet: "Remove-VM", parameters: { Name: "db", Force: true, Confirm: false } },
        { cmdlet: "Set-VMSwitch", parameters: { Name: "lan", AllowManagementOS: true } },
      ],
      "Hyper-V\\Remove-VM -Name 'db' -Force -Confirm:$false\nHyper-V\\Set-VMSwitch -Name 'lan' -AllowManagementOS:$true",
    ],
    [
      "writes numbers in full",
      [{ cmdlet: "Set-VMMemory", parameters: { VMName: "db", StartupBytes: 4398046511104, Buffer: -1 } }],
      "Hyper-V\\Set-VMMemory -VMName 'db' -StartupBytes 4398046511104 -Buffer -1",
    ],
    [
      "writes lists",
      [{ cmdlet: "New-VMSwitch", parameters: { Name: "lan", NetAdapterName: ["a", "b"] } }],
      "Hyper-V\\New-VMSwitch -Name 'lan' -NetAdapterName @('a', 'b')",
    ],
    [
      "joins the objects of references in a list",
      [
        {
          cmdlet: "Set-VMFirmware",
          parameters: { VMName: "db", BootOrder: [result("disks"), result("vm", "NetworkAdapters")] },
        },
      ],
      "Hyper-V\\Set-VMFirmware -VMName 'db' -BootOrder @($disks; $vm.NetworkAdapters)",
    ],
    [
      "writes tables",
      [
        {
          cmdlet: "Move-VMStorage",
          parameters: { Name: "db", Vhds: [{ SourceFilePath: "C:\\a", DestinationFilePath: "D:\\a" }] },
        },
      ],
      "Hyper-V\\Move-VMStorage -Name 'db' -Vhds @(@{ 'SourceFilePath' = 'C:\\a'; 'DestinationFilePath' = 'D:\\a' })",
    ],
    [
      "shows the selected properties",
      [{ cmdlet: "Get-VM", select: { Name: null, HardDrives: { Path: null } } }],
      "Hyper-V\\Get-VM | Select-Object Name, HardDrives",
    ],
    [
      "keeps whole objects where later calls need them",
      [{ cmdlet: "Get-VM", select: { Name: null }, as: "vm" }],
      "$vm = Hyper-V\\Get-VM",
    ],
    [
      "assigns properties",
      [
        { assign: "Priority", target: group, value: 2000 },
        { assign: "Description", target: group, value: null },
      ],
      "$group.Priority = 2000\n$group.Description = $null",
    ],
    [
      "assigns class names as the collection that the cluster wants",
      [{ assign: "AntiAffinityClassNames", target: group, value: ["a", "b"] }],
      "$group.AntiAffinityClassNames = [Collections.Specialized.StringCollection]@('a', 'b')",
    ],
    [
      "leaves PowerShell's own variables alone",
      [
        { cmdlet: "Get-VMHost", as: "host" },
        { cmdlet: "Get-VM", parameters: { Name: result("host", "Name") }, as: "the vm" },
      ],
      `$hostResult = Hyper-V\\Get-VMHost\n\${the vm} = Hyper-V\\Get-VM -Name $hostResult.Name`,
    ],
    ["leaves out what is undefined", [{ cmdlet: "Get-VM", parameters: { Name: undefined } }], "Hyper-V\\Get-VM"],
  ];
  for (const [claim, calls, text] of cases) it(claim, () => assert.equal(toPowerShell(calls), text));

  it("masks secrets, and asks for them", () => {
    const text = toPowerShell([{ assign: "Password", target: group, value: { $secret: "hunter2" } }]);
    assert.equal(text, "$group.Password = (Read-Host -AsSecureString -Prompt '********')");
  });

  it("doubles every character that PowerShell takes for a single quote", () => {
    assert.equal(quote("'\u2018\u2019\u201a\u201b\""), "'''\u2018\u2018\u2019\u2019\u201a\u201a\u201b\u201b\"'");
  });

  it("keeps a text with line ends and control characters on one line", () => {
    assert.equal(quote("a\r\nb\u0000"), "('a' + [char]13 + [char]10 + 'b' + [char]0)");
  });

  it("shows characters that would hide or reorder what a person reads", () => {
    assert.equal(quote("\u202egpj.exe"), "('' + [char]8238 + 'gpj.exe')");
  });
});

describe(`a batch as text in the real engine${reason}`, () => {
  let engine: Engine;

  before(function () {
    if (powershell === undefined) return this.skip();
    engine = new Engine(powershell, runText);
  });
  after(() => engine?.close());

  it("any text comes back the same, alone, in a list, in a table and as an argument", async () => {
    const texts = [...hostile, ...fc.sample(anyText, { numRuns: 300, seed: 7 })];
    for (const text of texts) {
      const codes = [...Array(text.length).keys()].map((at) => text.charCodeAt(at)).join(",");
      const answer = await engine.ask({ text: forms(text) });
      assert.deepEqual(answer, [codes, codes, codes, codes], JSON.stringify(text));
    }
  });

  it("binds as the batch would", async () => {
    const calls: Call[] = [
      {
        cmdlet: "Set-VM",
        parameters: {
          Name: ["it's", "b"],
          ProcessorCount: 2,
          DynamicMemory: false,
          StaticMemory: true,
          Notes: "a\nb",
          Confirm: false,
        },
      },
      { cmdlet: "Wait-VM", parameters: { Name: "x", For: "IPAddress", Timeout: -1 } },
      { cmdlet: "Set-ClusterParameter", parameters: { Multiple: { a: 1, "b c": ["x"] } } },
    ];
    const answers = await Promise.all(
      calls.map((call) => engine.ask({ text: `(${toPowerShell([call])}).Parameters`, plain: true })),
    );
    assert.deepEqual(
      answers.map((answer) => JSON.parse(String(answer))),
      [
        { Name: ["it's", "b"], ProcessorCount: 2, DynamicMemory: false, StaticMemory: true, Notes: "a\nb" },
        { Name: ["x"], For: "IPAddress", Timeout: -1 },
        { Multiple: { a: 1, "b c": ["x"] } },
      ],
    );
  });

  it("makes a collection of any number of class names", async () => {
    const lines = [[], ["a"], ["a", "b"]].map((value) =>
      toPowerShell([{ assign: "AntiAffinityClassNames", target: group, value }]),
    );
    const script = (line: string): string =>
      `$group = [pscustomobject]@{ AntiAffinityClassNames = $null }; ${line}; $it = $group.AntiAffinityClassNames; "$($it.GetType().Name) $($it.Count)"`;
    const answers = await Promise.all(lines.map((line) => engine.ask({ text: script(line), plain: true })));
    assert.deepEqual(answers, ["StringCollection 0", "StringCollection 1", "StringCollection 2"]);
  });

  it("joins the objects of references", async () => {
    const line = toPowerShell([{ cmdlet: "Get-ClusterOwnerNode", parameters: { Group: result("one") } }]).replace(
      /.*-Group /,
      "",
    );
    const list = toPowerShell([
      { cmdlet: "Set-VMBios", parameters: { VMName: [result("two"), result("one"), "z"] } },
    ]).replace(/.*-VMName /, "");
    assert.equal(
      await engine.ask({ text: `$one = 'a'; $two = 'b', 'c'; "$(${line}) $((${list}).Count)"`, plain: true }),
      "a 4",
    );
  });

  function forms(text: string): string {
    const literal = quote(text);
    const argument = toPowerShell([{ cmdlet: "Set-VM", parameters: { Name: "x", Notes: text } }]).replace(
      /.*-Notes /,
      "",
    );
    return `function Get-Same($Value) { $Value }; ${literal}; @(${literal})[0]; @{ 'k' = ${literal} }.k; Get-Same -Value ${argument}`;
  }
});

const hostile = [
  "",
  "'",
  "''",
  "’",
  "‘a’",
  "$(throw)",
  "`n",
  '"',
  "a\nb",
  "\r\n",
  "\0",
  "\u2028",
  "\ud800",
  "\udc00x",
  "😀",
  "\u{e0001}",
  "\ufeff",
  "--%",
  "@'\n'@",
  "#x",
  "a;b",
  "'; throw '",
  "‚‛’‘'",
];

const anyText = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: fc.constantFrom(..."'’‘‚‛\"`$(){}@;#&|\\ \n\r\t\0\u001b\u0085\u200b\u202e\u2028ab") }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
);

// Characters come back as numbers: JSON would not bring half of a surrogate pair.
const runText = `
  $values = @(& ([ScriptBlock]::Create($question.text)))
  if ($question.plain) { return $values[0] }
  return , @($values | ForEach-Object { (([string]$_).ToCharArray() | ForEach-Object { [int]$_ }) -join ',' })`;
