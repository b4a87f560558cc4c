import type { PeerId } from "@rivulet/sdk/protocol";
import type { ConnectionId } from "./delivery.ts";

/** Who is at the other end of a connection: nobody knows until its hello. */
export type Session = { readonly state: "unknown" } | { readonly state: "greeted"; readonly peer: PeerId };

const UNKNOWN: Session = { state: "unknown" };

/** Owns one invariant: a peer id belongs to at most one connection, the one that claimed it last. */
export class Sessions {
  readonly #sessions = new Map<ConnectionId, Session>();
  readonly #connectionOf = new Map<PeerId, ConnectionId>();
  #opened = 0;

  open(): ConnectionId {
    const connection = ++this.#opened as ConnectionId;
    this.#sessions.set(connection, UNKNOWN);
    return connection;
  }

  get(connection: ConnectionId): Session | undefined {
    return this.#sessions.get(connection);
  }

  connectionOf(peer: PeerId): ConnectionId | undefined {
    return this.#connectionOf.get(peer);
  }

  /** Gives the peer id to this connection; returns the one that had it, whose session is over. */
  greet(connection: ConnectionId, peer: PeerId): ConnectionId | undefined {
    const replaced = this.#connectionOf.get(peer);
    if (replaced !== undefined) this.#sessions.delete(replaced);
    this.#sessions.set(connection, { state: "greeted", peer });
    this.#connectionOf.set(peer, connection);
    return replaced;
  }

  /** Ends a session; returns what it was, or undefined when it had ended before. */
  close(connection: ConnectionId): Session | undefined {
    const session = this.#sessions.get(connection);
    if (!session) return undefined;
    this.#sessions.delete(connection);
    if (session.state === "greeted") this.#connectionOf.delete(session.peer);
    return session;
  }

  /** Connections with an open session, greeted or not. */
  get connections(): readonly ConnectionId[] {
    return [...this.#sessions.keys()];
  }

  get peers(): number {
    return this.#connectionOf.size;
  }
}
