import { once, setMaxListeners } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import { answer } from "./test-origin-answer.ts";
import { CompressedFiles } from "./test-origin-compression.ts";
import type { Fault } from "./test-origin-faults.ts";
import { RequestLog } from "./test-origin-log.ts";
import { Pace } from "./test-origin-pace.ts";

export type { Fault } from "./test-origin-faults.ts";
export type { LoggedRequest, RequestLog } from "./test-origin-log.ts";
export type { Pace } from "./test-origin-pace.ts";

export interface TestOriginOptions {
  /** Directory served at `/`. */
  readonly root?: string;
  /** Directories served below other paths, for example `{ "/sdk/": "packages/sdk/dist" }`. */
  readonly mounts?: Readonly<Record<string, string>>;
  /** Bytes served at a path, before any directory is looked at. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
  /** Wait before the first byte of each answer, ms. */
  readonly latencyMs?: number;
  /** What all connections share, bytes per second; unlimited when absent. */
  readonly bytesPerSecond?: number;
  /** The pace of one request's answer, for clients with lines of their own; the common one when it gives none. */
  readonly paceOf?: (request: IncomingMessage) => Pace | undefined;
  /** Whether texts (scripts, playlists, manifests) go out compressed to who takes that, as a CDN has it. */
  readonly compress?: boolean;
  /** Whether Range requests are honoured or answered with the whole file. */
  readonly ranges?: boolean;
  /** What goes wrong, by path; `"*"` stands for paths without a fault of their own. */
  readonly faults?: Readonly<Record<string, Fault>>;
  /** Whether pages of other sites may read the answers. */
  readonly cors?: boolean;
  readonly cacheControl?: string;
  /** Sent with every answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The port on 127.0.0.1; 0 is any free one. */
  readonly port?: number;
}

const DEFAULTS = {
  latencyMs: 0,
  compress: false,
  ranges: true,
  cors: true,
  cacheControl: "no-cache",
  headers: {},
  port: 0,
};

export interface TestOrigin {
  /** For example `http://127.0.0.1:41000`, without a slash at the end. */
  readonly url: string;
  readonly log: RequestLog;
  /** The files in memory; change them at will. */
  readonly files: Map<string, Uint8Array>;
  /** What goes wrong, by path; change it at will. */
  readonly faults: Map<string, Fault>;
  /** Latency and rate; change them at will. */
  readonly pace: Pace;
  /** For other things that share the port, a WebSocket for example. */
  readonly server: Server;
  /** Cuts all connections and frees the port. */
  close(): Promise<void>;
}

/** A real HTTP origin on this machine that counts what leaves it, for tests and demos. */
export async function startTestOrigin(given: TestOriginOptions = {}): Promise<TestOrigin> {
  const options = { ...DEFAULTS, ...given };
  const log = new RequestLog();
  const files = new Map(options.files);
  const faults = new Map(Object.entries(options.faults ?? {}));
  const pace = new Pace(options.latencyMs, options.bytesPerSecond);
  const closing = new AbortController();
  // Every answer under way listens; that many at once is what an origin is for.
  setMaxListeners(0, closing.signal);
  const compressed = options.compress ? new CompressedFiles() : undefined;
  const site = { ...options, compressed, log, files, faults, pace, closing: closing.signal };
  const server = createServer((request, response) => {
    // Whatever fails from here on (the origin closing, a file that vanished), the client sees a broken connection.
    answer(site, request, response).catch(() => response.destroy());
  });
  // Also those that were upgraded to a WebSocket, which the server itself no longer knows.
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(options.port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  return {
    url: `http://127.0.0.1:${port}`,
    log,
    files,
    faults,
    pace,
    server,
    async close() {
      closing.abort();
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
