import assert from "node:assert/strict";
import { hasQuorum } from "../../provider/simulator/cluster/quorum";
import { type Case, does, refuses, runCase, type Step, shows } from "./cases";
import { assigns, on } from "./cluster-steps";
import { cluster, wide } from "./worlds";

const witness = (name: string | null): Step =>
  shows("Get-ClusterQuorum", {}, { QuorumType: "Majority", QuorumResource: name === null ? null : { Name: name } });
const refusal = { idStartsWith: "Set-ClusterQuorum,", category: "NotSpecified" };
const share = "\\\\FS01\\Witness";

const added = (number: number): Step[] => [
  does("Get-Disk", { Number: number }, { count: 1 }, "raw"),
  does("Get-ClusterAvailableDisk", { Disk: { $ref: "raw" } }, { count: 1 }, "free"),
  does("Add-ClusterDisk", { InputObject: { $ref: "free" } }, { count: 1 }, "disk"),
];
const disk = { $ref: "disk", property: "Name" };

const claims: Case[] = [
  {
    title: "a witness is one thing at a time, and has to be named",
    steps: [
      refuses("Set-ClusterQuorum", {}, refusal),
      refuses("Set-ClusterQuorum", { NoWitness: true, FileShareWitness: share }, refusal),
      refuses("Set-ClusterQuorum", { FileShareWitness: "Witness" }, refusal),
      refuses("Set-ClusterQuorum", { FileShareWitness: "\\\\FS01\\None" }, { ...refusal, hresult: -2147024829 }),
      witness(null),
    ],
  },
  {
    title: "the resource of a share is made anew, also with the path that it has",
    steps: [
      shows("Set-ClusterQuorum", { FileShareWitness: share }, { QuorumResource: { Name: "File Share Witness" } }),
      does("Get-ClusterResource", { Name: "File Share Witness" }, { count: 1 }, "first"),
      does("Set-ClusterQuorum", { FileShareWitness: `${share}\\` }),
      does("Get-ClusterResource", { Name: "File Share Witness" }, { count: 1 }),
      refuses("Get-ClusterParameter", { InputObject: { $ref: "first" } }, { hresult: -2147019889 }),
      witness("File Share Witness"),
    ],
  },
  {
    title: "a disk is a witness when it is formatted, large enough and free, and goes back when it is one no longer",
    steps: [
      ...added(4),
      refuses("Set-ClusterQuorum", { DiskWitness: disk }, { ...refusal, hresult: -2147019875 }),
      ...added(2),
      does("Set-ClusterQuorum", { DiskWitness: disk }),
      refuses("Add-ClusterSharedVolume", { Name: disk }, { hresult: -2147019873 }),
      refuses("Remove-ClusterResource", { Name: disk, Force: true }, { hresult: -2147019876 }),
      does("Set-ClusterQuorum", { FileShareWitness: share }),
      shows("Get-ClusterResource", { Name: disk }, { OwnerGroup: { Name: "Available Storage" }, State: "Online" }),
      does("Set-ClusterQuorum", { DiskOnly: disk }),
      shows("Get-ClusterQuorum", {}, { QuorumType: "DiskOnly" }),
      refuses("Get-ClusterResource", { Name: "File Share Witness" }, { hresult: -2147019889 }),
      does("Set-ClusterQuorum", { NoWitness: true }),
      witness(null),
      refuses("Set-ClusterQuorum", { DiskWitness: "Cluster Name" }, refusal),
    ],
  },
  {
    title: "nobody reaches a cloud from a world without the internet",
    steps: [
      refuses("Set-ClusterQuorum", { CloudWitness: true }, refusal),
      refuses("Set-ClusterQuorum", { CloudWitness: true, AccountName: "w", AccessKey: "a2V5" }, refusal),
      witness(null),
    ],
  },
  {
    title: "a witness counts among an even number of votes",
    steps: [
      does("Set-ClusterQuorum", { FileShareWitness: share }),
      shows("Get-Cluster", {}, { WitnessDynamicWeight: 0 }),
      { world: { fail: "HV03" } },
      shows("Get-Cluster", {}, { WitnessDynamicWeight: 1 }),
      { world: { fail: "HV02" } },
      witness("File Share Witness"),
    ],
  },
  {
    title: "a node does not stop that the others need for their quorum",
    steps: [
      does("Get-Cluster", {}, {}, "cluster"),
      assigns("DynamicQuorum", "cluster", 0),
      does("Stop-ClusterNode", { Name: "HV02" }),
      refuses("Stop-ClusterNode", { Name: "HV03" }, { idStartsWith: "Stop-ClusterNode," }),
      shows("Get-ClusterNode", { Name: "HV03" }, { State: "Up" }),
      does("Start-ClusterNode", { Name: "HV02" }),
      does("Stop-ClusterNode", { Name: "HV03" }),
    ],
  },
  {
    title: "without a vote a node is a node, and its loss costs nothing",
    steps: [
      does("Get-ClusterNode", { Name: "HV03" }, { count: 1 }, "third"),
      assigns("NodeWeight", "third", 0),
      shows("Get-ClusterNode", { Name: "HV03" }, { NodeWeight: 0, DynamicWeight: 0, State: "Up" }),
      assigns("NodeWeight", "third", 2, "ExceptionWhenSetting"),
      { world: { fail: "HV03" } },
      { world: { fail: "HV02" } },
      shows("Get-ClusterNode", { Name: "HV01" }, { State: "Up" }),
      { world: { return: "HV03" } },
      assigns("NodeWeight", "third", 1),
      shows("Get-ClusterNode", { Name: "HV03" }, { NodeWeight: 1, DynamicWeight: 1 }),
    ],
  },
];

