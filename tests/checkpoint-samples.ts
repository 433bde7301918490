import type { Args, Sample } from "./sample";

/** Checkpoints of machines that the test made beside: `$vm` is the sample's own, `$other` another. */
function sample(property: string, set: Args, changed: Args, more: Partial<Sample> = {}): Sample {
  const args = (own: Args) => ({ vmId: "$vm", ...own });
  return {
    kind: "Checkpoint",
    property,
    setup: (name) => [name, `${name}-other`].map((machine) => `New-VM -Name ${machine} -Generation 2 -NoVHD`),
    set: () => args(set),
    changed: () => args(changed),
    step: "update",
    removed: () => args({}),
    removal: "update",
    ...more,
  };
}

export const checkpointSamples: Sample[] = [
  sample(
    "vmId",
    {},
    { vmId: "$other" },
    { step: "replace", kept: "required", removed: () => ({ vmId: "$other" }), removal: "same" },
  ),
  sample(
    "name",
    { name: "O'Brien [a]* 日本" },
    { name: "second" },
    {
      drift: (name) => [`Rename-VMSnapshot -VMName ${name} -Name second -NewName third`],
    },
  ),
  sample(
    "checkpointType",
    { checkpointType: "Production" },
    { checkpointType: "Standard" },
    {
      step: "replace",
      removal: "same",
    },
  ),
  sample("removal", { removal: "Alone" }, { removal: "Subtree" }),
  sample("adopt", { adopt: false }, { adopt: true }),
];
