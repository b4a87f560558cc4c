import type { IceHandout, PeerId } from "@rivulet/sdk/protocol";
import type { ConnectionId } from "../delivery.ts";
import type { Counts } from "../operation/counts.ts";

export interface IceDeskParts {
  /** Makes a peer's ICE servers, with credentials for a while; undefined when there are none to hand out. */
  readonly issue: (peer: PeerId) => IceHandout | undefined;
  readonly counts: Counts;
}

/** Hands out ICE servers: with the welcome, and again before the credentials end. */
export class IceDesk {
  readonly #parts: IceDeskParts;
  /** When half of a connection's credentials' life is over, ms. */
  readonly #renewAt = new Map<ConnectionId, number>();

  constructor(parts: IceDeskParts) {
    this.#parts = parts;
  }

  handOut(connection: ConnectionId, peer: PeerId, now: number): IceHandout | undefined {
    const ice = this.#parts.issue(peer);
    if (ice?.expiresInMs !== undefined) {
      this.#parts.counts.iceCredentials += 1;
      this.#renewAt.set(connection, now + ice.expiresInMs / 2);
    }
    return ice;
  }

  /** New ones when the old ones are half through; a peer announces often enough to be asked there. */
  renew(connection: ConnectionId, peer: PeerId, now: number): IceHandout | undefined {
    const renewAt = this.#renewAt.get(connection);
    return renewAt === undefined || now < renewAt ? undefined : this.handOut(connection, peer, now);
  }

  forget(connection: ConnectionId): void {
    this.#renewAt.delete(connection);
  }
}
