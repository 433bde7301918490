export type Args = Record<string, unknown>;

/**
 * One property of a kind, as a program sets, changes and takes it away, and as somebody changes it by hand. A test walks
 * the schemas: a property without a sample fails it.
 */
export interface Sample {
  kind: string;
  /** Path in the schema; `[]` for the elements of a list. */
  property: string;
  /** Arguments with the property; `name` is unique to the sample. */
  set: (name: string) => Args;
  changed: (name: string) => Args;
  /** What the engine does at the change. */
  step: "update" | "replace";
  /**
   * Arguments without it, and what the engine does then. `left` is an update that changes nothing: the value is no one's
   * any more, and a refresh does not compare it; `same` where the state never held it, or holds it for good.
   */
  removed: (name: string) => Args;
  removal: "update" | "replace" | "same" | "left";
  /** Whether `changed` says the same in other words: then only what makes the thing sets it. */
  respelt?: true;
  /** Why `removed` still has it: a program on several nodes cannot leave it out, or it cannot be undone. */
  kept?: "required" | "for good";
  /** What an administrator types to change it, as the machine `name`; none where nothing on a host can differ. */
  drift?: (name: string) => string[];
  /** What must be there before. */
  setup?: (name: string) => string[];
}

export const volume = "C:\\ClusterStorage\\Volume1";

export const machine = (more: Args): Args => ({ node: "HV01", ...more });

/** What most samples of a kind are: changed in place, and taken away by arguments without it. */
export const inPlace =
  (kind: string, args: (more: Args) => Args, common: Partial<Sample> = {}) =>
  (property: string, set: Args, changed: Args, drift?: Sample["drift"], more: Partial<Sample> = {}): Sample => ({
    kind,
    property,
    set: () => args(set),
    changed: () => args(changed),
    step: "update",
    removed: () => args({}),
    removal: "update",
    drift,
    ...common,
    ...more,
  });

/** A property of a machine that is one value. */
export const scalar = inPlace("VirtualMachine", machine);

export const file = (name: string, number = 1) => `D:\\${name}-${number}.vhdx`;
export const disks = (name: string) => [1, 2].map((number) => `New-VHD -Path ${file(name, number)} -SizeBytes 1GB`);
export const disk = (name: string, more: Args, generation = 2) =>
  machine({ generation, hardDiskDrives: [{ path: file(name), ...more }] });

/** Also for the machine that a removed property is compared with. */
export const twice = (lines: (name: string) => string[]) => (name: string) => [
  ...lines(name),
  ...lines(`${name}-twin`),
];
