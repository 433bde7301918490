const MiB = 2 ** 20;

/**
 * The most that a host may send. A host runs at most 1024 machines (2016 to 2022); all that is read of so many would be 700,000
 * values and 30 MiB, and is never asked at once. What is beyond is no answer but a fault, and ends the session.
 */
export const most = {
  /** Bytes from one answer to the next, with noise, on both outputs: so a line can have no more either. */
  bytesPerAnswer: 64 * MiB,
  /** Bytes of one answer when it is inflated. */
  inflatedBytes: 64 * MiB,
  /** Elements of one answer, and values that its references make of them: some 160 bytes of memory each. */
  values: 1_000_000,
  /** How deep elements stand within each other, and values: PSSerializer writes ten levels of up to four elements. */
  elementsDeep: 64,
  levels: 64,
  /** Of all answers to one request, which are kept until its end. */
  inflatedBytesPerRequest: 256 * MiB,
  valuesPerRequest: 4_000_000,
  /** Lines from one answer to the next that are none: one every 36 ms in a call that takes an hour. */
  noiseLines: 100_000,
  /** Bytes of such a line that are looked at. */
  noiseBytes: MiB,
  /** Warnings of a call, codes of an error, modules of a host. */
  entries: 10_000,
  /** Characters of what a host says of itself: names, versions, times. */
  nameLength: 1000,
  /** Bytes that a shell says beside the word by which it is known. */
  shellBytes: 64 * 2 ** 10,
} as const;

/** More than a host may send; the message goes on after "it sent". */
export class TooMuchError extends Error {}

/** What was taken in of one or several answers. */
export interface Taken {
  bytes: number;
  values: number;
}

/** Of what one request is answered. */
export function checkRequest({ bytes, values }: Taken): void {
  if (bytes > most.inflatedBytesPerRequest)
    throw new TooMuchError(`answers of more than ${sizeOf(most.inflatedBytesPerRequest)} to one request`);
  if (values > most.valuesPerRequest)
    throw new TooMuchError(`answers of more than ${countOf(most.valuesPerRequest)} values to one request`);
}

export function sizeOf(bytes: number): string {
  return bytes < MiB ? `${bytes / 2 ** 10} KiB` : `${bytes / MiB} MiB`;
}

export function countOf(number: number): string {
  return number.toLocaleString("en-US");
}
