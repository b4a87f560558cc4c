import { type Random, second } from "@rivulet/sdk/protocol";
import { allows, type Caller } from "../access/grant.ts";
import type { Conversation, Farewell, Incoming } from "../conversation.ts";
import type { ConnectionId, Delivery } from "../delivery.ts";
import type { Counts } from "../operation/counts.ts";
import type { WireText } from "../wire-text.ts";
import { hexOf } from "./hex.ts";
import type { Identities, Identity } from "./identities.ts";
import type { OfferCarrier } from "./offer-carrier.ts";
import { type ReadLimits, readTrackerMessage } from "./read-message.ts";
import type { Swarm } from "./swarm.ts";
import type { Swarms } from "./swarms.ts";
import type { AnnounceMessage, BinaryId, ScrapeMessage, TrackerRefusal } from "./tracker-message.ts";
import { announceReply, failure, scrapeReply } from "./write-message.ts";

export interface TrackerOptions extends ReadLimits {
  /** Milliseconds after which a client is asked to announce again. */
  readonly webTorrentIntervalMs: number;
}

export interface TrackerParts {
  readonly options: TrackerOptions;
  readonly identities: Identities;
  readonly swarms: Swarms;
  readonly offers: OfferCarrier;
  readonly counts: Counts;
  readonly random: Random;
}

/** Who has announced in neither of the last two, and half a one more, is gone. */
const INTERVALS_TO_LAPSE = 2.5;

/** The WebTorrent tracker protocol over WebSocket, see docs/webtorrent.md. */
export class TrackerConversation implements Conversation {
  readonly #parts: TrackerParts;
  readonly #intervalSeconds: number;
  /** Connections that have asked about swarms. */
  readonly #scraping = new Set<ConnectionId>();

  #lapseAt = 0;

  constructor(parts: TrackerParts) {
    this.#parts = parts;
    this.#intervalSeconds = Math.max(1, Math.round(parts.options.webTorrentIntervalMs / second));
  }

  open(connection: ConnectionId, caller: Caller): void {
    this.#parts.identities.open(connection, caller);
  }

  isGreeted(connection: ConnectionId): boolean {
    return this.#parts.identities.of(connection).length > 0 || this.#scraping.has(connection);
  }

