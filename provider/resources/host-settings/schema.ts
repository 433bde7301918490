import { z } from "zod";
import { MigrationAuthenticationType, VMMigrationPerformance } from "../../calls/cmdlets.generated";
import { hot, meant, path, replaces } from "../../schema";
import { migrationNetwork } from "./migration-network";

/** Hexadecimal digits, also with hyphens or colons between bytes. */
const digits = (count: 12 | 16, example: string) =>
  z
    .string()
    .regex(
      new RegExp(`^([0-9a-f]{${count}}|[0-9a-f]{2}([-:][0-9a-f]{2}){${count / 2 - 1}})$`, "i"),
      `must be ${count} hexadecimal digits, such as ${example}`,
    );

const macAddress = () => digits(12, "00155D010200").optional();
const wwn = () => digits(16, "C003FF0000FFFF00").optional();

/** A uint32 (documented, hyper-v-host.md 2). */
const count = () => z.int().min(0).max(4294967295).optional();

export const migration = z.strictObject({
  /**
   * Whether live migrations to and from this host are on. The host must be in a domain; from Windows Server 2025 on a node of a
   * cluster need not be. A change is made at once; machines that are on their way arrive. `Enable-VMMigration`.
   */
  enabled: hot(z.boolean().optional(), "Enable-VMMigration"),
  /**
   * How hosts show each other who they are: `CredSSP` needs a session on the source host itself, `Kerberos` needs constrained
   * delegation between the hosts in Active Directory. Where Credential Guard is on, which is the default from Windows
   * Server 2025 on, only `Kerberos` works. A change is made at once.
   */
  virtualMachineMigrationAuthenticationType: hot(
    z.enum(MigrationAuthenticationType).optional(),
    "Set-VMHost",
    "VirtualMachineMigrationAuthenticationType",
  ),
  /** How memory is sent: as it is, compressed, or over SMB, which uses RDMA where it is. A change is made at once. */
  virtualMachineMigrationPerformanceOption: hot(
    z.enum(VMMigrationPerformance).optional(),
    "Set-VMHost",
    "VirtualMachineMigrationPerformanceOption",
  ),
  /**
   * Live migrations that run at the same time. On a node of a cluster of Windows Server 2022 and later the cluster writes its
   * `maximumParallelMigrations` over it, again and again: leave it out there, and declare that in `ClusterSettings`. A change is
   * made at once.
   */
  maximumVirtualMachineMigrations: hot(count(), "Set-VMHost", "MaximumVirtualMachineMigrations"),
  /** Moves of storage that run at the same time. A change is made at once. */
  maximumStorageMigrations: hot(count(), "Set-VMHost", "MaximumStorageMigrations"),
  /** Whether live migrations may use any network; otherwise only `networks`. A change is made at once. */
  useAnyNetworkForMigration: hot(z.boolean().optional(), "Set-VMHost", "UseAnyNetworkForMigration"),
  /**
   * The networks for live migrations, all of them: one that is not in the list is removed from the host. They count while
   * `useAnyNetworkForMigration` is false; with an empty list no network may be used then. In what order they stand means nothing.
   * New ones are added before others are removed. `Add-VMMigrationNetwork`. A change is made at once.
   */
  networks: hot(z.array(migrationNetwork).optional(), "Add-VMMigrationNetwork"),
});

export const schema = z.strictObject({
  /**
   * Node whose settings they are. Required where the provider has several nodes. A change sets another one, and leaves this
   * one as it is.
   */
  node: meant(replaces(z.string().min(1).optional())),
  /**
   * Folder for machines that are made without a path: a local one or a share, which must be there. Machines that exist stay where
   * they are. A change is made at once.
   */
  virtualMachinePath: hot(path().optional(), "Set-VMHost", "VirtualMachinePath"),
  /** Folder for disks that are made by their name alone, as above. A change is made at once. */
  virtualHardDiskPath: hot(path().optional(), "Set-VMHost", "VirtualHardDiskPath"),
  /**
   * First address that is given to adapters without one of their own: 12 hexadecimal digits, by convention 00155D and six more, also
   * with hyphens or colons. Hosts need ranges of their own, or they give the same addresses. Addresses that were given stay. A change
   * is made at once.
   */
  macAddressMinimum: hot(macAddress(), "Set-VMHost", "MacAddressMinimum"),
  /** Last address of that range. A change is made at once. */
  macAddressMaximum: hot(macAddress(), "Set-VMHost", "MacAddressMaximum"),
  /**
   * Whether a machine may have memory of several NUMA nodes. A change takes effect when the host's management service restarts
   * (`Restart-Service vmms`, machines run on), and for a machine when it starts then.
   */
  numaSpanningEnabled: hot(z.boolean().optional(), "Set-VMHost", "NumaSpanningEnabled"),
  /** Whether consoles may share clipboard, drives and sound with a guest. A change is made at once. */
  enableEnhancedSessionMode: hot(z.boolean().optional(), "Set-VMHost", "EnableEnhancedSessionMode"),
  /** Seconds between two records of what machines use, 3600 to 86400: an hour to a day. A change is made at once. */
  resourceMeteringSaveInterval: hot(
    z.int().min(3600).max(86400).optional(),
    "Set-VMHost",
    "ResourceMeteringSaveInterval",
  ),
  /** World wide node name of virtual Fibre Channel adapters, 16 hexadecimal digits. For adapters that are made later. */
  fibreChannelWwnn: hot(wwn(), "Set-VMHost", "FibreChannelWwnn"),
  /** First world wide port name that is given to such adapters, 16 hexadecimal digits. For adapters that are made later. */
  fibreChannelWwpnMinimum: hot(wwn(), "Set-VMHost", "FibreChannelWwpnMinimum"),
  /** Last world wide port name of that range. For adapters that are made later. */
  fibreChannelWwpnMaximum: hot(wwn(), "Set-VMHost", "FibreChannelWwpnMaximum"),
  /** How machines move between this host and others. Of it too only what is named is set. */
  migration: hot(migration.optional(), "Set-VMHost"),
});

export type Desired = z.input<typeof schema>;
