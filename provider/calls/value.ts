/**
 * The objects that an earlier call of the batch returned under `as`, or a property of each of them; of these, with
 * `where`, only those whose properties, or properties of these (`ResourceType.Name`), have the given values. Text is compared without case.
 */
export interface Reference {
  $ref: string;
  property?: string;
  where?: { readonly [property: string]: string | number | boolean };
}

/** A value that becomes a SecureString on the host and is masked wherever a person could read it. */
export interface SecretValue {
  $secret: string;
}

export type Value =
  | string
  | number
  | boolean
  | null
  | Reference
  | SecretValue
  | readonly Value[]
  | { readonly [key: string]: Value };
