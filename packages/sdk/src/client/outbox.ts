import { KIB } from "../base/bytes.ts";
import type { Connection } from "../engine/ports.ts";
import { type Frame, writeFrame } from "../protocol/frame.ts";

/** With more than this waiting, the engine is asked to hold back; with no more than half of it, to go on. */
const FULL_BYTES = 192 * KIB;

/**
 * More frames than this wait for nobody who takes any: words leave first, an engine has some tens of them a second, and few
 * hundred at once.
 */
const MOST_FRAMES = 4096;

/** What speaks of chunks sent before it stays behind them; no other word need wait for bytes. */
const IN_TURN: ReadonlySet<Frame["type"]> = new Set(["chunk", "choke", "close"]);

/**
 * Frames on their way to one peer. A link takes few at a time (docs/decisions/0018); what waits for it waits here, not
 * yet encoded, so that waiting costs no copy, and enough of it that the link never has to wait for the store.
 */
export class Outbox {
  readonly #connection: Pick<Connection, "bufferedBytes" | "send">;
  readonly #waiting: Frame[] = [];
  /** Of the chunks that wait: next to them nothing else counts. */
  #bytes = 0;
  #linkFull = false;

  constructor(connection: Pick<Connection, "bufferedBytes" | "send">) {
    this.#connection = connection;
  }

  /** What has not left yet, bytes. */
  get queuedBytes(): number {
    return this.#connection.bufferedBytes + this.#bytes;
  }

  /** So much waits that the peer cannot be taking any of it. */
  get overfull(): boolean {
    return this.#waiting.length > MOST_FRAMES;
  }

  /**
   * Sends a frame after those that wait; words before chunks, and among themselves in order. False when enough waits:
   * `drained` says when that is over, unless it is `overfull`.
   */
  send(frame: Frame): boolean {
    // Who says goodbye has nothing more to say: it need not wait behind what nobody will use.
    if (frame.type === "bye") return this.#connection.send(writeFrame(frame));
    let at = this.#waiting.length;
    if (!IN_TURN.has(frame.type)) while (this.#waiting[at - 1]?.type === "chunk") at--;
    this.#waiting.splice(at, 0, frame);
    this.#bytes += bytesOf(frame);
    this.#fill();
    return this.#bytes <= FULL_BYTES && !this.overfull;
  }

  /** The link takes frames again. True when so little waits that the engine may go on. */
  drained(): boolean {
    this.#linkFull = false;
    this.#fill();
    return this.#bytes <= FULL_BYTES / 2;
  }

  #fill(): void {
    while (!this.#linkFull) {
      const frame = this.#waiting.shift();
      if (!frame) return;
      this.#bytes -= bytesOf(frame);
      this.#linkFull = !this.#connection.send(writeFrame(frame));
    }
  }
}

function bytesOf(frame: Frame): number {
  return frame.type === "chunk" ? frame.data.byteLength : 0;
}
