import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { type Prompt, Server, type Session } from "ssh2";
import { ConnectError } from "../../provider/host/errors";
import { SshTransport } from "../../provider/host/ssh/ssh";
import { keyPair } from "./sshd";

describe("an SSH server that asks and asks", () => {
  const key = keyPair();
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  /** Asks by way of the keyboard what `prompts` says, until `enough`; answers with what it was given. */
  const asking = async (
    prompts: Prompt[],
    offered: ("password" | "keyboard-interactive")[] = ["keyboard-interactive"],
  ) => {
    const given: string[] = [];
    const server = new Server({ hostKeys: [key.private] }, (client) => {
      ends.push(() => client.end());
      client.on("error", () => {});
      client.on("authentication", (context) => {
        if (context.method === "password" && offered.includes("password")) given.push(context.password);
        if (context.method !== "keyboard-interactive") return context.reject(offered);
        const again = (answers: string[]) => {
          given.push(...answers);
          if (given.length < 100) context.prompt(prompts, again);
        };
        context.prompt(prompts, again);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ends.push(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const made = new SshTransport({
      host: "127.0.0.1",
      port,
      user: "administrator",
      password: "secret",
      hostKey: key.public,
    });
    ends.push(() => made.close());
    const message = await made.open().then(
      () => assert.fail("it is signed in"),
      (error: unknown) => {
        assert(error instanceof ConnectError && error.step === "sign-in", String(error));
        assert(!error.message.includes("secret"));
        return error.message;
      },
    );
    return { given, message };
  };

  it("for the password again gets it once", async () => {
    const { given, message } = await asking([{ prompt: "Password: ", echo: false }]);
    assert.deepEqual(given, ["secret"]);
    assert.match(message, /does not let "administrator" sign in.*asked for the password again/);
  });

  it("for the password again by another way gets it once", async () => {
    const { given, message } = await asking(
      [{ prompt: "Password: ", echo: false }],
      ["password", "keyboard-interactive"],
    );
    assert.deepEqual(given, ["secret"]);
    assert.match(message, /does not let "administrator" sign in/);
  });

  it("for anything else gets nothing", async () => {
    for (const prompts of [
      [{ prompt: "Name: ", echo: true }],
      [
        { prompt: "Password: ", echo: false },
        { prompt: "\u001b[2JCode: ", echo: false },
      ],
      Array.from({ length: 1000 }, () => ({ prompt: "Password: ", echo: false })),
    ]) {
      const { given, message } = await asking(prompts);
      assert.deepEqual(given, []);
      assert.match(message, /asks for something other than a password \("/);
      assert(message.length < 5000 && !message.includes("\u001b"));
    }
  });
});

describe("an SSH server whose shell does not stop", () => {
  it("is left, and said to be what it is", async () => {
    const key = keyPair();
    for (const output of ["stdout", "stderr"] as const) {
      const server = new Server({ hostKeys: [key.private] }, (client) => {
        client.on("error", () => {});
        client.on("authentication", (context) => context.accept());
        client.on("session", (accept: () => Session) => {
          accept().on("exec", (acceptExec) => {
            const stream = acceptExec();
            stream.on("error", () => {});
            const to = output === "stdout" ? stream : stream.stderr;
            const pulse = setInterval(() => to.write(Buffer.alloc(16_384, 65)), 1);
            client.on("close", () => clearInterval(pulse));
          });
        });
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const made = new SshTransport({
        host: "127.0.0.1",
        port: (server.address() as AddressInfo).port,
        user: "administrator",
        password: "right",
        hostKey: key.public,
        powershell: "C:\\Program Files\\PowerShell\\7\\pwsh.exe",
      });
      try {
        await assert.rejects(made.open(), (error: unknown) => {
          assert(error instanceof ConnectError && error.step === "session", String(error));
          assert.match(error.message, /said more than 64 KiB where it was asked which one it is/);
          return true;
        });
      } finally {
        await made.close();
        server.close();
      }
    }
  });
});
