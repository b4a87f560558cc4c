import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificate } from "#test/support/certificate.ts";
import { freePort } from "#test/support/free-port.ts";
import { eventually } from "../support/running-server.ts";

const EXAMPLE = new URL("../../../packages/signaling/deploy/nginx.conf", import.meta.url);

/** A real nginx with the example configuration, in which nothing is changed but names of this machine. */
export class NginxProxy {
  readonly port: number;
  readonly #folder: string;
  readonly #child: ChildProcess;

  private constructor(port: number, folder: string, child: ChildProcess) {
    this.port = port;
    this.#folder = folder;
    this.#child = child;
  }

  /** `NGINX_PATH`, or `nginx` on `PATH`; resolves when it listens. */
  static async start(upstreamPort: number): Promise<NginxProxy> {
    const folder = await mkdtemp(join(tmpdir(), "rivulet-nginx-"));
    const port = await freePort();
    const { certPath, keyPath } = makeCertificate(folder);
    await writeFile(
      join(folder, "rivulet.conf"),
      replaced(await readFile(EXAMPLE, "utf8"), [
        ["listen 443 ssl;", `listen 127.0.0.1:${port} ssl;`],
        ["listen [::]:443 ssl;", ""],
        ["server 127.0.0.1:8787;", `server 127.0.0.1:${upstreamPort};`],
        ["/etc/letsencrypt/live/signal.example/fullchain.pem", certPath],
        ["/etc/letsencrypt/live/signal.example/privkey.pem", keyPath],
        ["/var/log/nginx/rivulet-access.log", join(folder, "access.log")],
        ["/var/log/nginx/rivulet-error.log", join(folder, "error.log")],
      ]),
    );
    await writeFile(join(folder, "nginx.conf"), around(folder));
    const args = ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", "stderr"];
    const child = spawn(process.env.NGINX_PATH || "nginx", args, { stdio: ["ignore", "ignore", "pipe"] });
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint += text;
    });
    const proxy = new NginxProxy(port, folder, child);
    const gone = once(child, "close").then(() => Promise.reject(new Error(`nginx ended: ${complaint}`)));
    // Its own end, when the test is over, is no failure.
    gone.catch(() => {});
    // It writes this file after it has taken its port.
    const pidFile = join(folder, "nginx.pid");
    await Promise.race([eventually(() => existsSync(pidFile)), gone]);
    return proxy;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** Everything that it has written into its logs. */
  async logs(): Promise<string> {
    const texts = ["access.log", "error.log"].map((name) => readFile(join(this.#folder, name), "utf8"));
    return (await Promise.all(texts)).join("");
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, "close");
    if (this.#child.kill("SIGTERM")) await ended;
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The configuration into whose http block the example goes. */
function around(folder: string): string {
  const kept = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return [
    "daemon off;",
    "worker_processes 1;",
    `pid ${join(folder, "nginx.pid")};`,
    "events { worker_connections 256; }",
    "http {",
    ...kept.map((name) => `  ${name}_temp_path ${join(folder, name)};`),
    `  include ${join(folder, "rivulet.conf")};`,
    "}",
  ].join("\n");
}

function replaced(text: string, changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((changed, [from, to]) => {
    if (changed.split(from).length !== 2) throw new Error(`The example does not have "${from}" just once.`);
    return changed.replace(from, () => to);
  }, text);
}
