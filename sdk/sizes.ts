/** Bytes in a kibibyte. */
export const KiB = 1024;
/** Bytes in a mebibyte: `memory: { startupBytes: 512 * MiB }`. */
export const MiB = 1024 * KiB;
/** Bytes in a gibibyte: `sizeBytes: 40 * GiB`. */
export const GiB = 1024 * MiB;
/** Bytes in a tebibyte. */
export const TiB = 1024 * GiB;
