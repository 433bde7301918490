import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionOf } from "../../cli/connection-options";
import { connect } from "../../provider/connect";
import { parseSettings } from "../../provider/lifecycle/given-settings";
import { settingNames } from "../../provider/settings";
import { misspeltIn, settingsIn, variableOf } from "../../provider/settings/environment";
import { providerPage } from "../../tools/docs";
import { keyPair } from "../host/sshd";
import { withoutDefaults } from "../without-defaults";

/** Settings as the provider takes them: the stack's configuration, and what it leaves open the environment. */
const settingsOf = (configured: Record<string, unknown>, environment: Record<string, string>) =>
  withoutDefaults(connectionOf({}, configured, environment).settings);

describe("the environment", () => {
  it("has a variable for each setting, and the documentation names it", () => {
    for (const name of settingNames) {
      assert.match(variableOf(name), /^HYPERV_[A-Z]+(_[A-Z]+)*$/);
      const [, section = ""] = providerPage().split(`\n### \`${name}\`\n`);
      const [, variable] = /^- \*\*Variable\*\*: `(.*)`$/m.exec(section) ?? [];
      assert.equal(variable, variableOf(name));
      assert.deepEqual(settingsIn({ [variableOf(name)]: "x" }, {}), { [name]: "x" });
    }
    assert.equal(variableOf("privateKey"), "HYPERV_PRIVATE_KEY");
  });

  it("gives lists, objects and numbers as JSON", () => {
    const given = settingsOf(
      {},
      {
        HYPERV_NODES: '["hv01", { "name": "hv02", "port": 2222 }]',
        HYPERV_PORT: "22",
        HYPERV_TIMEOUT_SECONDS: "60",
        HYPERV_MAX_SESSIONS: "2",
        HYPERV_TRACE: "true",
        HYPERV_USER: "1234",
      },
    );
    assert.deepEqual(given, {
      nodes: ["hv01", { name: "hv02", port: 2222 }],
      port: 22,
      timeoutSeconds: 60,
      maxSessions: 2,
      trace: true,
      user: "1234",
    });
  });

  const precedence: [
    claim: string,
    configured: Record<string, unknown>,
    environment: Record<string, string>,
    expected: object,
  ][] = [
    [
      "counts after the configuration",
      { address: "hv01" },
      { HYPERV_USER: "a", HYPERV_ADDRESS: "hv09" },
      { address: "hv01", user: "a" },
    ],
    ["says nothing where a variable is empty", { address: "hv01" }, { HYPERV_USER: "" }, { address: "hv01" }],
    ["counts where the configuration is empty", { address: "" }, { HYPERV_ADDRESS: "hv01" }, { address: "hv01" }],
    [
      "does not turn a configured host into another way to a host",
      { address: "hv01" },
      { HYPERV_SIMULATOR: "w.json", HYPERV_TRANSPORT: "simulator", HYPERV_NODES: '["hv01"]' },
      { address: "hv01" },
    ],
    [
      "does not turn a configured world into a host",
      { simulator: "w.json" },
      { HYPERV_TRANSPORT: "ssh", HYPERV_ADDRESS: "hv01", HYPERV_PASSWORD: "hunter2" },
      { simulator: "w.json", password: "hunter2" },
    ],
    [
      "says nothing of others where the own machine is configured",
      { transport: "local" },
      { HYPERV_ADDRESS: "hv01" },
      { transport: "local" },
    ],
    [
      "completes a transport that is configured",
      { transport: "ssh" },
      { HYPERV_ADDRESS: "hv01" },
      { transport: "ssh", address: "hv01" },
    ],
    [
      "does not say whom to trust where the configuration does",
      { address: "hv01", knownHosts: "/hosts" },
      { HYPERV_HOST_KEY: "SHA256:x" },
      { address: "hv01", knownHosts: "/hosts" },
    ],
  ];
  for (const [claim, configured, environment, expected] of precedence)
    it(claim, () => assert.deepEqual(settingsOf(configured, environment), expected));

  it("gives way to every option", () => {
    const { settings, givers } = connectionOf(
      { address: "hv02", user: "b" },
      {},
      { HYPERV_ADDRESS: "hv01", HYPERV_USER: "a", HYPERV_SIMULATOR: "w.json", HYPERV_PASSWORD: "hunter2" },
    );
    assert.deepEqual([settings.address, settings.user, settings.simulator], ["hv02", "b", undefined]);
    assert.deepEqual(givers, ["--address", "--user", "HYPERV_PASSWORD"]);
  });

  it("is named where a value is wrong, and no secret is shown", () => {
    const environment = {
      HYPERV_PORT: "many",
      HYPERV_NODES: '["HV01", { "name": "HV02", "port": 0, "password": "hunter2" }]',
      HYPERV_MAX_SESSIONS: "99",
    };
    assert.throws(
      () => settingsOf({ user: "a", timeoutSeconds: 0 }, environment),
      (error: Error) => {
        assert.deepEqual(error.message.split("\n"), [
          "The provider's configuration is not valid:",
          '  - HYPERV_PORT must be a whole number from 1 to 65535; it is "many".',
          "  - HYPERV_NODES[1].port must be from 1 to 65535; it is 0.",
          "  - HYPERV_NODES[1].password is not a property of nodes[1]; there are: name, address, port, hostKey.",
          "  - hyperv:timeoutSeconds must be from 1 to 86400; it is 0.",
          "  - HYPERV_MAX_SESSIONS must be from 1 to 32; it is 99.",
        ]);
        return true;
      },
    );
    assert.throws(
      () => settingsOf({}, { HYPERV_NODES: '["hunter2' }),
      (error: Error) => {
        assert.match(error.message, /- HYPERV_NODES must be a list of nodes, where it is text as JSON: /);
        return !/hunter2/.test(error.message);
      },
    );
  });

  describe("is named where a host cannot be reached with what it gives", () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), "pulumi-hyperv-environment-"));
      writeFileSync(join(folder, "id.pub"), keyPair().public);
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    const wrong: [claim: string, environment: () => Record<string, string>, said: RegExp][] = [
      [
        "a key that is not there",
        () => ({ HYPERV_PRIVATE_KEY: join(folder, "id") }),
        /the file of HYPERV_PRIVATE_KEY cannot be read \(ENOENT\)/,
      ],
      ["a public key", () => ({ HYPERV_PRIVATE_KEY: join(folder, "id.pub") }), /HYPERV_PRIVATE_KEY is a public key/],
      ["a fingerprint that is none", () => ({ HYPERV_HOST_KEY: "md5" }), /HYPERV_HOST_KEY is neither a fingerprint/],
      [
        "a trace that cannot be written",
        () => ({ HYPERV_TRACE: join(folder, "none", "trace.ps1") }),
        /HYPERV_TRACE cannot be written: ENOENT/,
      ],
    ];
    for (const [claim, environment, said] of wrong)
      it(claim, async () => {
        const { settings, names } = connectionOf({ address: "127.0.0.1", user: "a" }, {}, environment());
        await assert.rejects(async () => {
          const hosts = connect(settings, names);
          await hosts.run({ node: undefined }, [{ cmdlet: "Get-VMHost" }]).finally(() => hosts.close());
        }, said);
      });
  });

  it("is not asked by who parses arguments alone", () => {
    assert.throws(() => parseSettings((name) => ({ port: "many" })[name]), /- hyperv:port must be/);
  });

  it("is told where a variable looks misspelt, and not where it is another one's", () => {
    const names = ["HYPERV_ADRESS", "HYPERV_NODE", "hyperv_user", "HYPERV_PRIVATEKEY"];
    assert.deepEqual(misspeltIn(Object.fromEntries(names.map((name) => [name, "hunter2"]))), [
      "The environment variable HYPERV_ADRESS sets nothing. Did you mean HYPERV_ADDRESS?",
      "The environment variable HYPERV_NODE sets nothing. Did you mean HYPERV_NODES?",
      "The environment variable hyperv_user sets nothing. Did you mean HYPERV_USER?",
      "The environment variable HYPERV_PRIVATEKEY sets nothing. Did you mean HYPERV_PRIVATE_KEY?",
    ]);
    const others = [
      "HYPERV_TEST_POWERSHELL",
      "HYPERV_TEST_SSHD",
      "HYPERV_CONFORMANCE",
      "HYPERVISOR",
      "PATH",
      "HYPERV_VERSION",
    ];
    assert.deepEqual(misspeltIn(Object.fromEntries(others.map((name) => [name, "x"]))), []);
    for (const name of settingNames) assert.deepEqual(misspeltIn({ [variableOf(name)]: "x" }), []);
  });
});
