import { appendFileSync } from "node:fs";
import type { Call, CallResult } from "../../calls";
import { isAssignment } from "../../calls";
import { toPowerShell } from "../../calls/powershell-text";
import { maskIn, maskWords, secretsIn, withoutValues } from "../../text/secrets";
import { shown } from "../../text/shown";
import { textOf } from "../errors";
import { type Host, handOn, type RunOptions } from "../host";

/** Takes text that ends with a line's end. */
export type Write = (text: string) => void;

/** Where a trace goes: a file that grows, or with `true` the log, which is what a provider's process says on standard error. */
export function traceWriter(trace: string | boolean | undefined, name = "hyperv:trace"): Write | undefined {
  if (trace === undefined || trace === false || trace === "false" || trace === "") return undefined;
  const log: Write = (text) => void process.stderr.write(text);
  if (trace === true || trace === "true") return log;
  const complaint = (error: unknown) => `${name} cannot be written: ${textOf(error)}`;
  try {
    appendFileSync(trace, "");
  } catch (error) {
    throw new Error(complaint(error), { cause: error });
  }
  return (text) => {
    try {
      appendFileSync(trace, text);
    } catch (error) {
      log(`${complaint(error)}\n`); // what the host has done by now must not get lost with it
    }
  };
}

/** A host whose batches are written down as PowerShell that a person can paste, with how they went. Secrets are masked. */
export function traced(host: Host, write: Write): Host {
  return {
    address: host.address,
    run: async (calls: readonly Call[], options?: RunOptions) => {
      const begun = performance.now();
      const hidden = options?.hidden;
      const note = (said: string) => {
        const secrets = secretsIn(calls);
        const outcome = shown(maskIn(maskWords(said, hidden ?? []), secrets));
        const script = maskIn(toPowerShell(hidden ? withoutValues(calls) : calls), secrets);
        write(`${describe(host.address, performance.now() - begun, outcome)}\n${script}\n\n`);
      };
      try {
        const results = await handOn(host, calls, options);
        note(outcomeOf(calls, results));
        return results;
      } catch (error) {
        note(`not answered: ${textOf(error)}`);
        throw error;
      }
    },
    reaches: (endpoint) => host.reaches(endpoint),
    pause: (milliseconds, signal) => host.pause(milliseconds, signal),
    forget: () => host.forget(),
    close: () => host.close(),
  };
}

function describe(address: string, milliseconds: number, outcome: string): string {
  const [first, ...rest] = outcome.split(/\r?\n/);
  return [`# ${address}, ${Math.round(milliseconds)} ms: ${first}`, ...rest.map((line) => `# ${line}`)].join("\n");
}

function outcomeOf(calls: readonly Call[], results: readonly CallResult[]): string {
  const warnings = results.flatMap((result) => result.warnings).map((warning) => `\nwarning: ${warning}`);
  const at = results.findIndex(({ error }) => error);
  const call = calls[at];
  const error = results[at]?.error;
  if (!call || !error) return `done${warnings.join("")}`;
  const what = isAssignment(call) ? `setting ${call.assign}` : call.cmdlet;
  return `failed at ${what}, call ${at + 1} of ${calls.length}: ${error.id} (${error.category})\n${error.message}${warnings.join("")}`;
}
