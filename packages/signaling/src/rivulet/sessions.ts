import type { PeerId } from "@rivulet/sdk/protocol";
import type { Caller } from "../access/grant.ts";
import type { ConnectionId } from "../delivery.ts";

/** One open connection. */
export interface Session {
  readonly caller: Caller;
  /** Who is at the other end; undefined before its hello. */
  readonly peer: PeerId | undefined;
}

/** Owns one invariant: a peer id belongs to at most one connection, the one that claimed it last. */
export class Sessions {
  readonly #sessions = new Map<ConnectionId, Session>();
  readonly #connectionOf = new Map<PeerId, ConnectionId>();

  /** Peers that have said hello. */
  get peers(): number {
    return this.#connectionOf.size;
  }

  open(connection: ConnectionId, caller: Caller): void {
    this.#sessions.set(connection, { caller, peer: undefined });
  }

  /** Undefined for one that was replaced or is closed. */
  get(connection: ConnectionId): Session | undefined {
    return this.#sessions.get(connection);
  }

  connectionOf(peer: PeerId): ConnectionId | undefined {
    return this.#connectionOf.get(peer);
  }

  /** Gives the peer id to this connection; returns the one that had it, whose session is over. */
  greet(connection: ConnectionId, peer: PeerId): ConnectionId | undefined {
    const session = this.#sessions.get(connection);
    if (!session) return undefined;
    const replaced = this.#connectionOf.get(peer);
    if (replaced !== undefined) this.#sessions.delete(replaced);
    this.#sessions.set(connection, { caller: session.caller, peer });
    this.#connectionOf.set(peer, connection);
    return replaced;
  }

  /** Ends a session; returns what it was, or undefined when it had ended before. */
  close(connection: ConnectionId): Session | undefined {
    const session = this.#sessions.get(connection);
    this.#sessions.delete(connection);
    if (session?.peer !== undefined) this.#connectionOf.delete(session.peer);
    return session;
  }
}
