import { z } from "zod";
import type { Question } from "../../calls";
import type { Problem } from "../../schema";
import { type Answers, answerOf } from "../definition";
import { isShared } from "../paths";

/** Where a machine's files are. */
export const filesOf = (vmId: string): Question => ({
  cmdlet: "Get-VM",
  parameters: { Id: vmId },
  select: { Name: null, Path: null, HardDrives: { Path: null } },
});

const machine = z.object({
  Name: z.string(),
  Path: z.string().nullish(),
  HardDrives: z.array(z.object({ Path: z.string().nullish() })).nullish(),
});

/** What only one node sees no other can start: such a machine is a role that never fails over (S, hyper-v.md 7.2). */
export function localFiles(answers: Answers): Problem[] {
  return answerOf(answers, "machine").flatMap((value) => {
    const { Name, Path, HardDrives } = machine.parse(value);
    const disks = (HardDrives ?? []).flatMap((drive) => drive.Path ?? []);
    return [
      ...disks.filter(isLocal).map((disk) => problemOf(Name, `its disk ${disk} is`)),
      ...[Path ?? ""].filter(isLocal).map((folder) => problemOf(Name, `its configuration in ${folder} is`)),
    ];
  });
}

/** A disk that is passed through has no path of a file. */
const isLocal = (path: string): boolean => /^[a-z]:\\/i.test(path) && !isShared(path);

function problemOf(name: string, what: string): Problem {
  return {
    path: ["vmId"],
    reason: `is ${name}: ${what} on a local volume, and the machine cannot fail over. Move it below C:\\ClusterStorage`,
  };
}
