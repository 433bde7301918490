import { type Problem, problem } from "../../schema";
import type { Desired } from "./schema";

type Property = Exclude<keyof Desired, "type">;

/** Which kind of witness each is of. */
const kindOf: Readonly<Record<Property, Desired["type"]>> = {
  diskWitness: "Disk",
  fileShareWitness: "FileShare",
  accountName: "Cloud",
  accessKey: "Cloud",
  endpoint: "Cloud",
  containerName: "Cloud",
};

const needed: Readonly<Partial<Record<Desired["type"], Property>>> = {
  Disk: "diskWitness",
  FileShare: "fileShareWitness",
  Cloud: "accountName",
};

export const rules = [neededIsGiven, othersAreNot];

function neededIsGiven(desired: Desired): Problem[] {
  const property = needed[desired.type];
  const isMissing = property !== undefined && desired[property] === undefined;
  return isMissing ? [problem(property, `is required for a witness of type ${desired.type}`)] : [];
}

function othersAreNot(desired: Desired): Problem[] {
  const { type } = desired;
  return (Object.keys(kindOf) as Property[]).flatMap((property) =>
    desired[property] === undefined || kindOf[property] === type
      ? []
      : [problem(property, `is of a witness of type ${kindOf[property]}, and the type is ${type}`)],
  );
}
