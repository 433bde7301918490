import { most } from "./bounds";

/** Bytes to lines. A line may come in thousands of pieces, which are joined once. */
export class Lines {
  private readonly pieces: Buffer[] = [];
  /** Bytes of the line that has not ended. */
  waiting = 0;
  /** From which on pieces are small ones. */
  private joined = 0;

  constructor(private readonly hear: (line: Buffer) => void) {}

  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      if (end > from || this.waiting > 0) {
        this.keep(chunk.subarray(from, end));
        this.flush();
      }
      from = end + 1;
    }
    if (from < chunk.length) this.keep(chunk.subarray(from));
  }

  /** What came without a line's end. */
  flush(): void {
    const [only] = this.pieces;
    const line = only && this.pieces.length === 1 ? only : Buffer.concat(this.pieces);
    this.pieces.length = 0;
    this.waiting = 0;
    this.joined = 0;
    const end = lengthOf(line);
    if (end > 0) this.hear(line.subarray(0, end));
  }

  private keep(piece: Buffer): void {
    this.pieces.push(piece);
    this.waiting += piece.length;
    // a piece of one byte costs a hundred: a thousand of them become one
    if (this.pieces.length - this.joined < 1024) return;
    this.pieces.push(Buffer.concat(this.pieces.splice(this.joined)));
    this.joined += 1;
  }
}

/** Without the white space at its end: a carriage return, in front of what a line is ended with on Windows. */
function lengthOf(line: Buffer): number {
  let end = line.length;
  while (end > 0 && (line[end - 1] ?? 0) <= 32) end -= 1;
  return end;
}

/** As much of a line as anybody looks at; in a copy, so that the rest can go. */
export function textIn(line: Buffer): string {
  return line.subarray(0, most.noiseBytes).toString();
}
