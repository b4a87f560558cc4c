import { formatPercent } from "../../panel/format.ts";
import { formatRate } from "../figures.ts";
import type { SharePeer } from "../sharing.ts";

/** One line of the list of those who are connected. */
export interface PersonLine {
  readonly id: string;
  /** "Receiver 2": a number, in order of appearance, that stays theirs for the visit. */
  readonly name: string;
  /** What share of it they have, 0 to 1. */
  readonly complete: number;
  readonly detail: string;
}

/** Below this nothing worth telling moves. */
const MOVING_BYTES_PER_SECOND = 1;

/** Names those who are connected, and remembers who has been. */
export class Roster {
  readonly #called: string;
  readonly #numbers = new Map<string, number>();
  readonly #complete = new Set<string>();
  #present: ReadonlySet<string> = new Set();

  constructor(called: string) {
    this.#called = called;
  }

  lines(peers: readonly SharePeer[]): PersonLine[] {
    this.#present = new Set(peers.map(({ id }) => id));
    return peers.map((peer) => {
      if (peer.complete >= 1) this.#complete.add(peer.id);
      const number = this.#numbers.get(peer.id) ?? this.#numbers.size + 1;
      this.#numbers.set(peer.id, number);
      return {
        id: peer.id,
        name: `${this.#called} ${number}`,
        complete: peer.complete,
        detail: detailOf(peer),
      };
    });
  }

  /** Who had everything when they left. */
  get leftWithAll(): number {
    return [...this.#complete].filter((id) => !this.#present.has(id)).length;
  }
}

function detailOf({ complete, downloadBytesPerSecond, uploadBytesPerSecond }: SharePeer): string {
  const parts = [complete >= 1 ? "has everything" : `has ${formatPercent(complete)}%`];
  if (downloadBytesPerSecond >= MOVING_BYTES_PER_SECOND)
    parts.push(`gives ${formatRate(downloadBytesPerSecond)}`);
  if (uploadBytesPerSecond >= MOVING_BYTES_PER_SECOND) parts.push(`gets ${formatRate(uploadBytesPerSecond)}`);
  return parts.join(" · ");
}
