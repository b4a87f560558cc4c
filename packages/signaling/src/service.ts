import { type SignalCloseReason, type SignalErrorCode, second } from "@rivulet/sdk/protocol";
import type { Caller } from "./access/grant.ts";
import { MessageRate, type MessageRateLimits } from "./access/limits.ts";
import type { Conversation, Farewell, Incoming } from "./conversation.ts";
import { Deadlines } from "./deadlines.ts";
import type { ConnectionId, Delivery } from "./delivery.ts";
import type { Counts, Protocol } from "./operation/counts.ts";

export interface ServiceOptions extends MessageRateLimits {
  readonly greetingTimeoutMs: number;
}

/** What callers of one address, and of one token holder, have together. */
export interface SharedLimits {
  /** Counts one more connection of this caller's token; the error's code when that is one too many. */
  enter(caller: Caller, now: number): SignalErrorCode | undefined;
  exit(caller: Caller, now: number): void;
  /** Takes one message; false when there were too many. */
  message(caller: Caller, now: number): boolean;
}

export interface ServiceParts {
  readonly options: ServiceOptions;
  readonly conversations: Readonly<Record<Protocol, Conversation>>;
  readonly shared: SharedLimits;
  readonly counts: Counts;
}

/** Somebody who was let in. */
export interface Arriving {
  readonly protocol: Protocol;
  readonly caller: Caller;
  /** When its token ends, ms of the same clock as `now`; undefined: never. */
  readonly expiresAt: number | undefined;
}

interface Guest {
  readonly protocol: Protocol;
  readonly caller: Caller;
  readonly rate: MessageRate;
}

const SWEEPS_PER_TIMEOUT = 4;
const SLOWEST_SWEEP_MS = 1 * second;

/**
 * Everything the signaling server decides about connections, and nothing it does: each call returns what is to be sent
 * and closed. A connection that was closed by a decision is forgotten at once, so what it still says is not heard.
 */
export class SignalingService {
  readonly #parts: ServiceParts;
  readonly #guests = new Map<ConnectionId, Guest>();
  readonly #deadlines = new Deadlines();
  readonly #counts: Record<Protocol, number> = { rivulet: 0, webtorrent: 0 };
  #opened = 0;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  /** How often `sweep` is to be called, ms. */
  get sweepMs(): number {
    const { greetingTimeoutMs } = this.#parts.options;
    return Math.max(1, Math.min(SLOWEST_SWEEP_MS, greetingTimeoutMs / SWEEPS_PER_TIMEOUT));
  }

  get connections(): number {
    return this.#guests.size;
  }

  countOf(protocol: Protocol): number {
    return this.#counts[protocol];
  }

  /** A name for a connection that is to be opened, or refused. */
  name(): ConnectionId {
    return ++this.#opened as ConnectionId;
  }

  open(connection: ConnectionId, arriving: Arriving, now: number): Delivery[] {
    const { conversations, shared, options } = this.#parts;
    const { protocol, caller, expiresAt } = arriving;
    const code = shared.enter(caller, now);
    if (code !== undefined) {
      const message = "The token's holder has too many connections; close one, or wait.";
      return this.refuse(connection, protocol, { code, message });
    }
    this.#guests.set(connection, { protocol, caller, rate: new MessageRate(options) });
    this.#counts[protocol] += 1;
    this.#deadlines.open(connection, { greetBy: now + options.greetingTimeoutMs, expiresAt });
    conversations[protocol].open(connection, caller);
    return [];
  }

  /** For one that is not let in after all: it learns why, which a refused upgrade does not tell a page. */
  refuse(connection: ConnectionId, protocol: Protocol, farewell: Farewell): Delivery[] {
    this.#parts.counts.refused(farewell.code);
    return [
      ...this.#parts.conversations[protocol].refuse(connection, farewell),
      { type: "close", to: connection, reason: "token-refused" },
    ];
  }

