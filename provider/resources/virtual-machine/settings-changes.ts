import { type Call, result } from "../../calls";
import { same } from "../definition";
import type { Block, Change } from "./change";
import { isIn, isOwnFolder, isUnder, ownFolder, removeFolder, sameFolder } from "./folder";
import { differences } from "./property";
import type { Observed } from "./recorded";
import type { Desired } from "./schema";
import { type places, settings } from "./settings";

const vm = { VM: result("vm") };

export const changeSettings: Block<Observed, Desired> = (observed, desired) => {
  // a cluster ignores, and may rewrite, the automatic start action of its roles (hyper-v.md 1.6)
  const wanted = observed.isClustered ? { ...desired, automaticStartAction: undefined } : desired;
  return [
    ...(desired.name === undefined || observed.name === desired.name
      ? []
      : [
          {
            does: "rename the machine",
            properties: ["name"],
            when: "hot" as const,
            calls: [{ cmdlet: "Rename-VM", parameters: { ...vm, NewName: desired.name } }] as const,
          },
        ]),
    ...differences(settings, { at: "", target: vm, desired: wanted, observed: observed.settings }),
    ...changeComPorts(observed, desired),
    ...movePlaces(observed, desired),
  ];
};

const changeComPorts = (observed: Observed, desired: Desired): Change[] =>
  ([1, 2] as const).flatMap((number): Change[] => {
    const wanted = desired[`comPort${number}`];
    if (wanted === undefined || wanted === observed.comPorts[number - 1]) return [];
    const property = `comPort${number}`;
    const call: Call = { cmdlet: "Set-VMComPort", parameters: { ...vm, Number: number, Path: wanted } };
    const when = observed.generation === 1 ? "hot" : "off";
    return [{ does: `set ${property}`, properties: [property], when, calls: [call] }];
  });

/** One storage migration for all that moves. What lies with the configuration goes with it, unless the program says where. */
const movePlaces = (
  observed: Observed,
  { name = observed.name, path: parent, snapshotFileLocation, smartPagingFilePath }: Desired,
): Change[] => {
  const moves = parent !== undefined && !isIn(observed.path, parent);
  const configuration = moves ? ownFolder({ path: observed.path, name }, parent) : observed.path;
  const along = (now: string) => (sameFolder(now, observed.path) ? configuration : now);
  const wanted = {
    path: configuration,
    snapshotFileLocation: snapshotFileLocation ?? along(observed.snapshotFileLocation),
    smartPagingFilePath: smartPagingFilePath ?? along(observed.smartPagingFilePath),
  };
  const properties = (["path", "snapshotFileLocation", "smartPagingFilePath"] as const).filter(
    (key) => !sameFolder(wanted[key], observed[key]),
  );
  if (properties.length === 0) return [];
  const parameters = {
    ...vm,
    ...(properties.includes("path") && { VirtualMachinePath: wanted.path }),
    ...(properties.includes("snapshotFileLocation") && { SnapshotFilePath: wanted.snapshotFileLocation }),
    ...(properties.includes("smartPagingFilePath") && { SmartPagingFilePath: wanted.smartPagingFilePath }),
  };
  return [
    {
      does: `move ${properties.join(" and ")} to ${[...new Set(properties.map((key) => wanted[key]))].join(" and ")}`,
      properties,
      when: "hot",
      calls: [{ cmdlet: "Move-VMStorage", parameters }],
    },
    ...leftFolder(observed, wanted, properties),
  ];
};

/** A move leaves the machine's own folder, which goes if nothing else is in it, and nothing of the machine's will be. */
function leftFolder(
  observed: Observed,
  wanted: Record<keyof typeof places, string>,
  properties: readonly (keyof typeof places)[],
): Change[] {
  const { path } = observed;
  const used = Object.values(wanted).some((folder) => sameFolder(folder, path) || isUnder(folder, path));
  if (used || !isOwnFolder(observed, undefined)) return [];
  return [
    { does: `remove the folder ${path}`, properties, when: "hot", mayBeRefused: true, calls: [removeFolder(path)] },
  ];
}

export function spelledAs(wanted: string | undefined, is: string): string {
  return wanted !== undefined && same(wanted.replace(/\\+$/, ""), is.replace(/\\+$/, "")) ? wanted : is;
}
