import { forTerminal } from "./messages";

/**
 * Lines on a resource's own row while the engine waits. Through the SDK's own client, which is no public interface of
 * it: without it everything works, quietly.
 */
export class Progress {
  private readonly send: Send | undefined;

  constructor(engineAddress: string | undefined) {
    this.send = engineAddress === undefined ? undefined : connect(engineAddress);
  }

  /** A warning that is no resource's; where no engine listens, in the log. */
  warn(message: string): void {
    if (this.send) this.send("", message, "warning");
    else console.error(`warning: ${message}`);
  }

  /** Progress of one call for the resource of the urn. What is over sooner than a person could read it is not sent. */
  begin(urn: string | undefined): Row {
    const { send } = this;
    if (urn === undefined || !send) return { report: () => {}, say: () => {}, tell: () => {}, end: () => {} };
    let timer: NodeJS.Timeout | undefined;
    const end = () => clearTimeout(timer);
    const report = (message: string) => {
      end();
      timer = setTimeout(() => send(urn, message, "passing"), worthSaying);
    };
    return {
      report,
      say: (message) => send(urn, message, "warning"),
      tell: (message) => send(urn, message, "lasting"),
      end,
    };
  }
}

type Send = (urn: string, message: string, kind: "passing" | "lasting" | "warning") => void;

/** What one call says on its resource's row. */
export interface Row {
  /** What goes on, seen only while it does. */
  report: (message: string) => void;
  /** A warning that stays, also in the run's diagnostics. */
  say: (message: string) => void;
  /** The same without alarm. */
  tell: (message: string) => void;
  end: () => void;
}

/** Milliseconds that a step must last to be worth a line. */
const worthSaying = 400;

interface LogRequest {
  setSeverity(severity: number): void;
  setMessage(message: string): void;
  setUrn(urn: string): void;
  setEphemeral(ephemeral: boolean): void;
}

interface EngineClient {
  log(request: LogRequest, answered: (error: unknown) => void): void;
}

function connect(address: string): Send | undefined {
  try {
    const grpc = load<{ credentials: { createInsecure(): unknown } }>("@grpc/grpc-js");
    const { EngineClient } = load<{ EngineClient: new (address: string, credentials: unknown) => EngineClient }>(
      "@pulumi/pulumi/proto/engine_grpc_pb",
    );
    const { LogRequest, LogSeverity } = load<{
      LogRequest: new () => LogRequest;
      LogSeverity: { INFO: number; WARNING: number };
    }>("@pulumi/pulumi/proto/engine_pb");
    let client: EngineClient | undefined;
    return (urn, message, kind) => {
      client ??= new EngineClient(address, grpc.credentials.createInsecure());
      const request = new LogRequest();
      request.setSeverity(kind === "warning" ? LogSeverity.WARNING : LogSeverity.INFO);
      request.setMessage(forTerminal(message));
      request.setUrn(urn);
      request.setEphemeral(kind === "passing");
      // an engine that has gone needs no progress
      client.log(request, () => {});
    };
  } catch {
    return undefined;
  }
}

/** From the program's own SDK: the process that serves us has loaded it, and we depend on it as a peer only. */
function load<Module>(name: string): Module {
  const from = require.resolve("@pulumi/pulumi/package.json", { paths: [process.cwd(), __dirname] });
  return require(require.resolve(name, { paths: [from] })) as Module;
}
