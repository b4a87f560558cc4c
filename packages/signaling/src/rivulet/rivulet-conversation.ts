import {
  type AnnounceMessage,
  type ClientMessage,
  type ContentId,
  type HelloMessage,
  type IntroduceMessage,
  type PeerId,
  SIGNAL_VERSION,
} from "@rivulet/sdk/protocol";
import { allows, type Caller } from "../access/grant.ts";
import type { Conversation, Farewell, Incoming } from "../conversation.ts";
import { type ConnectionId, type Delivery, type Refusal, refuse, send } from "../delivery.ts";
import type { Directory } from "../directory/directory.ts";
import type { Counts } from "../operation/counts.ts";
import type { IceDesk } from "./ice-desk.ts";
import { type Introductions, introductionOf } from "./introductions.ts";
import { readMessage } from "./read-message.ts";
import { scanIntroduction } from "./scan-introduction.ts";
import type { Session, Sessions } from "./sessions.ts";

export interface RivuletOptions {
  readonly maxMessageBytes: number;
  readonly heartbeatMs: number;
  readonly announceIntervalMs: number;
}

export interface RivuletParts {
  readonly options: RivuletOptions;
  readonly directory: Directory;
  readonly sessions: Sessions;
  readonly introductions: Introductions;
  readonly ice: IceDesk;
  readonly counts: Counts;
  /** The first 16 bytes of SHA-256 of the secret's 32 bytes; the secret is 64 lower-case hex digits. */
  readonly peerOfSecret: (secret: string) => PeerId;
}

/** A connection on which something was said. */
interface Talk extends Session {
  readonly connection: ConnectionId;
  readonly now: number;
}

/** Rivulet's own protocol: greetings, announces, introductions. See docs/protocol.md. */
export class RivuletConversation implements Conversation {
  readonly #parts: RivuletParts;

  constructor(parts: RivuletParts) {
    this.#parts = parts;
  }

  open(connection: ConnectionId, caller: Caller): void {
    this.#parts.sessions.open(connection, caller);
  }

  isGreeted(connection: ConnectionId): boolean {
    return this.#parts.sessions.get(connection)?.peer !== undefined;
  }

  close(connection: ConnectionId): void {
    this.#parts.ice.forget(connection);
    const peer = this.#parts.sessions.close(connection)?.peer;
    if (peer !== undefined) this.#parts.directory.forget(peer);
  }

  /** A member stays for as long as its connection: it says `leave`, or it is gone. */
  sweep(): void {}

  refuse(connection: ConnectionId, farewell: Farewell): Delivery[] {
    return refuse(connection, farewell);
  }

  hear(connection: ConnectionId, incoming: Incoming, now: number): Delivery[] {
    const session = this.#parts.sessions.get(connection);
    if (!session) return [];
    const { peer } = session;
    const { maxMessageBytes } = this.#parts.options;
    // Most of all messages, and of all bytes.
    if (peer !== undefined && !incoming.isBinary && incoming.data.length <= maxMessageBytes) {
      const introduction = scanIntroduction(incoming.data);
      const deliveries = introduction && this.#parts.introductions.relay(peer, introduction);
      if (deliveries) return deliveries;
    }
    const read = readMessage(incoming, maxMessageBytes);
    return "refusal" in read
      ? this.#refuse(connection, read.refusal)
      : this.#answer({ connection, now, ...session }, read.message);
  }