describe("quorum of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, wide));

  it("is witnessed by a cloud that every node reaches, whose key does not read back", () =>
    runCase(
      {
        title: "",
        steps: [
          refuses("Set-ClusterQuorum", { CloudWitness: true, AccountName: "w", AccessKey: "not a key" }, refusal),
          does("Set-ClusterQuorum", { CloudWitness: true, AccountName: "corp", AccessKey: "a2V5" }),
          witness("Cloud Witness"),
          does("Get-ClusterResource", { Name: "Cloud Witness" }, { count: 1 }, "resource"),
          shows(
            "Get-ClusterParameter",
            { InputObject: { $ref: "resource" }, Name: ["AccountName", "EndpointInfo"] },
            { Value: "corp" },
            { Value: "core.windows.net" },
          ),
          refuses("Get-ClusterParameter", { InputObject: { $ref: "resource" }, Name: "AccessKey" }),
        ],
      },
      { ...wide, internet: true },
    ));

  it("is witnessed by no share in a workgroup, and by none that a second hop leads to", async () => {
    const refused = refuses("Set-ClusterQuorum", { FileShareWitness: share }, { ...refusal, hresult: -2147024891 });
    const steps = [refused, does("Get-ClusterQuorum", {}, { count: 1 })];
    await runCase({ title: "", steps }, { ...wide, domain: null });
    await runCase({ title: "", steps }, { ...wide, session: "remote", delegation: "none" });
  });

  it("is set by a node of the cluster, or from elsewhere by the cluster's name", () =>
    runCase(
      {
        title: "",
        steps: [
          on("HV04", refuses("Set-ClusterQuorum", { NoWitness: true }, { category: "ConnectionError" })),
          on("HV04", does("Set-ClusterQuorum", { FileShareWitness: share, Cluster: "HVC1" })),
          witness("File Share Witness"),
          { world: { stopService: "clussvc", on: "HV02" } },
          on("HV02", refuses("Get-ClusterQuorum", {}, { category: "ConnectionError", hresult: -2147023143 })),
        ],
      },
      wide,
    ));

  it("of static votes needs more than half of them, with the witness's", () => {
    const votes = { voters: ["a", "b", "c", "d"], quorum: "NodeMajority", properties: { DynamicQuorum: 0 } };
    assert.equal(hasQuorum(votes, ["a", "b"]), false);
    assert.equal(hasQuorum({ ...votes, witness: "w" }, ["a", "b"]), true);
    assert.equal(hasQuorum({ ...votes, quorum: "DiskOnly" }, ["a"]), true);
  });

  it("of a world that was made before there were witnesses has one all the same", () =>
    runCase({ title: "", steps: [does("Set-ClusterQuorum", { NoWitness: true }), witness(null)] }, cluster));
});
