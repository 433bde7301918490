import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createServer, type Socket } from "node:net";
import {
  type AuthContext,
  type Connection,
  type ParsedKey,
  Server,
  type ServerChannel,
  type Session,
  utils,
} from "ssh2";

export interface Ssh2ServerOptions {
  port: number;
  user: string;
  hostKey: string;
  /** Public keys that may sign in. A password never may, as with an sshd that cannot read the user's. */
  keys: readonly string[];
  maxSessions: number;
  environment: Record<string, string>;
}

/** A server of ssh2 on loopback that runs commands as sshd does, for machines without one. Answers with what ends it and its connections. */
export async function startSsh2Server(options: Ssh2ServerOptions): Promise<() => Promise<void>> {
  const keys = options.keys.map(parsedKey);
  const server = new Server({ hostKeys: [options.hostKey] }, (client) => {
    client.on("error", () => {});
    client.on("authentication", (context) => {
      if (letsIn(context, options.user, keys)) context.accept();
      else context.reject(["publickey", "password"]);
    });
    serveSessions(client, options);
  });
  const sockets = new Set<Socket>();
  const door = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    server.injectSocket(socket);
  });
  await new Promise<void>((resolve, reject) => {
    door.on("error", reject);
    door.listen(options.port, "127.0.0.1", resolve);
  });
  return () =>
    new Promise((resolve) => {
      door.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}

function letsIn(context: AuthContext, user: string, keys: readonly ParsedKey[]): boolean {
  if (context.method !== "publickey" || context.username !== user) return false;
  const key = keys.find((known) => known.getPublicSSH().equals(context.key.data));
  if (!key) return false;
  if (!context.signature) return true; // it is only asked whether this key would do
  return key.verify(context.blob ?? Buffer.alloc(0), context.signature, context.hashAlgo) === true;
}

function serveSessions(client: Connection, { maxSessions, environment }: Ssh2ServerOptions): void {
  const sessions = new Set<Session>();
  const children = new Set<ChildProcessWithoutNullStreams>();
  client.on("session", (accept, reject) => {
    if (sessions.size >= maxSessions) return reject();
    const session = accept();
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.on("exec", (acceptExec, _reject, { command }) => {
      const child = run(command, environment, acceptExec());
      children.add(child);
      child.on("exit", () => children.delete(child));
      session.on("signal", (_accept, _refuse, { name }) => signal(child, `SIG${name}` as NodeJS.Signals));
    });
  });
  // a process is not ended with its connection: it has nobody who listens
  client.on("close", () => children.forEach(letGo));
}

function run(
  command: string,
  environment: Record<string, string>,
  stream: ServerChannel,
): ChildProcessWithoutNullStreams {
  const env = { PATH: process.env.PATH, SHELL: "/bin/sh", ...environment };
  // in a group of its own, which a signal reaches as a whole
  const child = spawn("/bin/sh", ["-c", command], { env, detached: true });
  child.stdin.on("error", () => {}); // it ended before it read everything
  stream.pipe(child.stdin);
  child.stdout.pipe(stream, { end: false });
  child.stderr.pipe(stream.stderr, { end: false });
  stream.on("error", () => {});
  stream.on("close", () => letGo(child));
  child.on("close", (code, endedBy) => {
    if (endedBy === null) stream.exit(code ?? 1);
    else stream.exit(endedBy.replace("SIG", ""));
    stream.end();
  });
  return child;
}

function letGo(child: ChildProcessWithoutNullStreams): void {
  for (const end of [child.stdin, child.stdout, child.stderr]) end.destroy();
}

function signal({ pid }: ChildProcessWithoutNullStreams, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // it has ended by itself
  }
}

function parsedKey(text: string): ParsedKey {
  const parsed = utils.parseKey(text);
  if (parsed instanceof Error) throw parsed;
  return parsed;
}
