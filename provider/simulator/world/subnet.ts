/** IPv4 addresses as numbers, to tell which subnet they are in. */
export function addressNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function addressText(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}

export function isIPv4(address: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(address) && address.split(".").every((part) => Number(part) < 256);
}

export function maskOf(prefixLength: number): string {
  return addressText(prefixLength === 0 ? 0 : (0xffffffff << (32 - prefixLength)) >>> 0);
}

export function prefixOf(mask: string): number {
  return addressNumber(mask).toString(2).replaceAll("0", "").length;
}

export function subnetOf(address: string, prefixLength: number): string {
  return addressText((addressNumber(address) & addressNumber(maskOf(prefixLength))) >>> 0);
}
