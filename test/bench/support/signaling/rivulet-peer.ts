import { encodeClientMessage, SIGNAL_VERSION } from "#sdk/protocol/signaling/index.ts";
import { contentNo, dialNo, type Identity, identity } from "../../../signaling/support/identities.ts";
import type { Destination } from "./frame-socket.ts";
import { textFrame } from "./frames.ts";
import { LoadPeer } from "./load-peer.ts";
import { SDP } from "./sdp.ts";
import type { Tally } from "./tally.ts";

const PING = textFrame(encodeClientMessage({ type: "ping" }));
const COUNTER_DIGITS = 8;
const WANT = 30;

/** A client of our own protocol, which sends introductions to a partner of its swarm. */
export class RivuletPeer extends LoadPeer {
  readonly work = "relays";
  readonly no: number;
  /** Told whom each answer to an announce lists; reading them costs time, so only when somebody listens. */
  onListed: ((peers: readonly string[]) => void) | undefined;
  readonly #identity: Identity;
  readonly #swarm: number;
  #introduction: Buffer | undefined;
  #counterAt = 0;
  #count = 0;
  /** Whom it introduces itself to: the other one of its pair. */
  #partner: number;

  constructor(no: number, swarm: number, destination: Destination, tally: Tally) {
    super(destination, tally);
    this.no = no;
    this.#swarm = swarm;
    this.#identity = identity(no);
    this.#partner = no ^ 1;
  }

  protected override get readsAll(): boolean {
    return this.onListed !== undefined;
  }

  aimAt(partner: number): void {
    this.#partner = partner;
    this.#introduction = undefined;
  }

  probeFrame(): Buffer {
    return PING;
  }

  /** An introduction of a dial that was not there before. */
  floodFrame(): Buffer {
    const frame = this.#introductionFrame();
    frame.write((++this.#count).toString(16).padStart(COUNTER_DIGITS, "0"), this.#counterAt, "latin1");
    return frame;
  }

  announceFrame(): Buffer {
    const content = contentNo(this.#swarm);
    return textFrame(encodeClientMessage({ type: "announce", content, want: WANT, complete: false }));
  }

  protected joinFrames(): readonly Buffer[] {
    const hello = encodeClientMessage({ type: "hello", version: SIGNAL_VERSION, ...this.#identity });
    return [textFrame(hello), this.announceFrame()];
  }

  protected readShort({ type, code, peers }: Readonly<Record<string, unknown>>): string {
    switch (type) {
      case "welcome":
        return "";
      case "peers":
        this.#listed(peers);
        return this.isJoining ? "joined" : "reply";
      case "pong":
        return "reply";
      case "error":
        return `error: ${String(code)}`;
      default:
        return `unexpected: ${String(type)}`;
    }
  }

  protected complaint({ type, from, content, signal }: Readonly<Record<string, unknown>>) {
    if (type !== "introduce" || content !== contentNo(this.#swarm)) return "an introduction of another swarm";
    if (from === this.#identity.peer) return "its own introduction";
    const isWhole = typeof signal === "object" && signal !== null && "sdp" in signal && signal.sdp === SDP;
    return isWhole ? undefined : "an introduction that was changed";
  }

  #listed(peers: unknown): void {
    if (!this.onListed || !Array.isArray(peers)) return;
    const listings: readonly unknown[] = peers;
    this.onListed(listings.flatMap((each) => (isListing(each) ? [each.peer] : [])));
  }

  #introductionFrame(): Buffer {
    if (this.#introduction) return this.#introduction;
    const dial = dialNo(this.no);
    const message = {
      type: "introduce",
      to: identity(this.#partner).peer,
      content: contentNo(this.#swarm),
      dial,
      signal: { type: "offer", sdp: SDP },
    } as const;
    this.#introduction = textFrame(encodeClientMessage(message));
    this.#counterAt = this.#introduction.indexOf(dial) + dial.length - COUNTER_DIGITS;
    return this.#introduction;
  }
}

function isListing(value: unknown): value is { readonly peer: string } {
  return typeof value === "object" && value !== null && "peer" in value && typeof value.peer === "string";
}
