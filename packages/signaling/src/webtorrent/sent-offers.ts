import { second } from "@rivulet/sdk/protocol";
import type { Place } from "./swarm.ts";

/** WebTorrent's clients drop an unanswered offer after 50 s; an answer has been on its way for a moment by then. */
const OFFER_LIFE_MS = 60 * second;
/** A client has about as many offers out as five swarms times ten; older ones give way. */
const MAX_OFFERS = 64;
/** Numbers that one offer takes in the list: the hash of its id, where it went, and when. */
const WIDTH = 3;
/** No place has this number. */
const ANSWERED = 0;

/**
 * The offers of one peer that may still be answered. An answer is handed on only against one of them, and once: whoever
 * was not offered anything cannot answer, so nobody can put himself between two others. Kept as plain numbers: a busy
 * server hands out tens of thousands a second, and objects that live for a minute are what a collector is slowest with.
 */
export class SentOffers {
  #numbers: number[] = [];
  /** Where the next one goes when the list is full. */
  #next = 0;

  add(idHash: number, to: Place, now: number): void {
    const [hash, place, at] = [idHash | 0, placeNumber(to), Math.round(now / second)];
    if (this.#numbers.length < MAX_OFFERS * WIDTH) {
      // Not `push`, which would make room for as many again.
      this.#numbers = this.#numbers.concat(hash, place, at);
      return;
    }
    this.#numbers[this.#next] = hash;
    this.#numbers[this.#next + 1] = place;
    this.#numbers[this.#next + 2] = at;
    this.#next = (this.#next + WIDTH) % this.#numbers.length;
  }

  /** Takes the offer that was handed to this place; false when there is none, or it has been answered. */
  take(idHash: number, from: Place, now: number): boolean {
    const place = placeNumber(from);
    for (let at = 0; at < this.#numbers.length; at += WIDTH) {
      if (this.#numbers[at] !== (idHash | 0) || this.#numbers[at + 1] !== place) continue;
      this.#numbers[at + 1] = ANSWERED;
      return now - (this.#numbers[at + 2] ?? 0) * second <= OFFER_LIFE_MS;
    }
    return false;
  }
}

/** Knuth, The Art of Computer Programming, volume 3, 6.4: spreads consecutive numbers over all 32 bits. */
const MULTIPLIER = 0x9e3779b1;

/** Positive for this process's own numbers; for another's, which are few, a negative hash of its name and the number. */
function placeNumber(place: Place): number {
  if (place.kind === "here") return place.number;
  const home = Number.parseInt(place.home.slice(0, 8), 16);
  return -1 - ((home ^ Math.imul(place.number, MULTIPLIER)) >>> 1);
}
