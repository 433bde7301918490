import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import semver from "semver";
import ts from "typescript";

interface Manifest {
  version: string;
  engines: { node: string };
  dependencies: Record<string, string>;
}

const project = resolve(__dirname, "../..");
const packages = join(project, "node_modules");

const program = String.raw`
import * as pulumi from "@pulumi/pulumi";
import * as hyperv from "pulumi-hyperv";
import { get } from "pulumi-hyperv/provider";
import { createWorld, Simulator } from "pulumi-hyperv/simulator";

const provider = new hyperv.Provider("lab", { transport: "simulator", nodes: ["HV01"] });
const lan = new hyperv.VirtualSwitch("lan", { switchType: "Private", node: "HV01" }, { provider });
const disk = new hyperv.VirtualHardDisk("disk", { path: "D:\\a.vhdx", sizeBytes: 40 * hyperv.GiB }, { provider });
const web = new hyperv.VirtualMachine(
  "web",
  {
    memory: { startupBytes: 2 * hyperv.GiB },
    networkAdapters: [{ name: "front", switchName: lan.name, vlan: 5 }],
    hardDiskDrives: [{ path: disk.path, controllerNumber: 0 }],
    firmware: { bootOrder: [{ networkAdapter: "front" }] },
  },
  { provider },
);
const role = new hyperv.ClusterVirtualMachineRole("web", { vmId: web.id, priority: 3000 }, { provider });
// @ts-expect-error there is no such type of switch
export const wrong = new hyperv.VirtualSwitch("wrong", { switchType: "Bridged" });
export const name: pulumi.Output<string> = web.name;
export const owner: pulumi.Output<string> = role.currentOwner;
export const found: object = get("VirtualSwitch");
export const answers = Simulator.inMemory(createWorld({ nodes: [{ name: "HV01" }] })).run("HV01", [{ cmdlet: "Get-VM" }]);
`;

