/** The number in the form in which it is known, `0x80070020`, as .NET gives it: signed. */
export function signed(code: number): number {
  return code | 0;
}

/** A message as Hyper-V ends it: with the code in brackets (recorded, hyper-v.md 1.1). */
export function coded(message: string, code: number): string {
  return `${message} (0x${code.toString(16).toUpperCase()})`;
}
