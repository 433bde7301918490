import { PassThrough } from "node:stream";
import type { Channel } from "../../provider/host/session/transport";

/** Whose agent has one more line. */
export function withLine(channel: Channel, line: string, before: string): Channel {
  const stdin = new PassThrough();
  stdin.once("data", (first: Buffer) => {
    const [agent = "", ...rest] = first.toString().split(" ");
    const text = Buffer.from(agent, "base64").toString().replace(`\n${before}`, `\n${line}\n${before}`);
    channel.stdin.write([Buffer.from(text).toString("base64"), ...rest].join(" "));
    stdin.pipe(channel.stdin);
  });
  return { ...channel, stdin };
}
