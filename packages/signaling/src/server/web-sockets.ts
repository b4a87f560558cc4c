import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type Server, WebSocketServer } from "ws";
import type { Door } from "../access/door.ts";
import type { Incoming } from "../conversation.ts";
import type { ConnectionId, Delivery } from "../delivery.ts";
import type { SignalingService } from "../service.ts";
import type { Surroundings } from "../surroundings.ts";
import { Client } from "./client.ts";
import { Link, type LinkLimits } from "./link.ts";
import { destroyOnError, LinkedSocket } from "./linked-socket.ts";
import type { Links } from "./links.ts";
import type { Received, Reception } from "./reception.ts";

// Between the limit and this many times it, an error is sent and the connection lives; beyond, ws closes with 1009.
const HARD_LIMIT_FACTOR = 4;
// Bounds what a message cut into tiny frames or segments costs beyond its own bytes.
const FRAGMENTS = { maxFragments: 128, maxBufferedChunks: 4096 };

export interface WebSocketsParts {
  readonly options: LinkLimits & { readonly maxMessageBytes: number };
  readonly surroundings: Surroundings;
  readonly service: SignalingService;
  readonly reception: Reception;
  readonly links: Links;
  readonly door: Pick<Door, "exit">;
  /** Called after whatever may have changed what other processes are to be told. */
  readonly afterTurn: () => void;
}

/** Makes WebSockets of upgrades, hears them, and does what the service says. */
export class WebSockets {
  readonly #parts: WebSocketsParts;
  readonly #server: Server<typeof LinkedSocket>;
  #isOpen = true;
  #emptied: () => void = () => {};

  constructor(parts: WebSocketsParts) {
    this.#parts = parts;
    this.#server = new WebSocketServer({
      WebSocket: LinkedSocket,
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: HARD_LIMIT_FACTOR * parts.options.maxMessageBytes,
      ...FRAGMENTS,
    });
  }

  get turn(): number {
    return this.#parts.links.turn;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", destroyOnError);
    this.#parts.reception
      .receive(request, socket)
      .then((received) => {
        if (!received) return;
        if (!this.#isOpen) return void socket.destroy();
        this.#server.handleUpgrade(request, socket, head, (webSocket) =>
          this.#accept(webSocket, socket, received),
        );
      })
      .catch((error: unknown) => {
        this.#parts.surroundings.logger.error({ error }, "An upgrade failed.");
        socket.destroy();
      });
  }

  deliver(deliveries: readonly Delivery[]): void {
    this.#parts.links.deliver(deliveries);
    this.#parts.afterTurn();
  }

  /** Tells everybody, lets nobody in any more, and resolves when all are gone. */
  async close(): Promise<void> {
    const { links, service, surroundings } = this.#parts;
    this.#isOpen = false;
    const emptied = new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
    this.deliver(service.drain(Number.POSITIVE_INFINITY, surroundings.now()));
    if (links.size > 0) await emptied;
  }

  #accept(socket: LinkedSocket, raw: Duplex, received: Received): void {
    const { service, links, options, surroundings } = this.#parts;
    const connection = service.name();
    const link = new Link({ socket, raw, limits: options });
    const { address } = received;
    // From here on the WebSocket's own listeners see to these.
    raw.off("error", destroyOnError);
    raw.off("close", received.onClose);
    socket.belongTo(new Client({ connection, socket, link, address, host: this }));
    links.add(connection, link);
    this.deliver(
      received.outcome === "admitted"
        ? service.open(connection, received, surroundings.now())
        : service.refuse(connection, received.protocol, received.refusal),
    );
  }

  /** A fault in one decision costs its sender an error, and nobody else anything. */
  hear(connection: ConnectionId, incoming: Incoming): void {
    const { service, surroundings } = this.#parts;
    try {
      this.deliver(service.handle(connection, incoming, surroundings.now()));
    } catch (error) {
      surroundings.logger.error({ error, connection }, "A message was not handled.");
      this.deliver(service.failed(connection));
    }
  }

  gone(connection: ConnectionId, address: string): void {
    const { links, service, door, surroundings, afterTurn } = this.#parts;
    const now = surroundings.now();
    links.remove(connection);
    door.exit(address, now);
    service.disconnect(connection, now);
    afterTurn();
    if (links.size === 0) this.#emptied();
  }
}
