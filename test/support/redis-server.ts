import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

export interface RedisServerOptions {
  /** Clients then have to give it. */
  readonly password?: string;
}

/** A real Redis on a free port of its own, which keeps nothing. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #options: RedisServerOptions;
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string, options: RedisServerOptions) {
    this.port = port;
    this.#folder = folder;
    this.#options = options;
  }

  /** `REDIS_SERVER_PATH`, or `redis-server` on `PATH`; resolves when it answers. */
  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), "rivulet-redis-"));
    const server = new RedisServer(await freePort(), folder, options);
    await server.start();
    return server;
  }

  get url(): string {
    const { password } = this.#options;
    return `redis://${password === undefined ? "" : `:${password}@`}127.0.0.1:${this.port}`;
  }

  /** Again, on the same port, after `stop` or `kill`. */
  async start(): Promise<void> {
    const { password } = this.#options;
    const args = [
      ...["--port", `${this.port}`, "--bind", "127.0.0.1", "--dir", this.#folder],
      ...["--save", "", "--appendonly", "no"],
      ...(password === undefined ? [] : ["--requirepass", password]),
    ];
    const child = spawn(process.env.REDIS_SERVER_PATH || "redis-server", args, {
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (output.includes("Ready to accept connections")) resolve();
      });
      child.once("error", reject);
      child.once("close", () => reject(new Error(`redis-server ended:\n${output}`)));
    });
  }

  /** Resolves when it has ended, politely. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** Resolves when it has ended, without a word to its clients. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** It holds its connections and does nothing, until it is killed. */
  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "close");
    child.kill(signal);
    await ended;
  }
}
