import type { ConnectionId } from "./delivery.ts";

/** By when a connection has to say who it is, and until when its token is good. */
export class Deadlines {
  /** The first to be due comes first, as all have the same time. */
  readonly #greetings = new Map<ConnectionId, number>();
  readonly #tokens = new Map<ConnectionId, number>();

  open(
    connection: ConnectionId,
    { greetBy, expiresAt }: { greetBy: number; expiresAt: number | undefined },
  ): void {
    this.#greetings.set(connection, greetBy);
    if (expiresAt !== undefined) this.#tokens.set(connection, expiresAt);
  }

  close(connection: ConnectionId): void {
    this.#greetings.delete(connection);
    this.#tokens.delete(connection);
  }

  /** Who has not said who it is in time. Those that have are not asked about again. */
  ungreeted(now: number, isGreeted: (connection: ConnectionId) => boolean): ConnectionId[] {
    const late: ConnectionId[] = [];
    for (const [connection, greetBy] of this.#greetings) {
      if (isGreeted(connection)) this.#greetings.delete(connection);
      else if (greetBy > now) break;
      else late.push(connection);
    }
    return late;
  }

  /** Whose token has ended. */
  expired(now: number): ConnectionId[] {
    return [...this.#tokens].filter(([, expiresAt]) => expiresAt <= now).map(([connection]) => connection);
  }
}
