import type { SignalCloseReason } from "@rivulet/sdk/protocol";
import type { ConnectionId, Delivery } from "../delivery.ts";
import type { Counts } from "../operation/counts.ts";
import type { Logger } from "../operation/logger.ts";
import type { Link } from "./link.ts";

/** The open connections, and what is on its way to them. */
export class Links {
  readonly #links = new Map<ConnectionId, Link>();
  readonly #closing = new Map<ConnectionId, SignalCloseReason | "cut">();
  readonly #counts: Counts;
  readonly #logger: Pick<Logger, "debug">;
  #dirty: Link[] = [];
  #flushing = false;
  #turn = 0;

  constructor(counts: Counts, logger: Pick<Logger, "debug">) {
    this.#counts = counts;
    this.#logger = logger;
  }

  get size(): number {
    return this.#links.size;
  }

  /** Another number in each turn of the event loop in which something was sent. */
  get turn(): number {
    return this.#turn;
  }

  get(connection: ConnectionId): Link | undefined {
    return this.#links.get(connection);
  }

  add(connection: ConnectionId, link: Link): void {
    this.#links.set(connection, link);
  }

  /** The socket is closed. */
  remove(connection: ConnectionId): void {
    const link = this.#links.get(connection);
    if (!link) return;
    link.closed();
    this.#links.delete(connection);
    this.#counts.ended(this.#closing.get(connection) ?? "client");
    this.#closing.delete(connection);
  }

  deliver(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      const link = this.#links.get(delivery.to);
      if (!link) continue;
      if (delivery.type === "close") {
        link.close(delivery.reason);
        this.#closing.set(delivery.to, delivery.reason);
        continue;
      }
      const wasClean = !link.hasPending;
      if (!link.send(delivery.text)) {
        this.#cut(delivery.to, "slow-reader");
        continue;
      }
      this.#counts.messagesSent += 1;
      if (wasClean && link.hasPending) this.#soil(link);
    }
  }

  /** Asks every client for a sign of life, and cuts off who gave none since the last time. */
  beat(): void {
    for (const [connection, link] of this.#links) if (!link.beat()) this.#cut(connection, "silent");
  }

  #soil(link: Link): void {
    this.#dirty.push(link);
    if (this.#flushing) return;
    this.#flushing = true;
    // After all that has come in by now was heard.
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    const links = this.#dirty;
    this.#dirty = [];
    this.#flushing = false;
    this.#turn += 1;
    for (const link of links) link.flush();
  }

  #cut(connection: ConnectionId, reason: "silent" | "slow-reader"): void {
    this.#counts.cut(reason);
    this.#logger.debug({ connection, reason }, "A client was cut off.");
    this.#closing.set(connection, "cut");
  }
}