  #answer(talk: Talk, message: ClientMessage): Delivery[] {
    const { connection } = talk;
    if (message.type === "hello") return this.#greet(talk, message);
    if (message.type === "ping") return send(connection, { type: "pong" });
    const { peer } = talk;
    if (peer === undefined) {
      return this.#refuse(connection, { code: "not-greeted", message: "Say hello first." });
    }
    switch (message.type) {
      case "announce":
        return this.#announce(talk, peer, message);
      case "introduce":
        return this.#introduce(talk, peer, message);
      case "leave":
        this.#parts.directory.leave(peer, message.content);
        return [];
      default:
        return message satisfies never;
    }
  }

  #greet({ connection, peer: known, now }: Talk, { version, peer, secret }: HelloMessage): Delivery[] {
    if (version !== SIGNAL_VERSION) {
      const message = `This server speaks version ${SIGNAL_VERSION}, not ${version}.`;
      return this.#refuse(connection, { code: "version", message });
    }
    if (this.#parts.peerOfSecret(secret) !== peer) {
      return this.#refuse(connection, { code: "bad-secret", message: "The secret is not this peer's." });
    }
    if (known !== undefined && known !== peer) {
      const message = "A connection has one peer id for life; open another.";
      return this.#refuse(connection, { code: "already-greeted", message });
    }
    const ice = this.#parts.ice.handOut(connection, peer, now);
    const welcome = send(connection, {
      type: "welcome",
      version: SIGNAL_VERSION,
      heartbeatMs: this.#parts.options.heartbeatMs,
      ...(ice && { ice }),
    });
    return known === undefined ? [...this.#claim(connection, peer), ...welcome] : welcome;
  }

  /** What the peer announced on its old connection is forgotten: it is in the swarms that it names on this one. */
  #claim(connection: ConnectionId, peer: PeerId): Delivery[] {
    const replaced = this.#parts.sessions.greet(connection, peer);
    return replaced === undefined ? [] : this.#replace(replaced, peer);
  }

  #replace(connection: ConnectionId, peer: PeerId): Delivery[] {
    this.#parts.directory.forget(peer);
    return this.#hangUpAsReplaced(connection);
  }

  #hangUpAsReplaced(connection: ConnectionId): Delivery[] {
    this.#parts.ice.forget(connection);
    const message = "The same peer has connected again.";
    return [
      ...refuse(connection, { code: "replaced", message }),
      { type: "close", to: connection, reason: "replaced" },
    ];
  }

  /** The same peer has just joined a swarm through another process. */
  movedElsewhere(peer: PeerId): Delivery[] {
    const connection = this.#parts.sessions.connectionOf(peer);
    if (connection === undefined) return [];
    this.#parts.sessions.close(connection);
    return this.#replace(connection, peer);
  }

  #announce({ connection, caller, now }: Talk, peer: PeerId, message: AnnounceMessage): Delivery[] {
    const { content } = message;
    const { address, group, grant } = caller;
    if (!allows(grant, content)) return this.#notAllowed(connection, content);
    const who = { peer, address, group, isSuperPeer: grant.role === "super-peer" };
    const result = this.#parts.directory.announce(who, message, now);
    if (result.outcome === "refused") {
      return this.#refuse(connection, { code: result.code, message: result.message, about: { content } });
    }
    this.#parts.counts.rivulet.announces += 1;
    const { peers, members } = result;
    const intervalMs = this.#parts.options.announceIntervalMs;
    const answer = send(connection, { type: "peers", content, peers, members, intervalMs });
    const ice = this.#parts.ice.renew(connection, peer, now);
    return ice ? [...send(connection, { type: "ice", ice }), ...answer] : answer;
  }

  #introduce({ connection }: Talk, from: PeerId, message: IntroduceMessage): Delivery[] {
    const { introductions } = this.#parts;
    const deliveries = introductions.relay(from, introductionOf(message));
    return deliveries ?? this.#refuse(connection, introductions.refusal(from, message));
  }

  #notAllowed(connection: ConnectionId, content: ContentId): Delivery[] {
    const message = "The token does not allow this content.";
    return this.#refuse(connection, { code: "content-not-allowed", message, about: { content } });
  }

  #refuse(connection: ConnectionId, refusal: Refusal): Delivery[] {
    this.#parts.counts.refused(refusal.code);
    return refuse(connection, refusal);
  }
}
