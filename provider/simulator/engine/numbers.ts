export const integer =
  (low: number, high: number) =>
  (value: unknown): number | undefined => {
    const number =
      typeof value === "boolean"
        ? Number(value)
        : typeof value === "number"
          ? roundHalfEven(value)
          : typeof value === "string"
            ? numberOf(value, low)
            : undefined;
    if (number === undefined || Number.isNaN(number) || number < low || number > high) return undefined;
    return number === 0 ? 0 : number; // not -0
  };

/** A number as .NET and PowerShell read it from a text: literals with their suffixes, then hex of other styles, then thousands separators. */
function numberOf(written: string, low: number): number | undefined {
  const trimmed = written.trim();
  if (trimmed === "") return 0;
  const literal =
    /^([+-]?)(?:0x([0-9a-f]+)|0b([01]+)|(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?))(?:ul|us|uy|[ulsynd])?([kmgtp]b)?$/i.exec(
      trimmed,
    );
  if (literal) {
    const [, sign, hex, binary, decimal, unit] = literal;
    const magnitude =
      hex !== undefined ? hexadecimal(hex, low) : binary !== undefined ? Number.parseInt(binary, 2) : Number(decimal);
    const number = roundHalfEven(
      magnitude * (unit === undefined ? 1 : 1024 ** ("kmgtp".indexOf(unit.charAt(0).toLowerCase()) + 1)),
    );
    return Number.isFinite(number) ? (sign === "-" ? -number : number) : undefined;
  }
  const other = /^(?:#|&h|0x)([0-9a-f]*)$/i.exec(trimmed);
  if (other) return Number.parseInt(`0${other[1] ?? ""}`, 16);
  return /^[+-]?\d[\d,]*(?:\.\d*)?(?:e[+-]?\d+)?$/i.test(trimmed)
    ? roundHalfEven(Number(trimmed.replaceAll(",", "")))
    : undefined;
}

/** Eight digits are an int and sixteen a long, so that the highest bit is a sign; an unsigned type reads them again without. */
function hexadecimal(digits: string, low: number): number {
  const value = BigInt(`0x${digits}`);
  const signed =
    digits.length === 8 ? BigInt.asIntN(32, value) : digits.length === 16 ? BigInt.asIntN(64, value) : value;
  return Number(signed < 0n && low === 0 ? value : signed);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

export function numberText(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 2 ** 63) return BigInt(value).toString();
  const [mantissa = "", exponent] = (size < 1e-4 || size >= 1e15 ? value.toExponential() : String(value)).split("e");
  if (exponent === undefined) return mantissa;
  return `${mantissa}E${exponent.charAt(0)}${exponent.slice(1).padStart(2, "0")}`;
}
