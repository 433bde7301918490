import { result } from "../../calls";
import type { Block, Change } from "./change";

interface Observed {
  version: string;
  newestVersion?: string | undefined;
}

interface Desired {
  version?: string | undefined;
}

/** An upgrade goes to the newest version of the host, and there is no way back: only when the program asks for just that. */
export const changeVersion: Block<Observed, Desired> = ({ version: is, newestVersion }, { version: wanted }) => {
  const order = wanted === undefined ? 0 : compareVersions(wanted, is);
  if (wanted === undefined || order === 0) return [];
  const upgrade: Change = {
    does: `upgrade the configuration version from ${is} to ${wanted}`,
    properties: ["version"],
    when: "off",
    calls: [{ cmdlet: "Update-VMVersion", parameters: { VM: result("vm"), Force: true } }],
  };
  if (order < 0)
    return [
      {
        ...upgrade,
        refusal:
          `cannot go down, and the machine has ${is}: set that, or leave it out. Only a new machine can have an older ` +
          "version: delete this one first",
      },
    ];
  if (newestVersion !== undefined && compareVersions(wanted, newestVersion) !== 0)
    return [{ ...upgrade, refusal: `must be ${newestVersion} or ${is}: an upgrade goes to the newest of the host` }];
  return [upgrade];
};

function compareVersions(one: string, other: string): number {
  const [major = 0, minor = 0] = one.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split(".").map(Number);
  return major - otherMajor || minor - otherMinor;
}
