import { type Case, does, refuses, runCase, shows } from "./cases";
import { host } from "./worlds";

const web = does("New-VM", { Name: "web", Generation: 2 });
const protect = does("Set-VMKeyProtector", { VMName: "web", NewLocalKeyProtector: true });

const claims: Case[] = [
  {
    title: "encryption and shielding need a key protector, and shielding encrypts for good",
    steps: [
      web,
      refuses("Set-VMSecurity", { VMName: "web", EncryptStateAndVmMigrationTraffic: true }),
      refuses("Set-VMSecurityPolicy", { VMName: "web", Shielded: true }),
      protect,
      does("Set-VMSecurityPolicy", { VMName: "web", Shielded: true }),
      shows("Get-VMSecurity", { VMName: "web" }, { Shielded: true, EncryptStateAndVmMigrationTraffic: true }),
      refuses("Set-VMSecurityPolicy", { VMName: "web", Shielded: false }),
      refuses("Set-VMSecurity", { VMName: "web", EncryptStateAndVmMigrationTraffic: false }),
    ],
  },
  {
    title: "a key protector is read as bytes, four of them for none, and as it was given",
    steps: [
      web,
      does("Get-VMKeyProtector", { VMName: "web" }, { values: [0, 0, 0, 4] }),
      does("Set-VMKeyProtector", { VMName: "web", KeyProtector: [1, 2, 3] }),
      does("Get-VMKeyProtector", { VMName: "web" }, { values: [1, 2, 3] }),
      protect,
      does("Get-VMKeyProtector", { VMName: "web" }, { count: 32 }),
      refuses("Set-VMKeyProtector", { VMName: "web", KeyProtector: [1], NewLocalKeyProtector: true }),
    ],
  },
  {
    title: "generation 1 has neither key protector nor virtual TPM",
    steps: [
      does("New-VM", { Name: "old" }),
      refuses(
        "Set-VMKeyProtector",
        { VMName: "old", NewLocalKeyProtector: true },
        { idStartsWith: "InvalidParameter," },
      ),
      shows("Get-VMSecurity", { VMName: "old" }, { TpmEnabled: false, KsdEnabled: false }),
    ],
  },
];

describe("security on the simulator", () => {
  for (const claim of claims) it(claim.title, () => runCase(claim, host));
});
