import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const CLI = "packages/signaling/src/cli.ts";

/** A server process as an operator starts it. */
export class CliProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** Resolves when it listens. */
  static async start(...args: string[]): Promise<CliProcess> {
    const node = ["--conditions=rivulet-source", "--import", "tsx", CLI, "--port", "0", ...args];
    const child = spawn(process.execPath, node, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    return new Promise((resolve, reject) => {
      const take = (text: string) => {
        output += text;
        const url = /listens on (ws:\S+)\n/.exec(output)?.[1];
        if (url !== undefined) resolve(new CliProcess(child, url));
      };
      child.stdout.setEncoding("utf8").on("data", take);
      child.stderr.setEncoding("utf8").on("data", take);
      child.once("close", () => reject(new Error(`ended before it listened: ${output}`)));
    });
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async kill(): Promise<void> {
    if (!this.isRunning) return;
    const ended = once(this.#child, "close");
    this.#child.kill("SIGKILL");
    await ended;
  }
}
