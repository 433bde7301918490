import { BaseAgent, createAgent, type IdentityCallback, type ParsedKey, type SignCallback, utils } from "ssh2";
import { weaknessOf } from "./ssh-strength";

export const sha1Refused =
  "the SSH server takes of an RSA key only signatures with SHA-1 (ssh-rsa), which can be forged: update OpenSSH Server there, or sign " +
  "in with an Ed25519 key";

/** An ssh-agent without its weak keys, which signs nothing with SHA-1. */
export class StrongAgent extends BaseAgent<ParsedKey> {
  private readonly agent: BaseAgent;

  constructor(path: string) {
    super();
    this.agent = createAgent(path);
  }

  override getIdentities(answer: IdentityCallback<ParsedKey>): void {
    this.agent.getIdentities((error, keys = []) => {
      if (error) return answer(error);
      const parsed = keys.flatMap((key) => utils.parseKey(key as Buffer)).filter((key) => !isError(key)) as ParsedKey[];
      const weak = parsed.flatMap((key) => weaknessOf(key.getPublicSSH()) ?? []);
      const isStrong = (key: ParsedKey) => weaknessOf(key.getPublicSSH()) === undefined;
      if (weak.length > 0 && weak.length === parsed.length) answer(new Error(`it has only ${weak[0]}`));
      else answer(undefined, parsed.filter(isStrong));
    });
  }

  override sign(key: ParsedKey, data: Buffer, options: unknown, answer?: SignCallback): void {
    const signed = (typeof options === "function" ? options : answer) as SignCallback;
    const { hash } = options as { hash?: string };
    if (key.type === "ssh-rsa" && hash !== "sha256" && hash !== "sha512") signed(new Error(sha1Refused));
    else this.agent.sign(key, data, { hash } as object, signed);
  }
}

/** The same key, which signs nothing with SHA-1; `refused` is told. */
export function strong(key: ParsedKey, refused: () => void): ParsedKey {
  const sign = key.sign.bind(key);
  key.sign = (data, algorithm) => {
    if (key.type !== "ssh-rsa" || algorithm === "sha256" || algorithm === "sha512") return sign(data, algorithm);
    refused();
    return new Error(sha1Refused) as unknown as Buffer; // ssh2 looks whether it is one
  };
  return key;
}

function isError(value: unknown): value is Error {
  return value instanceof Error;
}
