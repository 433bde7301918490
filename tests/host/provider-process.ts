// What the engine starts, without the engine: a provider that reads as many machines as it is told, says so, and waits.
// usage: provider-process.ts SETTINGS(JSON) READS ENGINE(host:port)
import { createServer } from "node:net";
import { get } from "../../provider";

const [settings = "{}", reads = "1"] = process.argv.slice(2);
const configured = JSON.parse(settings) as Record<string, unknown>;

async function main(): Promise<void> {
  createServer().listen(0, "127.0.0.1"); // as the engine's gRPC server does, it keeps the process alive
  const machines = get("VirtualMachine");
  await machines.configure({ config: { get: (key) => configured[key.replace(/^hyperv:/, "")] } });
  const ids = Array.from(
    { length: Number(reads) },
    (_, number) => `6f1d2c3b-0000-4000-8000-${`${number}`.padStart(12, "0")}`,
  );
  await Promise.all(ids.map((id) => machines.read(id, {})));
  console.log("read");
}

void main();
