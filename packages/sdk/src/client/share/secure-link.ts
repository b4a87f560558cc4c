import { RivuletError } from "../../base/errors.ts";
import type { Connection, ConnectionEvents, Transport } from "../../engine/ports.ts";
import {
  isShareMessage,
  readShareMessage,
  type ShareMessage,
  writeShareMessage,
} from "../../protocol/share/share-message.ts";
import { Certificates } from "./certificates.ts";
import type { End } from "./handshake.ts";
import { type Distrust, MutualProof, type MutualProofParts, otherEnd } from "./mutual-proof.ts";

/** What the two ends say to each other once each has proved to know the link. */
export type ProvedMessage = Exclude<ShareMessage, { readonly type: "greeting" | "proof" | "refusal" }>;

export interface SecureLinkParts
  extends Pick<MutualProofParts, "self" | "peer" | "content" | "nonce" | "prove"> {
  readonly transport: Transport;
  readonly initiator: boolean;
  readonly events: ConnectionEvents;
  /** The other end has proved to know the link, and no frame has passed yet. */
  readonly onProved: (link: SecureLink) => void;
  readonly onMessage: (link: SecureLink, message: ProvedMessage) => void;
  /** It was proved, and is over. */
  readonly onGone: (link: SecureLink) => void;
  /** The other end is not to be trusted, or does not trust us: nothing was sent to it. */
  readonly onUntrusted: (reason: Distrust, by: "us" | "them") => void;
  /** The two ends heard of each other, and no channel came of it. */
  readonly onUnreachable: () => void;
}

/** `proving`: the channel is open. */
type LinkState = "closed" | "proving" | "proved" | "over";

/** What may come while the other end's proof is being checked; an honest one says hello and what it has. */
const MOST_EARLY = 64;

/** A connection that lets nothing through in either direction before both ends have proved to know the link. */
export class SecureLink implements Connection {
  readonly peer: Connection["peer"];
  readonly #parts: SecureLinkParts;
  readonly #own: End;
  readonly #inner: ReturnType<Transport["connect"]>;
  readonly #certificates = new Certificates();
  readonly #proof: MutualProof;
  #state: LinkState = "closed";
  #isJudged = false;
  #early: Uint8Array[] = [];

  constructor(parts: SecureLinkParts) {
    const { transport, peer, initiator, events } = parts;
    this.#parts = parts;
    this.peer = peer;
    this.#own = initiator ? "dialler" : "answerer";
    this.#proof = new MutualProof({
      ...parts,
      own: this.#own,
      prints: this.#certificates.prints,
      say: (message) => this.say(message),
      onVerdict: (verdict) => (verdict === "good" ? this.#proved() : this.#distrust(verdict)),
    });
    this.#inner = transport.connect({
      peer,
      initiator,
      events: {
        onOpen: () => {
          if (this.#state === "closed") this.#state = "proving";
          this.#proof.greet();
        },
        onFrame: (_, bytes) => this.#hear(bytes),
        onWritable: () => {
          if (this.#state === "proved") events.onWritable(this);
        },
        onClose: (_, error) => this.#closed(error),
        onSignal: (_, signal) => {
          this.#certificates.note(this.#own, signal);
          events.onSignal(this, signal);
        },
      },
    });
  }

  get bufferedBytes(): number {
    return this.#inner.bufferedBytes;
  }

  signal(signal: object): void {
    this.#certificates.note(otherEnd(this.#own), signal);
    this.#inner.signal(signal);
  }

  send(frame: Uint8Array): boolean {
    return this.#state === "proved" && this.#inner.send(frame);
  }

  /** Sends a message at once, before all frames that wait. False while the channel is full; it is sent all the same. */
  say(message: ShareMessage): boolean {
    return this.#inner.send(writeShareMessage(message));
  }

  close(): void {
    const before = this.#state;
    this.#end();
    this.#inner.close();
    this.#ended(before);
  }

  /** Ends it for what the other end did. */
  cut(error: unknown): void {
    this.#fail(error);
  }

  #hear(bytes: Uint8Array): void {
    if (this.#state === "over") return;
    if (!isShareMessage(bytes)) return this.#take(bytes, () => this.#parts.events.onFrame(this, bytes));
    let message: ShareMessage;
    try {
      message = readShareMessage(bytes);
    } catch (error) {
      return this.#fail(error);
    }
    switch (message.type) {
      case "greeting":
        return this.#proof.greeting(message);
      case "proof":
        return void this.#proof.proof(message);
      case "refusal":
        this.#untrusted(message.reason, "them");
        return this.#fail(undefined);
      default:
        return this.#take(bytes, () => this.#parts.onMessage(this, message));
    }
  }

  /** What only a proved end may send is taken, or held while its proof is being checked. */
  #take(bytes: Uint8Array, take: () => void): void {
    if (this.#state === "proved") return take();
    if (!this.#proof.judging || this.#early.push(bytes) > MOST_EARLY) this.#distrust("unruly");
  }

  #proved(): void {
    this.#state = "proved";
    this.#parts.onProved(this);
    this.#parts.events.onOpen(this);
    const early = this.#early;
    this.#early = [];
    for (const bytes of early) this.#hear(bytes);
  }

  /** We do not trust the other end, and tell it why. */
  #distrust(reason: Distrust): void {
    if (this.#state === "over") return;
    const told = reason === "silent" || reason === "unruly" ? "unknown" : reason;
    if (this.#state === "proving") this.say({ type: "refusal", reason: told });
    this.#untrusted(reason, "us");
    this.#fail(undefined);
  }

  /** Said once, and of who has not proved itself only. */
  #untrusted(reason: Distrust, by: "us" | "them"): void {
    if (this.#state !== "proving" || this.#isJudged) return;
    this.#isJudged = true;
    this.#parts.onUntrusted(reason, by);
  }

  #fail(cause: unknown): void {
    if (this.#state === "over") return;
    this.#inner.close();
    this.#closed(new RivuletError("peer-untrusted", "The other end did not prove itself.", { cause }));
  }

  #closed(error: RivuletError | undefined): void {
    const before = this.#state;
    if (before === "over") return;
    // Whoever sits in between may well keep the other end's last word to itself.
    this.#untrusted("silent", "us");
    this.#end();
    this.#ended(before);
    this.#parts.events.onClose(this, error);
  }

  #ended(before: LinkState): void {
    if (before === "proved") this.#parts.onGone(this);
    // Without an answer the other end may just have gone.
    if (before === "closed" && this.#certificates.exchanged) this.#parts.onUnreachable();
  }

  #end(): void {
    this.#proof.end();
    this.#state = "over";
    this.#early = [];
  }
}
