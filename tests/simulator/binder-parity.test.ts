import assert from "node:assert/strict";
import fc from "fast-check";
import { bind, type Typed } from "../../provider/simulator/engine/binder";
import { CallFailure } from "../../provider/simulator/engine/failure";
import { Engine, powershell, reason } from "../powershell";
import { anyCall, cmdlets, type Given, type GivenCall } from "./any-call";

const rounds = 1000;
const seed = 20240229;

describe(`binder against the real engine${reason}`, () => {
  let engine: Engine;

  before(function () {
    if (powershell === undefined) return this.skip();
    engine = new Engine(powershell, script);
  });
  after(() => engine?.close());

  it("binds and refuses random calls as PowerShell does", async () => {
    const calls = fc.sample(anyCall, { numRuns: rounds, seed });
    const answers = await Promise.all(calls.map(({ cmdlet, given }) => engine.ask({ cmdlet, given })));
    const kinds = new Set<string>();
    calls.forEach((call, index) => {
      const theirs = parse(answers[index]);
      const ours = outcome(call);
      kinds.add("error" in theirs ? theirs.error : "bound");
      if (isKnownDifference(theirs, ours)) return;
      assert.deepEqual(ours, theirs, `seed ${seed}: ${JSON.stringify(call)}`);
    });
    for (const kind of expectedKinds)
      assert.ok(
        [...kinds].some((seen) => seen.startsWith(kind)),
        `no call tried ${kind}`,
      );
  });

  it("holds declared value sets as PowerShell does", async () => {
    const calls = cmdlets.flatMap(([cmdlet, { parameters }]) =>
      Object.entries(parameters).flatMap(([name, { validateSet = [] }]) =>
        (validateSet.length ? [validateSet[0]?.toLowerCase(), "Nope", null, [], validateSet, 7] : []).map(
          (value): GivenCall => ({ cmdlet, given: [[name, value]] }),
        ),
      ),
    );
    const answers = await Promise.all(calls.map((call) => engine.ask(call)));
    assert.ok(calls.length > 200);
    calls.forEach((call, index) => {
      assert.deepEqual(outcome(call), parse(answers[index]), JSON.stringify(call));
    });
  });

  it("converts hostile texts and numbers to numbers as PowerShell does", async () => {
    const calls = numbers.flatMap((value) => [
      {
        cmdlet: "Set-VM",
        given: [
          ["Name", "x"],
          ["ProcessorCount", value],
        ] as Given,
      },
      {
        cmdlet: "New-VHD",
        given: [
          ["Path", "x"],
          ["SizeBytes", value],
        ] as Given,
      },
      {
        cmdlet: "Wait-VM",
        given: [
          ["Name", "x"],
          ["Timeout", value],
        ] as Given,
      },
    ]);
    const answers = await Promise.all(calls.map((call) => engine.ask(call)));
    calls.forEach((call, index) => {
      const [theirs, ours] = [parse(answers[index]), outcome(call)];
      if (!isKnownDifference(theirs, ours)) assert.deepEqual(ours, theirs, JSON.stringify(call));
    });
  });
});

type Outcome =
  | { set: string; parameters: Record<string, unknown> }
  | { error: string; category: string; exception: string };

const expectedKinds = [
  "bound",
  "AmbiguousParameter,",
  "AmbiguousParameterSet,",
  "CannotConvertArgument,",
  "CannotConvertArgumentNoMessage,",
  "MissingMandatoryParameter,",
  "NamedParameterNotFound,",
  "ParameterArgumentValidationErrorEmptyArrayNotAllowed,",
  "ParameterArgumentValidationErrorNullNotAllowed,",
];

/** Where the lab engine is known to differ from a host, or we from it on purpose. */
function isKnownDifference(theirs: Outcome, ours: Outcome): boolean {
  const [their, our] = [theirs, ours].map((outcome) => ("error" in outcome ? outcome.error.split(",")[0] : "bound"));
  if (our === "ParameterArgumentValidationError" && their !== our) return true; // ranges and the module's own validators
  return their === "InvalidOperation"; // the cmdlet ran and asked for consent
}

