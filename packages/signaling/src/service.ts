import {
  type AnnounceMessage,
  type ClientMessage,
  type HelloMessage,
  type IntroduceMessage,
  type PeerId,
  type Random,
  SIGNAL_VERSION,
  type SignalCloseReason,
} from "@rivulet/sdk/protocol";
import { type ConnectionId, type Delivery, hangUp, type Refusal, refuse, send } from "./delivery.ts";
import { Directory, type DirectoryLimits } from "./directory.ts";
import { MessageRate, type MessageRateLimits } from "./limits.ts";
import { randomPeers } from "./peer-choice.ts";
import { type Incoming, readMessage } from "./read-message.ts";
import { type Session, Sessions } from "./sessions.ts";

export interface ServiceOptions extends DirectoryLimits, MessageRateLimits {
  readonly maxMessageBytes: number;
  readonly heartbeatMs: number;
  readonly announceIntervalMs: number;
  readonly greetingTimeoutMs: number;
}

/** What the decisions need of the world. */
export interface ServicePorts {
  readonly random: Random;
  /** The first 16 bytes of SHA-256 of the secret's 32 bytes; the secret is 64 lower-case hex digits. */
  readonly peerOfSecret: (secret: string) => PeerId;
}

/**
 * Everything the signaling server decides, and nothing it does: each call returns what is to be sent and closed. A
 * connection that was closed by a decision is forgotten at once, so what it still says is not heard.
 */
export class SignalingService {
  readonly #options: ServiceOptions;
  readonly #ports: ServicePorts;
  readonly #sessions = new Sessions();
  readonly #directory: Directory;
  readonly #rates = new Map<ConnectionId, MessageRate>();
  #received = 0;
  #refused = 0;

  constructor(options: ServiceOptions, ports: ServicePorts) {
    this.#options = options;
    this.#ports = ports;
    this.#directory = new Directory(options, randomPeers(ports.random));
  }

  connect(now: number): ConnectionId {
    const connection = this.#sessions.open();
    this.#rates.set(connection, new MessageRate(this.#options, now));
    return connection;
  }

  handle(connection: ConnectionId, incoming: Incoming, now: number): Delivery[] {
    const session = this.#sessions.get(connection);
    const verdict = this.#rates.get(connection)?.judge(now);
    if (!session || !verdict) return [];
    this.#received += 1;
    if (verdict === "close")
      return this.#close(connection, "rate-limited", "Too many messages for too long.");
    if (verdict === "refuse") {
      return this.#refuse(connection, { code: "rate-limited", message: "Too many messages; slow down." });
    }
    const read = readMessage(incoming, this.#options.maxMessageBytes);
    return "refusal" in read
      ? this.#refuse(connection, read.refusal)
      : this.#answer(connection, session, read.message);
  }

  /** To be called `greetingTimeoutMs` after connect: closes a connection that has not said who it is. */
  greetingDue(connection: ConnectionId): Delivery[] {
    if (this.#sessions.get(connection)?.state !== "unknown") return [];
    return this.#close(
      connection,
      "not-greeted",
      `No hello came within ${this.#options.greetingTimeoutMs} ms.`,
    );
  }

  /** The connection is gone, whoever closed it. */
  disconnect(connection: ConnectionId): void {
    const session = this.#sessions.close(connection);
    this.#rates.delete(connection);
    if (session?.state === "greeted") this.#directory.forget(session.peer);
  }

  /** The server is about to stop: tells everybody. */
  drain(): Delivery[] {
    return this.#sessions.connections.flatMap((connection) =>
      this.#close(connection, "draining", "This server is stopping; connect again."),
    );
  }

  stats() {
    return {
      /** Peers that have said hello. */
      peers: this.#sessions.peers,
      rooms: this.#directory.rooms,
      /** Memberships in all rooms together. */
      members: this.#directory.members,
      /** Messages received since the start, and how many of them were refused. */
      messagesReceived: this.#received,
      messagesRefused: this.#refused,
    };
  }

  #answer(connection: ConnectionId, session: Session, message: ClientMessage): Delivery[] {
    if (message.type === "hello") return this.#greet(connection, session, message);
    if (message.type === "ping") return send(connection, { type: "pong" });
    if (session.state === "unknown") {
      return this.#refuse(connection, { code: "not-greeted", message: "Say hello first." });
    }
    switch (message.type) {
      case "announce":
        return this.#announce(connection, session.peer, message);
      case "introduce":
        return this.#introduce(connection, session.peer, message);
      case "leave":
        this.#directory.leave(session.peer, message.content);
        return [];
      default:
        return message satisfies never;
    }
  }

  #greet(connection: ConnectionId, session: Session, { version, peer, secret }: HelloMessage): Delivery[] {
    if (version !== SIGNAL_VERSION) {
      const message = `This server speaks version ${SIGNAL_VERSION}, not ${version}.`;
      return this.#refuse(connection, { code: "version", message });
    }
    if (this.#ports.peerOfSecret(secret) !== peer) {
      return this.#refuse(connection, { code: "bad-secret", message: "The secret is not this peer's." });
    }
    if (session.state === "greeted" && session.peer !== peer) {
      const message = "A connection has one peer id for life; open another.";
      return this.#refuse(connection, { code: "already-greeted", message });
    }
    const { heartbeatMs } = this.#options;
    const welcome = send(connection, { type: "welcome", version: SIGNAL_VERSION, heartbeatMs });
    return session.state === "greeted" ? welcome : [...this.#claim(connection, peer), ...welcome];
  }

  /** What the peer announced on its old connection is forgotten: it is in the swarms that it names on this one. */
  #claim(connection: ConnectionId, peer: PeerId): Delivery[] {
    const replaced = this.#sessions.greet(connection, peer);
    if (replaced === undefined) return [];
    this.#directory.forget(peer);
    this.#rates.delete(replaced);
    return hangUp(replaced, "replaced", "The same peer has connected again.");
  }

  #announce(connection: ConnectionId, peer: PeerId, message: AnnounceMessage): Delivery[] {
    const { content } = message;
    const result = this.#directory.announce(peer, message);
    if (result.outcome === "refused") {
      return this.#refuse(connection, { code: result.code, message: result.message, about: { content } });
    }
    const { peers, members } = result;
    const intervalMs = this.#options.announceIntervalMs;
    return send(connection, { type: "peers", content, peers, members, intervalMs });
  }

  #introduce(connection: ConnectionId, from: PeerId, message: IntroduceMessage): Delivery[] {
    const { to, content, dial, signal } = message;
    const about = { content, to, dial };
    if (!this.#directory.isMember(from, content)) {
      return this.#refuse(connection, {
        code: "not-a-member",
        message: "Announce the content first.",
        about,
      });
    }
    const receiver = this.#sessions.connectionOf(to);
    if (to === from || receiver === undefined || !this.#directory.isMember(to, content)) {
      const text = "There is no other peer of that id in this swarm.";
      return this.#refuse(connection, { code: "unknown-peer", message: text, about });
    }
    return send(receiver, { type: "introduce", from, content, dial, signal });
  }

  #refuse(connection: ConnectionId, refusal: Refusal): Delivery[] {
    this.#refused += 1;
    return refuse(connection, refusal);
  }

  #close(connection: ConnectionId, reason: SignalCloseReason, message: string): Delivery[] {
    this.disconnect(connection);
    return hangUp(connection, reason, message);
  }
}
