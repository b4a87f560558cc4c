import { createHash } from "node:crypto";
import type { Destination } from "./frame-socket.ts";
import { textFrame } from "./frames.ts";
import { LoadPeer } from "./load-peer.ts";
import { SDP } from "./sdp.ts";
import type { Tally } from "./tally.ts";

const OFFERS = 5;
/** The end of each offer id is a number in these digits, written anew for every announce. */
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const COUNTER_DIGITS = 4;
const DIGIT_CODES = Buffer.from(DIGITS);

/** A client of the WebTorrent protocol, whose announces bring five offers of 900 bytes. */
export class TrackerPeer extends LoadPeer {
  readonly work = "answers";
  readonly #infoHash: string;
  readonly #peerId: string;
  #announce: Buffer | undefined;
  /** Where the counters of the offer ids are in the frame. */
  #counterAt: number[] = [];
  #count = 0;
  #probe: Buffer | undefined;

  constructor(no: number, swarm: number, destination: Destination, tally: Tally) {
    super(destination, tally);
    this.#infoHash = binary(`swarm ${swarm}`);
    this.#peerId = `-WW0208-${binary(`peer ${no}`).slice(8)}`;
  }

  probeFrame(): Buffer {
    this.#probe ??= textFrame(JSON.stringify({ ...this.#words(), numwant: 0, offers: [] }));
    return this.#probe;
  }

  floodFrame(): Buffer {
    const frame = this.#announceFrame();
    let left = ++this.#count;
    for (let digit = COUNTER_DIGITS - 1; digit >= 0; digit--) {
      const code = DIGIT_CODES[left % DIGITS.length] ?? 0;
      left = Math.floor(left / DIGITS.length);
      for (const at of this.#counterAt) frame[at + digit] = code;
    }
    return frame;
  }

  protected joinFrames(): readonly Buffer[] {
    return [textFrame(JSON.stringify({ ...this.#words(), event: "started", numwant: 0, offers: [] }))];
  }

  protected readShort(message: Readonly<Record<string, unknown>>): string {
    if (message["failure reason"] !== undefined) return `failure: ${String(message["failure reason"])}`;
    if (message.action !== "announce" || message.info_hash !== this.#infoHash) return "not its own swarm's";
    if (typeof message.interval !== "number") return "an answer without an interval";
    return this.isJoining ? "joined" : "reply";
  }

  protected complaint({ action, info_hash, peer_id, offer, offer_id }: Record<string, unknown>) {
    if (action !== "announce" || info_hash !== this.#infoHash) return "an offer of another swarm";
    if (typeof peer_id !== "string" || peer_id.length !== 20) return "an offer without a peer id";
    if (peer_id === this.#peerId) return "its own offer";
    if (typeof offer_id !== "string" || offer_id.length !== 20) return "an offer without an id";
    const isWhole = typeof offer === "object" && offer !== null && "sdp" in offer && offer.sdp === SDP;
    return isWhole ? undefined : "an offer that was changed";
  }

  #words() {
    return {
      uploaded: 0,
      downloaded: 0,
      left: 1_073_741_824,
      action: "announce",
      info_hash: this.#infoHash,
      peer_id: this.#peerId,
    };
  }

  #announceFrame(): Buffer {
    if (this.#announce) return this.#announce;
    const ids = Array.from({ length: OFFERS }, (_, at) => {
      const random = binary(`${this.#peerId} ${at}`).slice(0, -COUNTER_DIGITS);
      return random + "0".repeat(COUNTER_DIGITS);
    });
    const offers = ids.map((offer_id) => ({ offer: { type: "offer", sdp: SDP }, offer_id }));
    this.#announce = textFrame(JSON.stringify({ ...this.#words(), numwant: OFFERS, offers }));
    for (const id of ids) {
      const text = Buffer.from(JSON.stringify(id).slice(1, -1));
      this.#counterAt.push(this.#announce.indexOf(text) + text.length - COUNTER_DIGITS);
    }
    return this.#announce;
  }
}

/** 20 code units of any value up to 0xFF, as info hashes and ids are. */
function binary(seed: string): string {
  return createHash("sha1").update(seed).digest().toString("latin1");
}
