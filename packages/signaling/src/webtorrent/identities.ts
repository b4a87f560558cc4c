import type { Caller } from "../access/grant.ts";
import type { ConnectionId } from "../delivery.ts";
import type { WireText } from "../wire-text.ts";
import { PeerIds } from "./peer-ids.ts";
import { SentOffers } from "./sent-offers.ts";
import { SmallMap } from "./small-map.ts";
import type { SwarmMember } from "./swarm.ts";
import type { BinaryId } from "./tracker-message.ts";
import { idText } from "./write-message.ts";

/** One peer id on one connection. */
export interface Identity {
  /** Its name within this process, never used again. */
  readonly number: number;
  readonly peerId: BinaryId;
  readonly peerText: WireText;
  readonly connection: ConnectionId;
  readonly address: string;
  readonly memberships: SmallMap<BinaryId, SwarmMember>;
  readonly sentOffers: SentOffers;
}

/** All clients of a page share a socket, and P2P Media Loader has a peer id for every rendition that it came to play. */
const MAX_IDS_PER_CONNECTION = 32;

export type Claim =
  | { readonly outcome: "known"; readonly identity: Identity }
  /** `replaced`: the same peer on a connection that it had before. */
  | { readonly outcome: "new"; readonly identity: Identity; readonly replaced: readonly Identity[] }
  | { readonly outcome: "refused"; readonly message: string };

/** Who is on which connection. Owns one invariant: a peer id is spoken for by the connection that announced it alone. */
export class Identities {
  readonly #byConnection = new Map<
    ConnectionId,
    { readonly caller: Caller; identities: readonly Identity[] }
  >();
  readonly #byNumber = new Map<number, Identity>();
  readonly #peerIds = new PeerIds<Identity>();
  #given = 0;

  get size(): number {
    return this.#byNumber.size;
  }

  get all(): Iterable<Identity> {
    return this.#byNumber.values();
  }

  open(connection: ConnectionId, caller: Caller): void {
    this.#byConnection.set(connection, { caller, identities: [] });
  }

  callerOf(connection: ConnectionId): Caller | undefined {
    return this.#byConnection.get(connection)?.caller;
  }

  of(connection: ConnectionId): readonly Identity[] {
    return this.#byConnection.get(connection)?.identities ?? [];
  }

  on(connection: ConnectionId, peerId: BinaryId): Identity | undefined {
    return this.of(connection).find((identity) => identity.peerId === peerId);
  }

  numbered(number: number): Identity | undefined {
    return this.#byNumber.get(number);
  }

  /** All that have this id, the newest last. */
  withPeerId(peerId: BinaryId): readonly Identity[] {
    return this.#peerIds.of(peerId);
  }

  /** For an announce: the first one on a connection says that the id is its own. */
  claim(connection: ConnectionId, peerId: BinaryId): Claim {
    const known = this.on(connection, peerId);
    if (known) return { outcome: "known", identity: known };
    const open = this.#byConnection.get(connection);
    if (!open) return { outcome: "refused", message: "The connection is closed." };
    if (open.identities.length >= MAX_IDS_PER_CONNECTION) {
      return { outcome: "refused", message: `A connection has at most ${MAX_IDS_PER_CONNECTION} peer ids.` };
    }
    const identity: Identity = {
      number: ++this.#given,
      peerId,
      peerText: idText(peerId),
      connection,
      address: open.caller.address,
      memberships: new SmallMap(),
      sentOffers: new SentOffers(),
    };
    const replaced = this.#peerIds.claim(peerId, identity);
    if (!replaced) return { outcome: "refused", message: "Too many others have this peer id; take another." };
    open.identities = [...open.identities, identity];
    this.#byNumber.set(identity.number, identity);
    return { outcome: "new", identity, replaced };
  }

  /** Memberships of all that are on a connection. */
  held(connection: ConnectionId): number {
    return this.of(connection).reduce((sum, { memberships }) => sum + memberships.size, 0);
  }

  /** Forgets one whose id was claimed by another connection; true when it was the last one on its own. */
  drop(identity: Identity): boolean {
    const open = this.#byConnection.get(identity.connection);
    this.#byNumber.delete(identity.number);
    if (open) open.identities = open.identities.filter((other) => other !== identity);
    return open?.identities.length === 0;
  }

  /** Forgets a connection; returns who was on it. */
  close(connection: ConnectionId): readonly Identity[] {
    const identities = this.of(connection);
    this.#byConnection.delete(connection);
    for (const identity of identities) {
      this.#byNumber.delete(identity.number);
      this.#peerIds.release(identity.peerId, identity);
    }
    return identities;
  }
}
