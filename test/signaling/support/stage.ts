import { type ClientMessage, encodeClientMessage, seededRandom } from "@rivulet/sdk/protocol";
import type { ConnectionId, Delivery } from "#signaling/delivery.ts";
import { DEFAULTS } from "#signaling/options.ts";
import { type ServiceOptions, SignalingService } from "#signaling/service.ts";
import { nodeSurroundings } from "#signaling/surroundings.ts";
import { contentNo, dialNo, type Identity, identity } from "./identities.ts";

export const content = contentNo(1);
export const dial = dialNo(1);
export const signal = { type: "offer", sdp: "v=0" };
export const [ann, bob, eve] = [identity(1), identity(2), identity(3)];

/** A service in virtual time, spoken to as clients speak to it. */
export class Stage {
  readonly service: SignalingService;
  now = 0;

  constructor(options: Partial<ServiceOptions> = {}) {
    const { peerOfSecret } = nodeSurroundings();
    this.service = new SignalingService(
      { ...DEFAULTS, ...options },
      { random: seededRandom(1), peerOfSecret },
    );
  }

  connect(): ConnectionId {
    return this.service.connect(this.now);
  }

  text(connection: ConnectionId, text: string): Delivery[] {
    return this.service.handle(connection, { type: "text", text }, this.now);
  }

  say(connection: ConnectionId, message: ClientMessage): Delivery[] {
    return this.text(connection, encodeClientMessage(message));
  }

  hello(connection: ConnectionId, { peer, secret }: Identity): Delivery[] {
    return this.say(connection, { type: "hello", version: 1, peer, secret });
  }

  /** Connects, greets and joins. */
  member(who: Identity): ConnectionId {
    const connection = this.connect();
    this.hello(connection, who);
    this.announce(connection);
    return connection;
  }

  announce(connection: ConnectionId, complete = false): Delivery[] {
    return this.say(connection, { type: "announce", content, want: 50, complete });
  }

  introduce(connection: ConnectionId, to: Identity): Delivery[] {
    return this.say(connection, { type: "introduce", to: to.peer, content, dial, signal });
  }
}

/** What was delivered, as short words: who got which message, error or end. */
export function told(deliveries: readonly Delivery[]): string[] {
  return deliveries.map((delivery) => {
    if (delivery.type === "close") return `${delivery.to} closed: ${delivery.reason}`;
    const { message } = delivery;
    return `${delivery.to} ${message.type === "error" ? `error: ${message.code}` : message.type}`;
  });
}
