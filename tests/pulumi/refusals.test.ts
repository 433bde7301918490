import assert from "node:assert/strict";
import { parseLine } from "../../cli/powershell-line";
import { host, machine, succeeded } from "./machine-on-a-host";
import { type Declared, engineSuite, Stack } from "./stack";

const GiB = 2 ** 30;

engineSuite("through the real engine", () => {
  let stack: Stack;
  const made = async (...args: Parameters<typeof Stack.make>) => {
    stack = await Stack.make(...args);
    return stack;
  };
  afterEach(() => stack?.remove());
  const machines = async () => (await stack.world()).nodes.flatMap((node) => node.machines);

  it("bad input is refused in preview, all of it at once, each with its property", async () => {
    await made(host);
    stack.declare([
      machine({
        cpu: 1,
        memory: { dynamicMemoryEnabled: true, startupBytes: "1GB" },
        networkAdapters: [{ name: "a", vlan: 5000 }],
        hardDiskDrives: [{ path: "a.vhdx" }],
      }),
    ]);
    const { code, output } = await stack.preview();
    assert.notEqual(code, 0);
    for (const pattern of [
      /cpu is not a property of VirtualMachine/,
      /memory\.startupBytes must be a number of bytes/,
      /networkAdapters\[0\]\.vlan must be from 1 to 4094; it is 5000/,
      /hardDiskDrives\[0\]\.path must be absolute/,
    ])
      assert.match(output, pattern);
  });

  it("a change that needs a restart which is not allowed is refused in preview and in up, and nothing is done", async () => {
    await made(host);
    stack.declare([machine({ state: "Running" })]);
    succeeded(await stack.up());
    stack.declare([machine({ state: "Running", processor: { count: 4 }, notes: "not yet" })]);
    for (const run of [await stack.preview(), await stack.up()]) {
      assert.notEqual(run.code, 0, run.output);
      assert.match(
        run.output,
        /Unable to update virtual machine "web" on .*: processor\.count changes only while the machine is off, and it is Running\. Set allowRestart: true/,
      );
      assert.doesNotMatch(run.output, /at .*\.js:\d+/, "no stack trace");
    }
    assert.deepEqual(
      (await machines()).map(({ notes, state }) => [notes, state]),
      [["", "Running"]],
    );
    stack.declare([
      machine({
        state: "Running",
        processor: { count: 4 },
        allowRestart: true,
        shutdown: { timeoutSeconds: 1, onTimeout: "TurnOff" },
      }),
    ]);
    succeeded(await stack.up());
    assert.deepEqual(
      (await machines()).map(({ processor, state }) => [processor.count, state]),
      [[4, "Running"]],
    );
  });

  it("a refresh that finds such a change made by hand reports it instead of failing", async () => {
    await made(host);
    stack.declare([machine({ state: "Running" })]);
    succeeded(await stack.up());
    for (const line of ["Stop-VM web -TurnOff -Force", "Set-VMProcessor -VMName web -Count 8", "Start-VM web"])
      await stack.run(parseLine(line));
    succeeded(await stack.refresh());
    assert.notEqual((await stack.preview()).code, 0);
  });

  it("a disk that would shrink is refused in preview, with the reason", async () => {
    await made(host);
    const disk = (sizeBytes: number): Declared => ({
      kind: "VirtualHardDisk",
      name: "data",
      args: { path: "D:\\data.vhdx", sizeBytes },
    });
    succeeded(await stack.declare([disk(2 * GiB)]).up());
    const run = await stack.declare([disk(1 * GiB)]).preview();
    assert.notEqual(run.code, 0);
    assert.match(
      run.output,
      /sizeBytes would shrink the disk from 2147483648 bytes \(2 GiB\) to 1073741824 bytes \(1 GiB\)/,
    );
  });

  it("a provider that is wrongly configured says which argument", async () => {
    await made(host, { config: { "hyperv:port": "many" } });
    const run = await stack.declare([machine()]).preview();
    assert.notEqual(run.code, 0);
    assert.match(run.output, /The provider's configuration is not valid:\s+- hyperv:port/);
  });

  it("a trace that cannot be written is refused before anything is done, without a stack trace", async () => {
    await made(host, { config: { "hyperv:trace": "/none/trace.log" } });
    const run = await stack.declare([machine()]).preview();
    assert.notEqual(run.code, 0);
    assert.match(run.output, /error: hyperv:trace cannot be written: ENOENT/);
    assert.doesNotMatch(run.output, /at .*\.js:\d+/);
  });

  it("an argument of the provider that there is not is named, from stack config and from a program", async () => {
    await made(host, { config: { "hyperv:adress": "hv01" } });
    const configured = await stack.declare([machine()]).preview();
    assert.notEqual(configured.code, 0);
    assert.match(
      configured.output,
      /- hyperv:adress is not a property of the provider; there are: transport, address, /,
    );
    const args = { transport: "simulator", simulator: stack.worldFile, maxSession: 2 };
    const given = await stack
      .declare([
        { kind: "Provider", name: "own", args },
        { ...machine(), provider: "own" },
      ])
      .preview();
    assert.notEqual(given.code, 0);
    assert.match(given.output, /- hyperv:maxSession is not a property of the provider; there are: /);
    assert.doesNotMatch(given.output, /hyperv:adress/);
  });

  it("a project that is called like the provider has settings of its own", async () => {
    await made(host, { config: { "hyperv:colour": "blue" }, project: "hyperv" });
    succeeded(await stack.declare([machine()]).preview());
  });
});