describe("the package, installed as npm packs it,", () => {
  let folder: string;
  const main = () => join(folder, "main.ts");

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-package-"));
    npm("pack", "--ignore-scripts", "--pack-destination", folder);
    const [archive = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
    // whatever it needs is there beside it, as an installation puts it
    const installed = join(folder, "node_modules");
    mkdirSync(installed);
    for (const name of readdirSync(packages))
      if (!name.startsWith(".") && name !== "pulumi-hyperv")
        symlinkSync(join(packages, name), join(installed, name), "junction");
    execFileSync("tar", ["-xzf", archive, "-C", "node_modules"], { cwd: folder });
    renameSync(join(installed, "package"), join(installed, "pulumi-hyperv"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "scratch", private: true }));
    writeFileSync(main(), program);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a script in the folder, and gives what it prints. */
  const node = (...args: string[]) => execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" }).trim();
  const keysOf = (door: string) => node("-p", `Object.keys(require(${JSON.stringify(door)})).sort().join()`);

  it("opens each of its doors", () => {
    assert.equal(
      keysOf("pulumi-hyperv"),
      "Checkpoint,Cluster,ClusterAffinityRule,ClusterFaultDomain,ClusterGroupSet,ClusterMigrationNetworks,ClusterNetwork,ClusterNode,ClusterQuorum,ClusterSettings,ClusterSharedVolume,ClusterVirtualMachineMonitoredItem,ClusterVirtualMachineRole,GiB,HostSettings,KiB,MiB,Provider,TiB,VirtualHardDisk,VirtualMachine,VirtualSwitch",
    );
    assert.equal(keysOf("pulumi-hyperv/provider"), "get");
    assert.match(keysOf("pulumi-hyperv/simulator"), /Simulator.*createWorld.*saveWorld/);
    assert.throws(() => keysOf("pulumi-hyperv/dist/cli/index.js"), /ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });

  it("has its command line", () => {
    const { version } = require("../../package.json") as { version: string };
    assert.equal(node(join("node_modules", "pulumi-hyperv", "bin", "pulumi-hyperv.cjs"), "--version"), version);
  });

  it("runs on each Node that it says, with what it depends on, and the examples and templates take it as it is", () => {
    const { version, engines, dependencies } = require("../../package.json") as Manifest;
    const { packages: locked } = require("../../package-lock.json") as { packages: Record<string, Manifest> };
    for (const name of Object.keys(dependencies)) {
      const needs = locked[`node_modules/${name}`]?.engines?.node ?? "*";
      assert(semver.subset(engines.node, needs), `${name} needs Node ${needs}`);
    }
    for (const folder of ["examples", "templates"])
      for (const name of readdirSync(join(project, folder))) {
        const { dependencies } = require(join(project, folder, name, "package.json")) as Manifest;
        assert(semver.satisfies(version, dependencies["pulumi-hyperv"] ?? ""), name);
      }
  });

  it("type-checks a program against its declarations, and explains each argument on hover", () => {
    const options: ts.CompilerOptions = {
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
      types: ["node"],
      skipLibCheck: true,
    };
    const service = ts.createLanguageService({
      ...ts.createCompilerHost(options),
      writeFile: () => {},
      getCompilationSettings: () => options,
      getScriptFileNames: () => [main()],
      getScriptVersion: () => "1",
      getScriptSnapshot: (file) => {
        const text = ts.sys.readFile(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => folder,
    });
    const problems = [...service.getSyntacticDiagnostics(main()), ...service.getSemanticDiagnostics(main())];
    assert.deepEqual(
      problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
      [],
    );
    const hover = (word: string) =>
      ts.displayPartsToString(service.getQuickInfoAtPosition(main(), program.indexOf(word))?.documentation);
    assert.match(hover("startupBytes"), /^Memory/);
    for (const word of [
      "transport",
      "nodes",
      "switchType",
      "node:",
      "path:",
      "sizeBytes",
      "memory",
      "networkAdapters",
      "switchName",
      "vlan",
      "hardDiskDrives",
      "controllerNumber",
      "firmware",
      "bootOrder",
      "networkAdapter:",
      "vmId",
      "priority",
    ])
      assert.notEqual(hover(word), "", word);
    // what a resource has is explained as what it is given
    for (const word of ["name;", "currentOwner"]) assert.notEqual(hover(word), "", word);
  });

  it("compiles the README's program with the TypeScript that Pulumi brings along", () => {
    const vendor = join(packages, "@pulumi/pulumi/vendor");
    const [compiler = assert.fail()] = readdirSync(vendor).filter((name) => name.startsWith("typescript@"));
    const old = require(join(vendor, compiler, "typescript.js")) as typeof ts;
    const text = readFileSync(join(project, "README.md"), "utf8");
    const [, readme = assert.fail()] = /```ts\n([\s\S]*?)```/.exec(text) ?? [];
    const more = `import { get } from "pulumi-hyperv/provider";
      import { Simulator, World } from "pulumi-hyperv/simulator";
      export const world: Promise<World> = Simulator.open(String(get("VirtualSwitch"))).world();
      export const count: number = "no number";`;
    const file = join(folder, "old.ts");
    writeFileSync(file, `${readme}\n${more}\n`);
    const made = old.createProgram([file], {
      strict: true,
      noEmit: true,
      types: [],
      target: old.ScriptTarget.ES2018,
      module: old.ModuleKind.CommonJS,
      moduleResolution: old.ModuleResolutionKind.NodeJs,
    });
    const ours = made
      .getSourceFiles()
      .filter(({ fileName }) => fileName === file.replaceAll("\\", "/") || /pulumi-hyperv\/dist/.test(fileName));
    assert(ours.length > 10);
    const problems = ours.flatMap((one) => [...old.getPreEmitDiagnostics(made, one)]);
    assert.deepEqual(
      problems.map(({ messageText }) => old.flattenDiagnosticMessageText(messageText, "\n")),
      [`Type '"no number"' is not assignable to type 'number'.`],
    );
    assert.deepEqual(
      made.getSourceFiles().flatMap(({ fileName }) => (/node_modules\/zod\//.test(fileName) ? [fileName] : [])),
      [],
    );
  });
});

function npm(...args: string[]): void {
  const cli = process.env.npm_execpath;
  const env = { ...process.env, npm_config_offline: "true", npm_config_update_notifier: "false" };
  const options = { cwd: project, env, stdio: "pipe" } as const;
  if (cli?.endsWith(".js")) execFileSync(process.execPath, [cli, ...args], options);
  else execFileSync("npm", args, { ...options, shell: process.platform === "win32" });
}
