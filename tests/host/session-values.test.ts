import assert from "node:assert/strict";
import fc from "fast-check";
import type { Call } from "../../provider/calls";
import { LocalTransport } from "../../provider/host/local/local";
import { Session } from "../../provider/host/session/session";
import { reason } from "../powershell";
import { withLine } from "./agent-with-a-line";
import { call } from "./call";
import { HostedSession } from "./hosted-session";

describe(`a PowerShell session${reason}`, () => {
  const hosted = new HostedSession();
  const { one } = hosted;

  it("carries any text there and back exactly", async () => {
    const texts = [...hostile, ...fc.sample(anyText, { numRuns: 300, seed: 20240229 })];
    const results = await hosted.session.run(texts.map((text) => [call(text as never)]));
    texts.forEach((text, index) => {
      // what is no declared cmdlet comes back in the message that refuses it
      assert.equal(results[index]?.[0]?.error?.message, `The resources do not use the cmdlet '${text}'.`);
    });
  });

  it("hands hostile texts to the cmdlet as they are, and runs nothing of them", async () => {
    // the engine's own wire to the backend has no lone surrogates
    const texts = [...hostile, "n".repeat(32_768)].filter((text) => Buffer.from(text).toString() === text);
    const seen: unknown[] = [];
    hosted.reply = ({ cmdlet, parameters }) => {
      seen.push(cmdlet, parameters.Notes);
      return { objects: [{ Echo: parameters.Notes }] };
    };
    const results = await hosted.session.run(
      texts.map((Notes) => [{ ...call("Set-VM", { Name: "web", Notes }), select: { Echo: null } } as Call]),
    );
    assert.deepEqual(
      seen,
      texts.flatMap((text) => ["Set-VM", text]),
    );
    assert.deepEqual(
      results.map(([answer]) => answer?.values),
      texts.map((Echo) => [{ Echo }]),
    );
  });

  it("gives values as plain data, the same in every edition and language", async () => {
    const given = {
      text: "x",
      yes: true,
      whole: 4398046511104,
      fraction: 1.5,
      one: ["10.0.0.5"],
      none: [],
      nested: { a: 1, b: [{ c: null }, { c: "d" }] },
      nothing: null,
    };
    hosted.reply = () => ({ objects: [given, { ...given, text: "y" }] });
    const { values } = await one({
      cmdlet: "Get-VM",
      select: {
        text: null,
        yes: null,
        whole: null,
        fraction: null,
        one: null,
        none: null,
        nested: { a: null, b: { c: null } },
        nothing: null,
        absent: null,
        Keys: null,
        Count: null,
      },
    });
    const seen = { ...given, absent: null, Keys: null, Count: null };
    assert.deepEqual(values, [seen, { ...seen, text: "y" }]);
  });

  for (const text of ["x", "x\uffff"])
    it(`keeps apart what objects have several of, in any number, with ${JSON.stringify(text)}`, async () => {
      const part = (name: string) => ({ name, below: { y: name } });
      const given = [
        [],
        part("a"),
        null,
        [part("b"), null, part("c")],
        "scalar",
        [part("d")],
        [[part("e")], part(text)],
      ];
      hosted.reply = () => ({ objects: given.map((parts, number) => ({ parts, text, number })) });
      const select = { parts: { name: null, below: { y: null } }, number: null };
      const { values } = await one({ cmdlet: "Get-VM", select });
      assert.deepEqual(
        values,
        given.map((parts, number) => ({ parts, number })),
      );
    });

  it("gives integers that a double cannot hold as text, enums by name and dates in UTC", async () => {
    const machine = {
      $type: "VirtualMachine",
      State: "Running",
      CreationTime: "2024-05-06T07:08:09Z",
      MemoryStartup: 2 ** 60,
    };
    hosted.reply = () => ({ objects: [machine, { ...machine, MemoryStartup: 2 ** 40 }] });
    const { values } = await one({
      cmdlet: "Get-VM",
      select: { State: null, CreationTime: null, MemoryStartup: null },
    });
    const seen = { State: "Running", CreationTime: "2024-05-06T07:08:09.0000000Z" };
    assert.deepEqual(values, [
      { ...seen, MemoryStartup: String(2n ** 60n) },
      { ...seen, MemoryStartup: 2 ** 40 },
    ]);
  });

  it("gives enums by name also beside what is none", async () => {
    const machine = { $type: "VirtualMachine", State: "Running" };
    for (const [others, seen] of [
      [[{ ...machine, State: "Off" }], ["Off"]],
      [
        [{ State: 3 }, { State: true }],
        [3, true],
      ],
      [
        [{}, { State: null }],
        [null, null],
      ],
      [[], []],
    ]) {
      hosted.reply = () => ({ objects: [machine, ...(others ?? [])] });
      const { values } = await one({ cmdlet: "Get-VM", select: { State: null } });
      assert.deepEqual(
        values,
        ["Running", ...(seen ?? [])].map((State) => ({ State })),
      );
    }
  });

  it("keeps each value with its object where a property gives nothing, and takes every kind of list", async () => {
    const channel = withLine(
      await new LocalTransport(hosted.lab.executable, "HV01").open(),
      [
        "$list = New-Object 'System.Collections.Generic.List[object]'",
        "$list.Add($objects[0]); $list.Add($objects[1])",
        "$objects[0].PSObject.Properties.Add((New-Object Management.Automation.PSScriptProperty 'Other', {}))",
        "$objects[1].Other = $list", // as New-Object gives it, in a wrapper
        "$objects[1].PSObject.Properties.Add((New-Object Management.Automation.PSNoteProperty 'Table', @{ Name = 'x' }))",
      ].join("\n"),
      "            if ($call.Contains('select'))",
    );
    const extended = await Session.start(channel, { address: "HV01", startSeconds: 60 });
    try {
      hosted.reply = () => ({ objects: [{ Name: "a" }, { Name: "b", Other: 0 }] });
      const select = { Name: null, Other: { Name: null }, Table: { Name: null } };
      const [answers] = await extended.run([[{ cmdlet: "Get-VM", select }]]);
      assert.deepEqual(answers?.[0]?.values, [
        { Name: "a", Other: null, Table: null },
        { Name: "b", Other: [{ Name: "a" }, { Name: "b" }], Table: { Name: null } },
      ]);
    } finally {
      await extended.close();
    }
  });

  it("gives properties in the order in which they are asked for", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `P${(index * 17) % 40}`);
    hosted.reply = () => ({
      objects: [{ ...Object.fromEntries(names.map((name) => [name, 1])), below: { y: 1, x: 2 } }],
    });
    const select = {
      ...Object.fromEntries([...names].reverse().map((name) => [name, null])),
      below: { x: null, y: null },
    };
    const { values } = await one({ cmdlet: "Get-VM", select });
    const [value] = values as [{ below: object }];
    assert.deepEqual(Object.keys(value), Object.keys(select));
    assert.deepEqual(Object.keys(value.below), ["x", "y"]);
  });

  it("gives nothing without a selection, and scalars as they are", async () => {
    assert.deepEqual((await one(call("Get-VM", { Name: "web" }))).values, []);
    assert.deepEqual((await one({ ...call("Test-Path", { LiteralPath: "C:\\" }), select: {} } as Call)).values, [true]);
  });

  it("answers with four megabytes", async () => {
    const text = "é€😀 x".repeat(500_000).slice(0, 4 * 2 ** 20);
    hosted.reply = () => ({ objects: [{ Name: text }] });
    const { values } = await one({ cmdlet: "Get-VM", select: { Name: null } });
    assert.deepEqual(values, [{ Name: text }]);
  });
});

