import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import pc from "picocolors";

/** What the demo runs the CLI with. */
export interface Cli {
  pulumi: string;
  environment: NodeJS.ProcessEnv;
  scratch: string;
  /** Configuration of the provider. */
  provider: Readonly<Record<string, string>>;
}

/** An example with a stack and a configuration of its own, beside which the example stays as it is. */
export class DemoProgram {
  private readonly folder: string;
  private readonly config: Record<string, string>;
  private readonly configFile: string;

  constructor(
    private readonly cli: Cli,
    example: string,
    private readonly project: string,
  ) {
    this.folder = resolve(__dirname, "../examples", example);
    this.config = { ...cli.provider };
    mkdirSync(join(cli.scratch, example));
    this.configFile = join(cli.scratch, example, "Pulumi.demo.yaml");
    this.writeConfig();
    const { pulumi, environment: env } = cli;
    spawnSync(pulumi, ["stack", "init", "demo"], { cwd: this.folder, env, stdio: "ignore" });
  }

  set(values: Record<string, string>): void {
    for (const [key, value] of Object.entries(values)) this.config[`${this.project}:${key}`] = value;
  }

  run(args: string[], expected: "succeeds" | "fails" = "succeeds"): void {
    this.writeConfig();
    const { pulumi, environment: env } = this.cli;
    console.log(pc.dim(`$ pulumi ${args.join(" ")}`));
    const { status } = spawnSync(pulumi, [...args, "--stack", "demo", "--config-file", this.configFile], {
      cwd: this.folder,
      env,
      stdio: "inherit",
    });
    if ((status === 0) !== (expected === "succeeds")) throw new Error(`pulumi ${args[0]} ended with ${status}.`);
  }

  private writeConfig(): void {
    const lines = Object.entries(this.config).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`);
    // the salt that the CLI adds for secrets stays
    const kept = this.readExisting().filter((line) => line.startsWith("encryptionsalt"));
    writeFileSync(this.configFile, `${kept.map((line) => `${line}\n`).join("")}config:\n${lines.join("")}`);
  }

  private readExisting(): string[] {
    try {
      return readFileSync(this.configFile, "utf8").split("\n");
    } catch {
      return [];
    }
  }
}
