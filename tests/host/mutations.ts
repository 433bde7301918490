import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Call, CallResult } from "../../provider/calls";
import type { PlayedSession } from "./played";

/** Of the agent in a PowerShell 7 engine: a session's greeting, answers to three batches, and what it says to a line that is none. */
interface Recorded {
  batches: Call[][];
  results: CallResult[][];
  /** CLIXML before it is deflated, with `<token>` for the session's. */
  frames: { kind: string; clixml: string }[];
}

export const recorded = JSON.parse(readFileSync(join(__dirname, "recorded-traffic.json"), "utf8")) as Recorded;

export const runs = Math.max(1000, Number(process.env.HYPERV_TEST_RUNS ?? 0));

/** Whether a message shows all that it has. */
export function isPlain(text: string): boolean {
  return !/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u.test(text.replaceAll("\r\n", "\n"));
}

/** The same each time that it begins with the same number. */
export class Chance {
  constructor(private state: number) {}

  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  /** Mutates what is deflated in half of the cases, otherwise the lines themselves. */
  mutated(lines: Buffer, session: PlayedSession): Buffer {
    if (this.below(4) === 0) return this.mutation(lines);
    const parts = lines.toString().split("\n");
    const at = this.below(parts.length);
    const frame = recorded.frames[this.below(recorded.frames.length)];
    const words = parts[at]?.split(" ") ?? [];
    if (words.length === 5 && frame) {
      const own = this.below(4) > 0 ? inflatedIn(words[4] ?? "") : frame.clixml.replaceAll("<token>", session.token);
      words[4] = deflateRawSync(this.mutation(Buffer.from(own))).toString("base64");
      parts[at] = words.join(" ");
    } else parts.splice(at, 1, this.mutation(Buffer.from(parts[this.below(parts.length)] ?? "")).toString("latin1"));
    return Buffer.from(parts.join("\n"));
  }

  mutation(bytes: Buffer): Buffer {
    let now = bytes;
    for (let times = this.below(3); times >= 0; times -= 1) now = this.once(now);
    return now;
  }

  private once(bytes: Buffer): Buffer {
    const at = this.below(bytes.length + 1);
    const end = Math.min(bytes.length, at + 1 + this.below(40));
    const [before, part, rest] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
    const changed = Buffer.from(part);
    switch (this.below(8)) {
      case 0: // a bit
        if (changed[0] !== undefined) changed[0] ^= 1 << this.below(8);
        return Buffer.concat([before, changed, rest]);
      case 1: // less
        return Buffer.concat([before, rest]);
      case 2: // again and again
        return Buffer.concat([before, ...Array.from({ length: 2 + this.below(50) }, () => part), rest]);
      case 3: // the end
        return before;
      case 4: // from elsewhere in it
        return Buffer.concat([before, bytes.subarray(this.below(bytes.length + 1)).subarray(0, 200), rest]);
      case 5: // anything
        return Buffer.concat([
          before,
          Buffer.from(Array.from({ length: 1 + this.below(20) }, () => this.below(256))),
          rest,
        ]);
      case 6: // numbers that mean something else
        return Buffer.from(
          bytes.toString("latin1").replace(/\d+/g, (digits) => (this.below(20) === 0 ? this.number() : digits)),
          "latin1",
        );
      default: // what means something
        return Buffer.concat([before, Buffer.from(words[this.below(words.length)] ?? ""), rest]);
    }
  }

  private number(): string {
    return ["4000000000", "-1", "1.5", "1e999", "NaN", "", "0", "99999999999999999999"][this.below(8)] ?? "";
  }
}

// biome-ignore format: a list of words
const words = [
  "<", ">", '"', "\n", "\r", "\0", "\u001b]0;x\u0007", "\u202e", "#hv ", "&#x110000;", "&lt;", "_xD800_", "<Nil />", "</Obj>",
  '<Obj RefId="0"><LST>', '<Ref RefId="0" />', '<Ref RefId="1" />', '<S N="Key">__proto__</S>', "<BA>AAAA</BA>", "<DT>2024-99-99T99:99:99Z</DT>",
];

function inflatedIn(line: string): string {
  return inflateRawSync(Buffer.from(line, "base64")).toString();
}