  handle(connection: ConnectionId, incoming: Incoming, now: number): Delivery[] {
    const guest = this.#guests.get(connection);
    if (!guest) return [];
    const { counts, shared } = this.#parts;
    counts[guest.protocol].messagesReceived += 1;
    // Its own rate first: who is over it takes nothing from what its address shares.
    const verdict = guest.rate.judge(now);
    if (verdict === "close") {
      return this.#close(
        connection,
        { reason: "rate-limited", message: "Too many messages for too long." },
        now,
      );
    }
    if (verdict === "refuse" || !shared.message(guest.caller, now)) {
      counts.refused("rate-limited");
      const message = "Too many messages; slow down.";
      return this.#conversationOf(guest).refuse(connection, { code: "rate-limited", message });
    }
    return this.#conversationOf(guest).hear(connection, incoming, now);
  }

  /** What is said when a message led to a fault of the server's own. */
  failed(connection: ConnectionId): Delivery[] {
    const guest = this.#guests.get(connection);
    const message = "The server failed to handle this message.";
    return guest ? this.#conversationOf(guest).refuse(connection, { code: "internal", message }) : [];
  }

  /** To be called every `sweepMs`: closes who has not said who it is, and whose token has ended. */
  sweep(now: number): Delivery[] {
    const { conversations, options } = this.#parts;
    const late = {
      reason: "not-greeted",
      message: `Nothing was said in ${options.greetingTimeoutMs} ms.`,
    } as const;
    const message = "The token has expired; come back with another.";
    const expired = { reason: "token-refused", code: "token-expired", message } as const;
    for (const conversation of Object.values(conversations)) conversation.sweep(now);
    return [
      ...this.#deadlines
        .ungreeted(now, (connection) => this.#isGreeted(connection))
        .flatMap((connection) => this.#close(connection, late, now)),
      ...this.#deadlines.expired(now).flatMap((connection) => this.#close(connection, expired, now)),
    ];
  }

  /** The connection is gone, whoever closed it. */
  disconnect(connection: ConnectionId, now: number): void {
    const guest = this.#guests.get(connection);
    if (!guest) return;
    this.#guests.delete(connection);
    this.#counts[guest.protocol] -= 1;
    this.#deadlines.close(connection);
    this.#conversationOf(guest).close(connection);
    this.#parts.shared.exit(guest.caller, now);
  }

  /** The server is about to stop: tells so many of its clients, those that came first. */
  drain(count: number, now: number): Delivery[] {
    const leaving: ConnectionId[] = [];
    for (const connection of this.#guests.keys()) {
      if (leaving.length >= count) break;
      leaving.push(connection);
    }
    const goodbye = { reason: "draining", message: "This server is stopping; connect again." } as const;
    return leaving.flatMap((connection) => this.#close(connection, goodbye, now));
  }

  #conversationOf({ protocol }: Guest): Conversation {
    return this.#parts.conversations[protocol];
  }

  #isGreeted(connection: ConnectionId): boolean {
    const guest = this.#guests.get(connection);
    return guest !== undefined && this.#conversationOf(guest).isGreeted(connection);
  }

  /** The error first: a client that only reads messages learns the same as one that reads close codes. */
  #close(connection: ConnectionId, goodbye: Goodbye, now: number): Delivery[] {
    const guest = this.#guests.get(connection);
    if (!guest) return [];
    const { reason, message } = goodbye;
    const code = goodbye.code ?? goodbye.reason;
    this.#parts.counts.refused(code);
    // While it is known what the connection was about, which the error names.
    const farewell = this.#conversationOf(guest).refuse(connection, { code, message });
    this.disconnect(connection, now);
    return [...farewell, { type: "close", to: connection, reason }];
  }
}

/** The code is the reason's own name where there is one. */
type Goodbye = { readonly message: string } & (
  | { readonly reason: Exclude<SignalCloseReason, "token-refused">; readonly code?: undefined }
  | { readonly reason: SignalCloseReason; readonly code: SignalErrorCode }
);
