export interface Volume {
  root: string;
  sizeBytes: number;
  /** Taken away with its files, until it comes back. */
  away?: boolean;
}

/** A disk that every node sees, under one number. */
export interface SharedDisk {
  number: number;
  sizeBytes: number;
  partitionStyle: string;
  fileSystem?: string;
  label?: string;
  /** Identity of the disk on every node. */
  id?: string;
  /** What is on it while no path leads there: the files of the shared volume that it was, under the folder they had. */
  kept?: { path: string; files: Record<string, FileEntry> };
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
  /** Of a VHD Set: the name of the file beside it that holds its data. */
  dataFile?: string;
}
