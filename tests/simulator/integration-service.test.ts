import { type Case, does, refuses, runCase, shows } from "./cases";
import { host } from "./worlds";

const running = [does("New-VM", { Name: "web" }), does("Start-VM", { Name: "web" })];

const claims: Case[] = [
  {
    title: "services are switched while the machine runs, by name in any case or by object",
    steps: [
      ...running,
      does("Enable-VMIntegrationService", { VMName: "web", Name: "guest service interface" }),
      does("Get-VMIntegrationService", { VMName: "web", Name: "Guest*" }, { values: [{ Enabled: true }] }, "service"),
      does("Disable-VMIntegrationService", { VMIntegrationService: { $ref: "service" } }),
      shows("Get-VMIntegrationService", { VMName: "web", Name: "Guest*" }, { Enabled: false }),
    ],
  },
  {
    title: "a service without guest contact says so, and a disabled one says that all is well",
    steps: [
      ...running,
      shows("Get-VMIntegrationService", { VMName: "web", Name: "VSS" }, { PrimaryOperationalStatus: "NoContact" }),
      does("Disable-VMIntegrationService", { VMName: "web", Name: "VSS" }),
      shows("Get-VMIntegrationService", { VMName: "web", Name: "VSS" }, { PrimaryOperationalStatus: "Ok" }),
      { world: { guest: "web", boots: true } },
      shows("Get-VMIntegrationService", { VMName: "web", Name: "Heartbeat" }, { PrimaryOperationalStatus: "Ok" }),
      does("Disable-VMIntegrationService", { VMName: "web", Name: "Heartbeat" }),
      shows("Get-VM", { Name: "web" }, { Heartbeat: "Disabled" }),
    ],
  },
  {
    title: "a service that no host has is not found",
    steps: [
      ...running,
      refuses("Enable-VMIntegrationService", { VMName: "web", Name: "Herzschlag" }, { category: "ObjectNotFound" }),
    ],
  },
];

describe("integration services on the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
});
