import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { RivuletError, second } from "@rivulet/sdk/protocol";
import type { Door } from "../access/door.ts";
import type { SignalingOptions } from "../config/options.ts";
import { drainStepMs, leavingNow } from "../operation/draining.ts";
import type { ServerPhase } from "../operation/health.ts";
import type { SignalingService } from "../service.ts";
import type { Surroundings } from "../surroundings.ts";
import { answerHeaders, bodyOf } from "./http-answer.ts";
import type { Links } from "./links.ts";
import type { Routes } from "./routes.ts";
import { SocketGuard } from "./socket-guard.ts";
import { type WebServer, webServer } from "./web-server.ts";
import type { WebSockets } from "./web-sockets.ts";

// A client gets this much to ask for something: one that sends its request byte by byte holds a socket, no more.
const HTTP_TIMEOUTS = {
  headersTimeout: 10 * second,
  requestTimeout: 10 * second,
  keepAliveTimeout: 5 * second,
  connectionsCheckingInterval: 5 * second,
};
// Sockets that are no WebSockets (yet): health checks, handshakes, refusals. Beyond these, TCP itself refuses.
const HTTP_HEADROOM = 64;

export interface ListenerParts {
  readonly options: SignalingOptions;
  readonly surroundings: Surroundings;
  readonly service: SignalingService;
  readonly door: Door;
  readonly routes: Routes;
  readonly links: Links;
  readonly webSockets: WebSockets;
  /** Called now and then, for what need not be remembered any more. */
  readonly sweep: (now: number) => void;
}

/** The listening socket, and the server's life: starting, serving, draining. */
export class SignalingListener {
  readonly #parts: ListenerParts;
  readonly #web: WebServer;
  #timers: NodeJS.Timeout[] = [];
  #closing: Promise<void> | undefined;
  #phase: ServerPhase = "starting";

  /** @throws RivuletError `bad-option` for a certificate that cannot be used. */
  constructor(parts: ListenerParts) {
    this.#parts = parts;
    const { options, webSockets } = parts;
    this.#web = webServer(options, HTTP_TIMEOUTS, (request, response) => this.#answer(request, response));
    this.#web.server.maxConnections = options.maxConnections + HTTP_HEADROOM;
    // Behind a proxy all sockets are the proxy's, and who is behind it is the proxy's business.
    const guard =
      options.trustProxy.length === 0 ? new SocketGuard(options.maxConnectionsPerAddress) : undefined;
    this.#web.server.on("connection", (socket: Socket) => guard?.admit(socket));
    this.#web.server.on("upgrade", (request, socket, head) => webSockets.upgrade(request, socket, head));
  }

  get phase(): ServerPhase {
    return this.#phase;
  }

  get isSecure(): boolean {
    return this.#web.isSecure;
  }

  /** Resolves with the port; throws `connection-failed` when it cannot be had. */
  async listen(): Promise<number> {
    const { options, surroundings, links, service } = this.#parts;
    const { port, host, heartbeatMs } = options;
    const { server } = this.#web;
    await new Promise<void>((resolve, reject) => {
      server.once("error", (cause) => {
        const message = `Cannot listen on ${host}:${port}: ${cause.message}.`;
        reject(new RivuletError("connection-failed", message, { cause }));
      });
      server.listen({ port, host }, resolve);
    });
    // Later errors are those of accepting, such as too many open files: worth a line, not the process.
    server.on("error", (error) => surroundings.logger.error({ error }, "The listening socket failed."));
    this.#timers = [
      setInterval(() => links.beat(), heartbeatMs),
      setInterval(() => this.#sweep(), service.sweepMs),
    ];
    this.#phase = "serving";
    const address: AddressInfo | string | null = server.address();
    const at = typeof address === "object" && address !== null ? address.port : 0;
    surroundings.logger.info({ host, port: at }, "Listening.");
    return at;
  }

  /** Reads the TLS files again; when they cannot be used, the old ones go on, and the log says why. */
  reloadCertificate(): void {
    const { logger } = this.#parts.surroundings;
    try {
      if (this.#web.reload()) logger.info({}, "The certificate was read again.");
    } catch (error) {
      logger.error({ error }, "The certificate could not be read again; the one before stays.");
    }
  }

  /** Sends clients away a few at a time, so that they do not all come back at once elsewhere; then closes. */
  async drain(): Promise<void> {
    const { options, service, surroundings, webSockets } = this.#parts;
    const { drainMs } = options;
    this.#stopAccepting();
    const atStart = service.connections;
    surroundings.logger.info({ connections: atStart, drainMs }, "Draining.");
    const startedAt = surroundings.now();
    for (let elapsedMs = 0; elapsedMs < drainMs && service.connections > 0 && !this.#closing; ) {
      const draining = { atStart, open: service.connections, drainMs, elapsedMs };
      webSockets.deliver(service.drain(leavingNow(draining), surroundings.now()));
      await new Promise((resolve) => setTimeout(resolve, drainStepMs(drainMs)));
      elapsedMs = surroundings.now() - startedAt;
    }
    await this.close();
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  #stopAccepting(): void {
    this.#phase = "draining";
    this.#parts.door.drain();
  }

  async #shutDown(): Promise<void> {
    this.#stopAccepting();
    for (const timer of this.#timers) clearInterval(timer);
    const closed = new Promise<void>((resolve) => this.#web.server.close(() => resolve()));
    const emptied = this.#parts.webSockets.close();
    this.#web.server.closeAllConnections();
    await emptied;
    await closed;
    this.#parts.surroundings.logger.info({}, "Stopped.");
  }

  #sweep(): void {
    const { surroundings, door, service, webSockets, sweep } = this.#parts;
    const now = surroundings.now();
    door.sweep(now);
    sweep(now);
    webSockets.deliver(service.sweep(now));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.#parts.routes
      .answer(request)
      .then((answer) => response.writeHead(answer.status, answerHeaders(answer)).end(bodyOf(answer)))
      .catch((error: unknown) => {
        this.#parts.surroundings.logger.error({ error }, "A request was not answered.");
        response.writeHead(500).end();
      });
  }
}