  /**
   * Takes out who has not announced for long: a page may drop one of its clients without a word, while the socket that
   * it shares with others lives on.
   */
  sweep(now: number): void {
    const { identities, swarms, options } = this.#parts;
    if (now < this.#lapseAt) return;
    this.#lapseAt = now + options.webTorrentIntervalMs / 2;
    const since = now - INTERVALS_TO_LAPSE * options.webTorrentIntervalMs;
    for (const identity of identities.all) swarms.lapse(identity, since);
  }

  close(connection: ConnectionId): void {
    this.#scraping.delete(connection);
    for (const identity of this.#parts.identities.close(connection)) this.#parts.swarms.forget(identity);
  }

  refuse(connection: ConnectionId, { code, message }: Farewell): Delivery[] {
    return [sending(connection, failure({ code, message, infoHash: this.#anyInfoHash(connection) }))];
  }

  hear(connection: ConnectionId, incoming: Incoming, now: number): Delivery[] {
    const caller = this.#parts.identities.callerOf(connection);
    if (!caller) return [];
    const read = readTrackerMessage(incoming, this.#parts.options);
    if ("refusal" in read) return this.#refuse(connection, read.refusal);
    const { message } = read;
    switch (message.type) {
      case "announce":
        if (!isAllowed(caller, message.infoHash)) return this.#notAllowed(connection, message.infoHash);
        return this.#announce(connection, message, now);
      case "answer": {
        const identity = this.#parts.identities.on(connection, message.peerId);
        const result = identity
          ? this.#parts.offers.answer(identity, message, now)
          : foreignPeerId(message.infoHash);
        return "refusal" in result ? this.#refuse(connection, result.refusal) : result.deliveries;
      }
      case "scrape":
        return this.#scrape(connection, caller, message);
      default:
        return message satisfies never;
    }
  }

  #announce(connection: ConnectionId, message: AnnounceMessage, now: number): Delivery[] {
    if (message.event === "stopped") return this.#stop(connection, message);
    const { infoHash } = message;
    const claim = this.#parts.identities.claim(connection, message.peerId);
    if (claim.outcome === "refused") {
      return this.#refuse(connection, { code: "already-greeted", message: claim.message, infoHash });
    }
    const { identity } = claim;
    const replaced = claim.outcome === "new" ? this.#replace(claim.replaced, connection) : [];
    const wasSeeder = identity.memberships.get(infoHash)?.isSeeder;
    const joined = this.#parts.swarms.join(identity, {
      infoHash,
      isSeeder: message.isSeeder || message.event === "completed",
      held: this.#parts.identities.held(connection),
      now,
    });
    if (joined.outcome === "refused") {
      const { code, message: text } = joined;
      return [...replaced, ...this.#refuse(connection, { code, message: text, infoHash })];
    }
    if (message.event === "completed" && wasSeeder === false) joined.swarm.downloaded += 1;
    this.#parts.counts.webtorrent.announces += 1;
    const deliveries = [...replaced, this.#reply(connection, joined.swarm)];
    if (message.offers.length === 0) return deliveries;
    const count = Math.min(message.offers.length, message.numwant ?? message.offers.length);
    const receivers = joined.swarm.draw(joined.member, count, this.#parts.random);
    this.#parts.offers.handOut({ identity, swarm: joined.swarm, message, receivers, now }, deliveries);
    return deliveries;
  }

  /** Nobody stops for somebody else. Who was not there is gone as it is. */
  #stop(connection: ConnectionId, { infoHash, peerId }: AnnounceMessage): Delivery[] {
    const { identities, swarms } = this.#parts;
    const identity = identities.on(connection, peerId);
    if (!identity) return this.#refuse(connection, foreignPeerId(infoHash).refusal);
    const swarm = swarms.get(infoHash);
    swarms.leave(identity, infoHash);
    return swarm ? [this.#reply(connection, swarm)] : [];
  }

  #scrape(connection: ConnectionId, caller: Caller, { infoHashes }: ScrapeMessage): Delivery[] {
    const foreign = infoHashes.find((infoHash) => !isAllowed(caller, infoHash));
    if (foreign !== undefined) return this.#notAllowed(connection, foreign, "scrape");
    this.#scraping.add(connection);
    const files = infoHashes.map((infoHash) => ({ infoHash, swarm: this.#parts.swarms.get(infoHash) }));
    return [sending(connection, scrapeReply(files, this.#intervalSeconds))];
  }

  /** The dead end of a connection that its peer has made anew. */
  #replace(identities: readonly Identity[], by: ConnectionId): Delivery[] {
    return identities
      .filter(({ connection }) => connection !== by)
      .flatMap((identity): Delivery[] => {
        const { connection } = identity;
        this.#parts.swarms.forget(identity);
        // Others on the same socket have nothing to do with it.
        if (!this.#parts.identities.drop(identity)) return [];
        this.close(connection);
        return [{ type: "close", to: connection, reason: "replaced" }];
      });
  }

  #reply(connection: ConnectionId, swarm: Swarm): Delivery {
    return sending(connection, announceReply(swarm, this.#intervalSeconds));
  }

  /** For what is said of the connection as a whole: a client heeds only what is about a swarm of its own. */
  #anyInfoHash(connection: ConnectionId): BinaryId | undefined {
    for (const { memberships } of this.#parts.identities.of(connection))
      for (const [infoHash] of memberships.entries) return infoHash;
    return undefined;
  }

  #notAllowed(
    connection: ConnectionId,
    infoHash: BinaryId,
    action: "announce" | "scrape" = "announce",
  ): Delivery[] {
    const message = "The token does not allow this info hash.";
    return this.#refuse(connection, { code: "content-not-allowed", message, action, infoHash });
  }

  #refuse(connection: ConnectionId, refusal: TrackerRefusal): Delivery[] {
    this.#parts.counts.refused(refusal.code);
    return [sending(connection, failure(refusal))];
  }
}

function sending(to: ConnectionId, text: WireText): Delivery {
  return { type: "send", to, text };
}

function isAllowed({ grant }: Caller, infoHash: BinaryId): boolean {
  return grant.contents === undefined || allows(grant, hexOf(infoHash));
}

function foreignPeerId(infoHash: BinaryId): { readonly refusal: TrackerRefusal } {
  const message = "This connection has not announced that peer id.";
  return { refusal: { code: "not-a-member", message, infoHash } };
}
