export interface Volume {
  root: string;
  sizeBytes: number;
  /** Taken away with its files, until it comes back. */
  away?: boolean;
}

export interface FileEntry {
  /** As it was written when the file was made; the key is what is compared. */
  path: string;
  kind: "file" | "folder";
  /** Bytes on the volume. */
  sizeBytes: number;
  vhd?: Vhd;
}

export interface Vhd {
  format: "VHD" | "VHDX" | "VHDSet";
  type: "Fixed" | "Dynamic" | "Differencing";
  sizeBytes: number;
  /** Below this a shrink would cut data. */
  minimumSizeBytes: number | null;
  blockSizeBytes: number;
  logicalSectorSizeBytes: number;
  physicalSectorSizeBytes: number;
  parentPath: string | null;
  identifier: string;
  /** The parent's identifier when it became the parent: whoever opens the chain compares (D). Null once the parent was written. */
  parentIdentifier: string | null;
  alignment: number;
  addressAbstractionType: string;
  /** Set while Mount-VHD has it on a host. */
  diskNumber: number | null;
  mountedOn: string | null;
  mountedReadOnly: boolean;
}
