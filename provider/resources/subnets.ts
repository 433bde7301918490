import { isIP } from "node:net";
import { z } from "zod";

interface Subnet {
  family: 4 | 6;
  /** The bits of the address, those of hosts included. */
  bits: bigint;
  length: number;
}

/** An address, or one with the length of its prefix; an address alone is a network of one. */
function parsed(text: string): Subnet | undefined {
  const [address = "", length, ...rest] = text.trim().split("/");
  const family = isIP(address);
  if ((family !== 4 && family !== 6) || rest.length > 0 || address.includes("%")) return undefined;
  const most = widthOf[family];
  if (length !== undefined && (!/^\d{1,3}$/.test(length) || Number(length) > most)) return undefined;
  return { family, bits: family === 4 ? bitsOf4(address) : bitsOf6(address), length: Number(length ?? most) };
}

const widthOf = { 4: 32, 6: 128 } as const;

const bitsOf4 = (address: string): bigint => address.split(".").reduce((bits, part) => bits * 256n + BigInt(part), 0n);

/** The shortest spelling of an address has all that there is, but for one run of zeros. */
function bitsOf6(address: string): bigint {
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = "", tail] = plain.split("::");
  const groups = (text: string) => text.split(":").filter((group) => group !== "");
  const [first, last] = [groups(head), groups(tail ?? "")];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => "0");
  return [...first, ...zeros, ...last].reduce((bits, group) => bits * 65536n + BigInt(`0x${group}`), 0n);
}

const hostBits = ({ family, length }: Subnet): bigint => BigInt(widthOf[family] - length);

/** The same text for the same network, however it is written; a text that is none stays as it is. */
export function canonicalSubnet(text: string): string {
  const subnet = parsed(text);
  if (!subnet) return text.toLowerCase();
  return `${subnet.family}:${(subnet.bits >> hostBits(subnet)).toString(16)}/${subnet.length}`;
}

export function sameSubnet(one: string, other: string): boolean {
  return canonicalSubnet(one) === canonicalSubnet(other);
}

/** A network as an address and a mask tell it: `10.0.0.0/24`. */
export function subnetOf(address: string, mask: string): string {
  const ones = parsed(mask)?.bits.toString(2).replace(/0+$/, "").length;
  return ones === undefined ? address : `${address}/${bitsOf4(mask) === 0n ? 0 : ones}`;
}

/** What a program says of a network: its own address, and no pattern. */
export const subnet = (example: string) =>
  z.string().check((context) => {
    const { value } = context;
    const wrong = wrongSubnet(value, example);
    if (wrong === undefined) return;
    context.issues.push({ code: "custom", message: `${wrong}; it is ${JSON.stringify(value)}`, input: value });
  });

function wrongSubnet(text: string, example: string): string | undefined {
  if (/[*?[\]]/.test(text)) return `must be one network, such as ${example}: a pattern would mean others too`;
  const is = text === text.trim() ? parsed(text) : undefined;
  if (!is) return `must be a network, such as ${example}`;
  const ofHosts = is.bits & ((1n << hostBits(is)) - 1n);
  return ofHosts === 0n
    ? undefined
    : `must be the network's own address, such as ${example}, and not one of a host in it`;
}
