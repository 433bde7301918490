import { type Case, does, refuses, runCase, shows } from "./cases";
import { assigns, on } from "./cluster-steps";
import { wide } from "./worlds";

const missing = { id: "CmdletizationQuery_NotFound_Name,Get-ClusterFaultDomain", category: "ObjectNotFound" };

const claims: Case[] = [
  {
    title: "names are patterns, kinds are filters",
    steps: [
      does("New-ClusterFaultDomain", { Name: "North", FaultDomainType: "Site" }),
      does("New-ClusterFaultDomain", { Name: "South", FaultDomainType: 1000 }),
      does("New-ClusterFaultDomain", { Name: "Rack", Type: "Rack", Parent: "North" }),
      refuses("Get-ClusterFaultDomain", { Name: "West" }, missing),
      does("Get-ClusterFaultDomain", { Name: "*th" }, { count: 2 }),
      does("Get-ClusterFaultDomain", { Name: "*th", Type: "Rack" }, { count: 0 }),
      does("Get-ClusterFaultDomain", { Type: ["Site", "Node"] }, { count: 5 }),
      does("Get-ClusterFaultDomain", { Name: "North" }, {}, "north"),
      does("Get-ClusterFaultDomain", { Id: { $ref: "north", property: "Id" } }, { count: 1 }),
      does("Set-ClusterFaultDomain", { InputObject: { $ref: "north" }, NewName: "Far North", Location: "65 N" }),
      shows("Get-ClusterFaultDomain", { Name: "Rack" }, { ParentName: "Far North" }),
    ],
  },
  {
    title: "a domain has a name of its own, a kind that can be made, and a parent of a kind above it",
    steps: [
      does("New-ClusterFaultDomain", { Name: "North", FaultDomainType: "Site" }),
      refuses("New-ClusterFaultDomain", { Name: "north", FaultDomainType: "Rack" }),
      refuses("New-ClusterFaultDomain", { Name: "HV01", FaultDomainType: "Rack" }),
      refuses("New-ClusterFaultDomain", { Name: "HV05", FaultDomainType: "Node" }),
      refuses("New-ClusterFaultDomain", { Name: "Row", FaultDomainType: "Row" }, { category: "InvalidArgument" }),
      does("New-ClusterFaultDomain", { Name: "Rack", FaultDomainType: "Rack" }),
      does("New-ClusterFaultDomain", { Name: "Chassis", FaultDomainType: "Chassis", FaultDomain: "Rack" }),
      refuses("Set-ClusterFaultDomain", { Name: "Rack", FaultDomain: "Chassis" }),
      refuses("Set-ClusterFaultDomain", { Name: "Rack", FaultDomain: "Rack" }),
      refuses("Set-ClusterFaultDomain", { Name: "North", FaultDomain: "Rack" }),
      refuses("Set-ClusterFaultDomain", { Name: "Rack", FaultDomain: "Nowhere" }),
      refuses("Set-ClusterFaultDomain", { Name: "Rack", NewName: "North" }),
      refuses("Set-ClusterFaultDomain", { Name: "HV01", NewName: "HV09" }),
      does("Set-ClusterFaultDomain", { Name: "HV01", FaultDomain: "Chassis", Description: "left" }),
      refuses("Remove-ClusterFaultDomain", { Name: "Rack" }),
      does("Set-ClusterFaultDomain", { Name: "Chassis", FaultDomain: "" }),
      does("Remove-ClusterFaultDomain", { Name: "Rack" }),
      shows("Get-ClusterFaultDomain", { Name: "HV01" }, { ParentName: "Chassis", Description: "left" }),
    ],
  },
  {
    title: "a node comes with its domain and leaves with it",
    steps: [
      does("New-ClusterFaultDomain", { Name: "Rack", FaultDomainType: "Rack" }),
      does("Set-ClusterFaultDomain", { Name: "HV03", FaultDomain: "Rack" }),
      does("Remove-ClusterNode", { Name: "HV03", Force: true }),
      refuses("Get-ClusterFaultDomain", { Name: "HV03" }, missing),
      shows("Get-ClusterFaultDomain", { Name: "Rack" }, { ChildrenNames: [] }),
      does("Add-ClusterNode", { Name: "HV04" }),
      shows("Get-ClusterFaultDomain", { Name: "HV04" }, { Type: "Node", ParentName: "" }),
    ],
  },
  {
    title: "a cluster prefers a site that there is",
    steps: [
      does("New-ClusterFaultDomain", { Name: "North", FaultDomainType: "Site" }),
      does("Get-Cluster", {}, {}, "cluster"),
      assigns("PreferredSite", "cluster", "South", "ExceptionWhenSetting"),
      assigns("PreferredSite", "cluster", "north"),
      on("HV02", shows("Get-Cluster", {}, { PreferredSite: "North" })),
      assigns("PreferredSite", "cluster", ""),
      shows("Get-Cluster", {}, { PreferredSite: "" }),
      on("HV04", refuses("Get-ClusterFaultDomain", {}, { category: "ConnectionError" })),
    ],
  },
];

describe("fault domains of the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, wide));
});