function outcome({ cmdlet, given }: GivenCall): Outcome {
  try {
    const { set, parameters } = bind(cmdlet, Object.fromEntries(given.map(([name, value]) => [name, arrived(value)])));
    delete parameters.Confirm;
    return { set, parameters: plain(parameters) as Record<string, unknown> };
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    return { error: comparable(error.error.id), category: error.error.category, exception: error.error.exception };
  }
}

/** Classes that the lab has otherwise than real error records. */
function comparable(id: string): string {
  const [errorId = "", own = ""] = id.split(",");
  const isFunction = own.includes("-") || own.startsWith("HyperVLab.");
  if (isFunction) return errorId;
  return `${errorId},${own.replace("CheckpointVM", "NewVMSnapshot").replace(".GetClusterResourceCommand", ".GetResourceCommand").replace("MountVHD", "MountVhd")}`;
}

function parse(answer: unknown): Outcome {
  const { set, parameters, id, category, exception } = answer as Record<string, string>;
  if (id !== undefined) return { error: comparable(id), category: category ?? "", exception: exception ?? "" };
  const bound = JSON.parse(parameters ?? "{}") as Record<string, unknown>;
  for (const name of ["Confirm", "WhatIf", "WarningAction"]) delete bound[name];
  return { set: set ?? "", parameters: plain(bound) as Record<string, unknown> };
}

class Made implements Typed {
  constructor(readonly type: string) {}
}

function arrived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(arrived);
  return isMarker(value) ? new Made(value.$type) : value;
}

function plain(value: unknown): unknown {
  if (value instanceof Made) return { $object: null, $type: value.type };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return isTime(value) ? value.slice(0, 19) : value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

const isTime = (value: unknown): value is string =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\./.test(value);

const isMarker = (value: unknown): value is { $type: string } =>
  typeof value === "object" && value !== null && "$type" in value;

const numbers = [
  0,
  -1,
  2.5,
  3.5,
  -0.5,
  -2.5,
  1e10,
  1e20,
  4294967296,
  true,
  "5",
  "+5",
  " 5 ",
  "-5",
  "5.5",
  "2.5",
  "1e3",
  "0x10",
  "#10",
  "&h10",
  "1KB",
  "1kb ",
  "1.5KB",
  "1GB",
  "1 GB",
  "10l",
  "10u",
  "10ul",
  "10d",
  "10y",
  "0b11",
  "1_000",
  "1,000",
  "",
  "  ",
  "NaN",
  "0x",
  "-0x10",
  "--5",
  "1e400",
  "1e-3",
  ".5",
  "5.",
  "0xFFFFFFFF",
  "5kbkb",
  "-1KB",
  "+1KB",
  "1e3KB",
  "0x1KB",
  "10n",
  "1us",
  "1dkb",
  "5 l",
  "0X1F",
  "∞",
  "٥",
  "0xFFFFFFFFF",
  "-2147483648",
  "2147483648",
  "1,0,0",
  "1,",
  ",1",
  "1.000,5",
  "-1,000",
  "0b2",
  "١",
];

const script = `
  function New-Thing($name) {
    foreach ($space in 'Microsoft.HyperV.PowerShell', 'Microsoft.Vhd.PowerShell', 'Microsoft.FailoverClusters.PowerShell') {
      $type = "$space.$name" -as [type]
      if ($type) { return New-Object $type.FullName }
    }
    throw "no class $name"
  }
  function Get-Argument($value) {
    if ($value -is [Collections.IDictionary] -and $value.Contains('$type')) { return New-Thing $value['$type'] }
    if ($value -is [Collections.IList]) {
      $list = New-Object object[] $value.Count
      for ($i = 0; $i -lt $value.Count; $i++) { $list[$i] = Get-Argument $value[$i] }
      return , $list
    }
    return $value
  }
  if (-not ('Microsoft.HyperV.PowerShell.VirtualMachine' -as [type])) { Import-Module Hyper-V; Import-Module FailoverClusters }
  $splat = [ordered]@{}
  foreach ($pair in $question.given) { $splat[$pair[0]] = Get-Argument $pair[1] }
  $name = $question.cmdlet
  try {
    $answer = & $name @splat
    @{ set = $answer.ParameterSet; parameters = $answer.Parameters }
  } catch {
    @{ id = $_.FullyQualifiedErrorId; category = $_.CategoryInfo.Category.ToString(); exception = $_.Exception.GetType().FullName }
  }`;
