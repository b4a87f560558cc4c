import { KIB } from "../base/bytes.ts";
import { minute, second } from "../base/time.ts";
import type { Line } from "./playback.ts";

/** A pause longer than this between two arrivals is one in which nothing was asked for, ms. */
const LONGEST_GAP_MS = 400;
const LEAST_SAMPLE_BYTES = 16 * KIB;
const LONG_SAMPLE_MS = second;
/** Less than this is a burst out of some buffer, and says nothing about the line. */
const LEAST_SAMPLE_MS = 50;
/** Half of what an estimate rests on is younger than this time in which bytes flowed. */
const HALF_LIFE_MS = 2 * second;
/** What the origin was seen to do stands for so long. */
const FRESH_MS = 3 * minute;

/** How fast bytes come while they come, from the origin and from peers, and how soon the origin answers. */
export class LineMeter {
  readonly #now: () => number;
  readonly #origin = new Flow();
  readonly #peers = new Flow();
  #firstByteMs: number | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The origin answered a request that was made at `askedAt`: a body follows until `originEnded`. */
  originAnswered(askedAt: number): void {
    const ms = this.#now() - askedAt;
    this.#firstByteMs = this.#firstByteMs === undefined ? ms : (this.#firstByteMs + ms) / 2;
    this.#origin.begin(this.#now());
  }

  originSent(bytes: number): void {
    this.#origin.add(bytes, this.#now());
  }

  originEnded(): void {
    this.#origin.end(this.#now());
  }

  peersSent(bytes: number): void {
    this.#peers.add(bytes, this.#now());
  }

  /**
   * Undefined until either was measured. What the origin can bring counts while it was seen lately, because it is what is
   * left when peers go; later, peers may show that the line can do more.
   */
  get line(): Line | undefined {
    const { bytesPerSecond: origin, at } = this.#origin;
    const isFresh = origin > 0 && this.#now() - at < FRESH_MS;
    const bytesPerSecond = isFresh ? origin : Math.max(origin, this.#peers.bytesPerSecond);
    return bytesPerSecond > 0 ? { bytesPerSecond, firstByteMs: this.#firstByteMs ?? 0 } : undefined;
  }
}

/** The rate of one kind of source over the time in which it sent, however many senders there are at once. */
class Flow {
  #bodies = 0;
  #at = Number.NEGATIVE_INFINITY;
  #bytes = 0;
  #ms = 0;
  #weightedBytes = 0;
  #weightedMs = 0;

  /** When it last sent; long ago before it did. */
  get at(): number {
    return this.#at;
  }

  get bytesPerSecond(): number {
    if (this.#weightedMs > 0) return (this.#weightedBytes * second) / this.#weightedMs;
    return this.#ms >= LEAST_SAMPLE_MS ? (this.#bytes * second) / this.#ms : 0;
  }

  begin(now: number): void {
    // What came before was another answer's; the time in between was nobody's.
    if (this.#bodies === 0) this.#at = now;
    this.#bodies++;
  }

  end(now: number): void {
    this.#pass(now);
    this.#bodies--;
    if (this.#bodies === 0) this.#settle();
  }

  add(bytes: number, now: number): void {
    // What ends a pause that is not counted came in it.
    if (!this.#pass(now)) return;
    this.#bytes += bytes;
    if (this.#ms >= LONG_SAMPLE_MS) this.#settle();
  }

  /** While a body is open each pause is the line's; between two chunks of peers only a short one is. */
  #pass(now: number): boolean {
    const gap = now - this.#at;
    const counts = this.#bodies > 0 || gap <= LONGEST_GAP_MS;
    if (counts) this.#ms += gap;
    this.#at = now;
    return counts;
  }

  #settle(): void {
    // What was cancelled at its beginning, because a peer has it, says nothing, unless even that took long.
    if (this.#bytes < LEAST_SAMPLE_BYTES && this.#ms < LONG_SAMPLE_MS) {
      this.#bytes = 0;
      this.#ms = 0;
      return;
    }
    const ms = Math.max(LEAST_SAMPLE_MS, this.#ms);
    const kept = 2 ** (-ms / HALF_LIFE_MS);
    this.#weightedBytes = this.#weightedBytes * kept + this.#bytes;
    this.#weightedMs = this.#weightedMs * kept + ms;
    this.#bytes = 0;
    this.#ms = 0;
  }
}