const hostile = [
  "",
  " ",
  " \t\r\n ",
  "a\r\nb\nc\rd",
  'it\'s "quoted" ‘typographic’ “too”',
  `$(New-Item C:\\pwned) $\{env:PATH} $input`,
  "'; New-Item C:\\pwned; '",
  '`n `$x `0 `" `',
  "a & b | c > d < e && f; g",
  "@{a=1} @(1,2) [DateTime]::Now",
  "_x0041_ _x005F_ _X0041_ _x_ _x00",
  "\0\u0001\u0008\u000b\u000c\u001b\u001f\u007f\u0085\u2028\u2029\ufeff\ufffe\uffff",
  "2024-05-06T07:08:09Z /Date(1700000000000)/ 12:30",
  "\ud83d\ude00 𝒳 \u202ertl\u202c שלום عربي 日本語 e\u0301",
  "\ud800 alone \udc00 \udfff\ud800",
  "<S>x</S> &amp; ]]> <!-- --> &#x41;",
  "#hv 0 1 end e30=",
  "\n#hv 0 1 end e30=\n",
  "%PATH% %%a !x! ^",
  "C:\\ClusterStorage\\Volume1\\[a]*?.vhdx",
];

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)), maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      "'",
      '"',
      "$",
      "(",
      ")",
      "`",
      ";",
      "\n",
      "\r",
      "_x",
      "0041_",
      "&",
      "<",
      ">",
      "\\",
      "{",
      "}",
      "\0",
      "é",
    ),
    maxLength: 40,
  }),
);
