import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { encodeServerMessage, RivuletError, second } from "@rivulet/sdk/protocol";
import { type WebSocket, WebSocketServer } from "ws";
import { type ConnectionId, type Delivery, refuse } from "./delivery.ts";
import { Door } from "./door.ts";
import { answerHeaders, answerHttp, pathOf, rawAnswer } from "./http-answer.ts";
import { Link } from "./link.ts";
import type { SignalingOptions } from "./options.ts";
import { SignalingService } from "./service.ts";
import type { Surroundings } from "./surroundings.ts";

// A client gets this much to ask for something: one that sends its request byte by byte holds a socket, no more.
const HTTP_TIMEOUTS = {
  headersTimeout: 10 * second,
  requestTimeout: 10 * second,
  keepAliveTimeout: 5 * second,
  connectionsCheckingInterval: 5 * second,
};
// Sockets that are no WebSockets (yet): health checks, handshakes, refusals. Beyond these, TCP itself refuses.
const HTTP_HEADROOM = 64;
// Between the limit and this many times it, an error is sent and the connection lives; beyond, ws closes with 1009.
const HARD_LIMIT_FACTOR = 4;
// Bounds what a message cut into tiny frames or segments costs beyond its own bytes.
const FRAGMENTS = { maxFragments: 128, maxBufferedChunks: 4096 };

/** The only place with sockets: hears, asks the service, does what it says. */
export class SignalingListener {
  readonly #options: SignalingOptions;
  readonly #surroundings: Surroundings;
  readonly #service: SignalingService;
  readonly #door: Door;
  readonly #http: Server;
  readonly #webSockets: WebSocketServer;
  readonly #links = new Map<ConnectionId, Link>();
  readonly #startedAt: number;
  #heartbeat: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;
  #emptied: () => void = () => {};
  #sent = 0;
  #cut = 0;

  constructor(options: SignalingOptions, surroundings: Surroundings) {
    this.#options = options;
    this.#surroundings = surroundings;
    this.#service = new SignalingService(options, surroundings);
    this.#door = new Door(options);
    this.#startedAt = surroundings.now();
    const maxPayload = HARD_LIMIT_FACTOR * options.maxMessageBytes;
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload,
      ...FRAGMENTS,
    });
    this.#http = createServer(HTTP_TIMEOUTS, (request, response) => this.#answer(request, response));
    this.#http.maxConnections = options.maxConnections + HTTP_HEADROOM;
    this.#http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Resolves with the port; throws `connection-failed` when it cannot be had. */
  async listen(): Promise<number> {
    const { port, host, heartbeatMs } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#http.once("error", (cause) => {
        reject(
          new RivuletError("connection-failed", `Cannot listen on ${host}:${port}: ${cause.message}.`, {
            cause,
          }),
        );
      });
      this.#http.listen({ port, host }, resolve);
    });
    // Later errors are those of accepting, such as too many open files: worth a line, not the process.
    this.#http.on("error", (error) => this.#surroundings.log(`error: http: ${error.message}`));
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs);
    return portOf(this.#http);
  }

  stats() {
    return {
      connections: this.#door.connections,
      ...this.#service.stats(),
      messagesSent: this.#sent,
      /** Connections cut off since the start, because they were silent or read too slowly. */
      connectionsCut: this.#cut,
      uptimeMs: Math.round(this.#surroundings.now() - this.#startedAt),
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #shutDown(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#door.drain();
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    const emptied = new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
    this.#deliver(this.#service.drain());
    this.#http.closeAllConnections();
    if (this.#links.size > 0) await emptied;
    await closed;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const answer = answerHttp({ method: request.method, path: pathOf(request.url) }, () => this.stats());
    response.writeHead(answer.status, answerHeaders(answer)).end(JSON.stringify(answer.body));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // An error without a listener would end the process.
    socket.on("error", () => socket.destroy());
    const address = this.#door.addressOf(request.socket.remoteAddress, request.headers);
    const refusal = this.#door.refusal({
      path: pathOf(request.url),
      origin: request.headers.origin,
      address,
    });
    if (refusal) {
      socket.once("finish", () => socket.destroy());
      socket.end(rawAnswer(refusal));
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket, address));
  }

  #accept(socket: WebSocket, address: string): void {
    const connection = this.#service.connect(this.#surroundings.now());
    const link = new Link(socket, this.#options);
    const greeting = setTimeout(
      () => this.#perform(connection, () => this.#service.greetingDue(connection)),
      this.#options.greetingTimeoutMs,
    );
    this.#door.enter(address);
    this.#links.set(connection, link);
    socket.on("message", (data, isBinary) => {
      link.heard();
      this.#perform(connection, () => this.#handle(connection, isBinary ? undefined : data.toString()));
    });
    socket.on("pong", () => link.heard());
    // Broken frames and oversized payloads: ws closes the connection itself, with the code that RFC 6455 gives it.
    socket.on("error", () => {});
    socket.once("close", () => {
      clearTimeout(greeting);
      link.closed();
      this.#links.delete(connection);
      this.#door.exit(address);
      this.#service.disconnect(connection);
      if (this.#links.size === 0) this.#emptied();
    });
  }

  #handle(connection: ConnectionId, text: string | undefined): Delivery[] {
    const incoming = text === undefined ? ({ type: "binary" } as const) : ({ type: "text", text } as const);
    return this.#service.handle(connection, incoming, this.#surroundings.now());
  }

  /** A fault in one decision costs its sender an error, and nobody else anything. */
  #perform(connection: ConnectionId, decide: () => Delivery[]): void {
    try {
      this.#deliver(decide());
    } catch (error) {
      const stack = error instanceof Error ? error.stack : String(error);
      this.#surroundings.log(`error: connection ${connection}: ${stack}`);
      this.#deliver(
        refuse(connection, { code: "internal", message: "The server failed to handle this message." }),
      );
    }
  }

  #deliver(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      const link = this.#links.get(delivery.to);
      if (!link) continue;
      if (delivery.type === "close") link.close(delivery.reason);
      else if (link.send(encodeServerMessage(delivery.message))) this.#sent += 1;
      else this.#cut += 1;
    }
  }

  #beat(): void {
    for (const link of this.#links.values()) if (!link.beat()) this.#cut += 1;
  }
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
