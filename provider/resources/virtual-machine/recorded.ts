import { z } from "zod";
import { recordedBios } from "./bios";
import { recordedFirmware } from "./firmware";
import { recordedServices } from "./integration-services";
import { recordedMemory } from "./memory";
import { recordedDisk, recordedDvd } from "./observed-drives";
import { recordedAdapter } from "./observed-network-adapters";
import { recordedProcessor } from "./processor";
import { recordedSettings } from "./property";
import { recordedSecurity } from "./security";
import type { settings } from "./settings";

/** A machine as the host shows it, and as the state holds it. */
export const recorded = z.object({
  id: z.string(),
  name: z.string(),
  generation: z.literal([1, 2]),
  version: z.string(),
  /** The newest that its host has; undefined where nobody asked. */
  newestVersion: z.string().optional(),
  state: z.string(),
  /** What keeps it from being changed: a backup, a merge of disks. */
  busy: z.string().optional(),
  isClustered: z.boolean(),
  computerName: z.string(),
  /** The node that the program named when the machine was last there, or first seen. */
  placedOn: z.string().optional(),
  /** The provider's node that it is on, where those are in no cluster. */
  standsOn: z.string().optional(),
  heartbeat: z.string().optional(),
  path: z.string(),
  snapshotFileLocation: z.string(),
  smartPagingFilePath: z.string(),
  settings: recordedSettings<typeof settings>(),
  processor: recordedProcessor,
  memory: recordedMemory,
  adapters: z.array(recordedAdapter),
  drives: z.array(recordedDisk),
  dvds: z.array(recordedDvd),
  scsiControllers: z.int(),
  firmware: recordedFirmware.optional(),
  bios: recordedBios.optional(),
  security: recordedSecurity.optional(),
  integrationServices: recordedServices,
  comPorts: z.tuple([z.string(), z.string()]),
});

export type Observed = z.output<typeof recorded>;
