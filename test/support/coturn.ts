import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

/** A real TURN server on a free port of its own, over UDP and TCP, without TLS; it takes credentials made from a secret. */
export class Coturn {
  readonly secret: string;
  readonly #at: string;
  readonly #folder: string;
  readonly #child: ChildProcess;
  #output = "";

  private constructor(parts: { secret: string; at: string; folder: string; child: ChildProcess }) {
    this.secret = parts.secret;
    this.#at = parts.at;
    this.#folder = parts.folder;
    this.#child = parts.child;
  }

  /** `TURNSERVER_PATH`, or `turnserver` on `PATH`; resolves when it listens. */
  static async start(secret: string): Promise<Coturn> {
    const folder = await mkdtemp(join(tmpdir(), "rivulet-coturn-"));
    const address = hostAddress();
    const port = await freePort();
    const args = [
      ...["-n", "--log-file=stdout", "--simple-log", `--pidfile=${join(folder, "pid")}`],
      ...[`--userdb=${join(folder, "turndb")}`, "--realm=rivulet.test", "--no-cli", "--no-tls", "--no-dtls"],
      ...["--use-auth-secret", `--static-auth-secret=${secret}`, "--allow-loopback-peers", "--verbose"],
      ...[`--listening-ip=${address}`, `--relay-ip=${address}`, `--listening-port=${port}`],
    ];
    const child = spawn(process.env.TURNSERVER_PATH || "turnserver", args, {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const coturn = new Coturn({ secret, at: `${address}:${port}`, folder, child });
    try {
      await coturn.#listening();
    } catch (error) {
      await coturn.dispose();
      throw error;
    }
    return coturn;
  }

  /** Such as `turn:192.0.2.7:3478?transport=udp`. */
  url(transport: "udp" | "tcp" = "udp"): string {
    return `turn:${this.#at}?transport=${transport}`;
  }

  /** What it has said so far. */
  get output(): string {
    return this.#output;
  }

  async dispose(): Promise<void> {
    if (this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, "close");
      this.#child.kill("SIGKILL");
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #listening(): Promise<void> {
    const wanted = ["UDP", "TCP"].map((protocol) => `${protocol} listener opened on`);
    await new Promise<void>((resolve, reject) => {
      for (const stream of [this.#child.stdout, this.#child.stderr]) {
        stream?.setEncoding("utf8").on("data", (text: string) => {
          this.#output += text;
          if (wanted.every((line) => this.#output.includes(line))) resolve();
        });
      }
      this.#child.once("error", reject);
      this.#child.once("close", () => reject(new Error(`turnserver ended:\n${this.#output}`)));
    });
  }
}

/** Browsers do not look at the loopback interface, so that its address would be out of their reach. */
function hostAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outward = all.find(({ family, internal }) => family === "IPv4" && !internal);
  return outward?.address ?? "127.0.0.1";
}
