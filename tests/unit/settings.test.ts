import assert from "node:assert/strict";
import { parseSettings } from "../../provider/lifecycle/given-settings";
import { wrapSecret } from "../../provider/lifecycle/values";
import { settingNames } from "../../provider/settings";

const lineOf = (given: Record<string, unknown>) => {
  try {
    parseSettings((name) => given[name], Object.keys(given));
  } catch (error) {
    const [first, ...lines] = (error as Error).message.split("\n");
    assert.equal(first, "The provider's configuration is not valid:");
    return lines;
  }
  return [];
};

const nodesReason =
  '  - hyperv:nodes must be a list of nodes, where it is text as JSON: ["HV01", "HV02"], or with an object where a node differs from ' +
  'the rest: [{ "name": "HV01", "address": "10.0.0.1" }, "HV02"].';

/** What is configured, and all that is said about it. */
const cases: [claim: string, given: Record<string, unknown>, expected: string[]][] = [
  [
    "a port that is no number",
    { port: "many" },
    ['  - hyperv:port must be a whole number from 1 to 65535; it is "many".'],
  ],
  ["a port out of range", { port: "70000" }, ["  - hyperv:port must be from 1 to 65535; it is 70000."]],
  [
    "a transport that there is not, with those there are",
    { transport: "winrm" },
    ['  - hyperv:transport must be one of "local", "ssh", "simulator"; it is "winrm".'],
  ],
  ["nodes with commas between them", { nodes: "HV01,HV02" }, [nodesReason]],
  ["nodes in broken JSON, without showing it", { nodes: '[{"name":"HV01","password":"hunter2"]' }, [nodesReason]],
  ["no nodes", { nodes: "[]" }, [nodesReason]],
  ["a node without its name", { nodes: '[{"address":"10.0.0.1"}]' }, ["  - hyperv:nodes[0].name is required: a text."]],
  [
    "a node with a property that it has not",
    { nodes: [{ name: "HV01", password: "hunter2" }] },
    ["  - hyperv:nodes[0].password is not a property of nodes[0]; there are: name, address, port, hostKey."],
  ],
  [
    "a node's port out of range",
    { nodes: '["HV01",{"name":"HV02","port":0}]' },
    ["  - hyperv:nodes[1].port must be from 1 to 65535; it is 0."],
  ],
  ["a node that is a number", { nodes: "[1]" }, ["  - hyperv:nodes[0] must be a text, or an object; it is 1."]],
  ["a node twice", { nodes: '["HV01","hv01"]' }, ["  - hyperv:nodes[1] names hv01, which nodes[0] names already."]],
  [
    "a password that is no text, without showing it",
    { password: wrapSecret(987654) },
    ["  - hyperv:password must be a text."],
  ],
  [
    "what is given as a secret, without showing it",
    { address: wrapSecret(987654), trace: wrapSecret(3) },
    ["  - hyperv:address must be a text.", "  - hyperv:trace must be true or false, or a text."],
  ],
  [
    "names that there are not, without what they have, beside what is wrong else",
    { adress: "hunter2", Port: "22", port: "many" },
    [
      '  - hyperv:port must be a whole number from 1 to 65535; it is "many".',
      `  - hyperv:adress is not a property of the provider; there are: ${settingNames.join(", ")}. Did you mean address?`,
      `  - hyperv:Port is not a property of the provider; there are: ${settingNames.join(", ")}. Did you mean port?`,
    ],
  ],
  [
    "SSH without a host",
    { address: "", transport: "ssh", user: "pulumi" },
    [
      "  - hyperv:address is required to sign in over SSH, or nodes for a cluster. To try everything without a host, set transport to " +
        '"simulator", which takes a file that "npx pulumi-hyperv simulator create" makes.',
    ],
  ],
  [
    "what only SSH needs, without a host, where Pulumi would take its own machine",
    { address: "", password: "hunter2", knownHosts: "hosts", maxSessions: 99 },
    [
      "  - hyperv:maxSessions must be from 1 to 32; it is 99.",
      "  - hyperv:address is required to sign in over SSH, or nodes for a cluster. To try everything without a host, set transport to " +
        '"simulator", which takes a file that "npx pulumi-hyperv simulator create" makes.',
    ],
  ],
  [
    "a host's address or nodes where only the own machine is reached",
    { transport: "local", address: "hv01", nodes: ["hv01", "hv02"] },
    [
      '  - hyperv:address is not for the transport "local", which reaches only the machine that Pulumi runs on.',
      '  - hyperv:nodes is not for the transport "local", which reaches only the machine that Pulumi runs on.',
    ],
  ],
  [
    "a simulator without its file",
    { transport: "simulator" },
    [
      '  - hyperv:simulator is required for the transport "simulator": its state file, which "npx pulumi-hyperv simulator create" makes.',
    ],
  ],
  [
    "a passphrase without its key",
    { passphrase: "hunter2" },
    ["  - hyperv:passphrase needs privateKey, the key that it opens."],
  ],
  [
    "everything at once",
    { transport: "telnet", timeoutSeconds: "0", maxSessions: "all", nodes: '["a","A"]', trace: "3" },
    [
      '  - hyperv:transport must be one of "local", "ssh", "simulator"; it is "telnet".',
      "  - hyperv:timeoutSeconds must be from 1 to 86400; it is 0.",
      '  - hyperv:maxSessions must be a whole number from 1 to 32; it is "all".',
      "  - hyperv:trace must be true or false, or a text; it is 3.",
      "  - hyperv:nodes[1] names a, which nodes[0] names already.",
    ],
  ],
];

describe("a provider's configuration is refused for", () => {
  for (const [claim, given, expected] of cases)
    it(claim, () => assert.deepEqual(lineOf({ address: "hv01", ...given }), expected));
});

describe("a provider's configuration is taken", () => {
  const taken: [claim: string, given: Record<string, unknown>][] = [
    ["with a host and a key", { address: "hv01", privateKey: "key", passphrase: "hunter2" }],
    ["with nodes alone", { transport: "ssh", nodes: '["hv01","hv02"]', user: "pulumi" }],
    ["for the own machine", { transport: "local" }],
    ["for the simulator, beside what SSH needs", { transport: "simulator", simulator: "world.json", user: "pulumi" }],
  ];
  for (const [claim, given] of taken) it(claim, () => assert.deepEqual(lineOf(given), []));
});
