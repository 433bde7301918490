export interface SshOptions {
  /** Name or address of the server. */
  host: string;
  port?: number;
  user?: string;
  password?: string;
  /** Text of a key, or the path of its file. */
  privateKey?: string;
  passphrase?: string;
  /** Fingerprint or public key that the server must show; otherwise the file of known hosts decides. */
  hostKey?: string;
  knownHosts?: string;
  /** PowerShell on the host. */
  powershell?: string;
  /** How messages call the host. */
  address?: string;
  /** How messages call what is wrong in itself, where these names are not what gave it. */
  names?: { readonly privateKey?: string | undefined; readonly hostKey?: string | undefined } | undefined;
  /**
   * Seconds that a host which answered before is given to come back: an external switch takes its network away for 5 to 15
   * (hyper-v.md 9).
   */
  returnSeconds?: number;
}
