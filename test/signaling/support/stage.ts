import {
  type ClientMessage,
  decodeServerMessage,
  encodeClientMessage,
  type ServerMessage,
  seededRandom,
} from "@rivulet/sdk/protocol";
import { Door } from "#signaling/access/door.ts";
import { EVERYTHING, type Grant } from "#signaling/access/grant.ts";
import { DEFAULTS, type SignalingOptions } from "#signaling/config/options.ts";
import { rivuletSide, sharedLimits, webTorrentSide } from "#signaling/conversations.ts";
import type { ConnectionId, Delivery } from "#signaling/delivery.ts";
import { NOWHERE } from "#signaling/elsewhere.ts";
import { Counts, type Protocol } from "#signaling/operation/counts.ts";
import { SignalingService } from "#signaling/service.ts";
import { nodeSurroundings } from "#signaling/surroundings.ts";
import { contentNo, dialNo, type Identity, identity } from "./identities.ts";

export const content = contentNo(1);
export const dial = dialNo(1);
export const signal = { type: "offer", sdp: "v=0" };
export const [ann, bob, eve] = [identity(1), identity(2), identity(3)];

/** Who connects, where it is not just anybody. */
export interface Newcomer {
  readonly protocol?: Protocol;
  readonly address?: string;
  readonly group?: string;
  readonly grant?: Partial<Grant>;
  readonly expiresAt?: number;
}

/** A service in virtual time with all its parts, spoken to as clients speak to it. */
export class Stage {
  readonly service: SignalingService;
  readonly counts = new Counts();
  readonly rivulet: ReturnType<typeof rivuletSide>;
  readonly webTorrent: ReturnType<typeof webTorrentSide>;
  readonly #door: Door;
  readonly #addresses = new Map<ConnectionId, string>();
  now = 0;

  constructor(given: Partial<SignalingOptions> = {}) {
    const options = { ...DEFAULTS, ...given };
    const surroundings = { ...nodeSurroundings("silent"), random: seededRandom(1), epochNow: () => this.now };
    const parts = { options, surroundings, counts: this.counts, elsewhere: NOWHERE };
    this.rivulet = rivuletSide(parts);
    this.webTorrent = webTorrentSide(parts);
    this.#door = new Door(options);
    this.service = new SignalingService({
      options,
      conversations: { rivulet: this.rivulet.conversation, webtorrent: this.webTorrent.conversation },
      shared: sharedLimits(options, this.#door),
      counts: this.counts,
    });
  }

  /** What is kept of peers that speak Rivulet's own protocol. */
  get held() {
    const { sessions, directory } = this.rivulet;
    return { peers: sessions.peers, rooms: directory.rooms, members: directory.members };
  }

  /** Connects, and returns what is said to it for that. */
  arrive(newcomer: Newcomer = {}): { readonly connection: ConnectionId; readonly deliveries: Delivery[] } {
    const { protocol = "rivulet", address = "192.0.2.1", group = "here", expiresAt } = newcomer;
    const connection = this.service.name();
    this.#door.enter(address, this.now);
    this.#addresses.set(connection, address);
    const grant = { ...EVERYTHING, ...newcomer.grant };
    const arriving = { protocol, caller: { address, group, grant }, expiresAt };
    return { connection, deliveries: this.service.open(connection, arriving, this.now) };
  }

  connect(newcomer: Newcomer = {}): ConnectionId {
    return this.arrive(newcomer).connection;
  }

  disconnect(connection: ConnectionId): void {
    this.service.disconnect(connection, this.now);
    this.#door.exit(this.#addresses.get(connection) ?? "", this.now);
  }

  sweep(): Delivery[] {
    return this.service.sweep(this.now);
  }

  text(connection: ConnectionId, text: string, isBinary = false): Delivery[] {
    return this.service.handle(connection, { data: Buffer.from(text), isBinary }, this.now);
  }

  say(connection: ConnectionId, message: ClientMessage): Delivery[] {
    return this.text(connection, encodeClientMessage(message));
  }

  hello(connection: ConnectionId, { peer, secret }: Identity): Delivery[] {
    return this.say(connection, { type: "hello", version: 1, peer, secret });
  }

  /** Connects, greets and joins. */
  member(who: Identity, newcomer: Newcomer = {}): ConnectionId {
    const connection = this.connect(newcomer);
    this.hello(connection, who);
    this.join(connection);
    return connection;
  }

  join(connection: ConnectionId, complete = false): Delivery[] {
    return this.say(connection, { type: "announce", content, want: 50, complete });
  }

  introduce(connection: ConnectionId, to: Identity): Delivery[] {
    return this.say(connection, { type: "introduce", to: to.peer, content, dial, signal });
  }
}

/** What a message on the wire says, as a client reads it. */
export function readText(delivery: Delivery | undefined): string {
  return delivery?.type === "send" ? Buffer.from(delivery.text, "latin1").toString("utf8") : "";
}

/** A message of Rivulet's own protocol; undefined when the delivery is none. */
export function messageOf(delivery: Delivery | undefined): ServerMessage | undefined {
  return delivery?.type === "send" ? decodeServerMessage(readText(delivery)) : undefined;
}

/** What was delivered, as short words: who got which message, error or end. */
export function told(deliveries: readonly Delivery[]): string[] {
  return deliveries.map((delivery) => {
    if (delivery.type === "close") return `${delivery.to} closed: ${delivery.reason}`;
    const text = readText(delivery);
    return `${delivery.to} ${text.startsWith('{"action"') ? trackerWord(text) : word(decodeServerMessage(text))}`;
  });
}

function word(message: ServerMessage): string {
  return message.type === "error" ? `error: ${message.code}` : message.type;
}

function trackerWord(text: string): string {
  const message: Record<string, unknown> = JSON.parse(text);
  const failure = message["failure reason"];
  if (failure !== undefined) return `failure: ${/\((.+)\)$/.exec(String(failure))?.[1]}`;
  if (message.action === "scrape") return "scrape";
  return ["offer", "answer"].find((kind) => kind in message) ?? "reply";
}
