import { toHex } from "../base/bytes.ts";
import { type RivuletError, violation } from "../base/errors.ts";
import { type ContentId, type DialId, type PeerId, parseDialId } from "../base/ids.ts";
import type { Input } from "../engine/io.ts";
import type { Connection, ConnectionEvents, TrackerEvents, Transport } from "../engine/ports.ts";
import { decodeFrame, type Frame } from "../protocol/frame.ts";
import { Outbox } from "./outbox.ts";

type Introduction = Parameters<TrackerEvents["onIntroduction"]>[0];

/** A connection to a peer, open or on its way. */
interface Link {
  readonly connection: ReturnType<Transport["connect"]>;
  readonly outbox: Outbox;
  readonly dial: DialId;
  open: boolean;
}

interface Parts {
  readonly transport: Transport;
  readonly input: (input: Input) => void;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Content bytes came from a peer. */
  readonly onChunk: (bytes: number) => void;
}

/** Performs what the engine decides about peers: dials, takes offers, sends frames, hangs up. */
export class PeerLinks {
  readonly #parts: Parts;
  readonly #links = new Map<PeerId, Link>();
  /** Offers that the engine is being asked about. */
  readonly #offers = new Map<PeerId, Introduction>();
  #allowed = true;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  dial(peer: PeerId, content: ContentId): void {
    if (!this.#allowed) return this.#parts.input({ type: "disconnected", peer });
    this.#connect({ peer, content, dial: parseDialId(toHex(this.#parts.randomBytes(8))), initiator: true });
  }

  /** Takes the offer that the engine was told of last. */
  accept(peer: PeerId): void {
    const offer = this.#offers.get(peer);
    this.#offers.delete(peer);
    if (!offer) return;
    // Our own dial of the same peer, if there is one, gives way.
    this.hangUp(peer);
    this.#connect({ peer, content: offer.content, dial: offer.dial, initiator: false }).connection.signal(
      offer.signal,
    );
  }

  /** Says no to the offer that the engine was told of last, so that the dialler goes on at once. */
  refuse(peer: PeerId): void {
    const offer = this.#offers.get(peer);
    this.#offers.delete(peer);
    if (!offer) return;
    const { content, dial } = offer;
    this.#parts.input({ type: "signal", peer, content, dial, signal: { type: "refuse" } });
  }

  hangUp(peer: PeerId): void {
    const link = this.#links.get(peer);
    this.#links.delete(peer);
    link?.connection.close();
  }

  send(peer: PeerId, frame: Frame): void {
    const link = this.#links.get(peer);
    if (!link || link.outbox.send(frame)) return;
    if (link.outbox.overfull)
      this.#parts.input({ type: "malformed", peer, error: violation("takes nothing") });
    else this.#parts.input({ type: "congested", peer, queuedBytes: this.queuedBytes });
  }

  /** What all channels together hold that has not left yet. */
  get queuedBytes(): number {
    let bytes = 0;
    for (const { outbox } of this.#links.values()) bytes += outbox.queuedBytes;
    return bytes;
  }

  /** Somebody's message by way of the tracker or of a neighbour: an offer, or news of a dial that is under way. */
  introduced(introduction: Introduction): void {
    const { from, dial, signal } = introduction;
    const link = this.#links.get(from);
    const type = "type" in signal ? signal.type : undefined;
    if (link?.dial === dial)
      return type === "refuse" ? this.unknown(from, dial) : link.connection.signal(signal);
    if (type !== "offer" || !this.#allowed) return;
    this.#offers.set(from, introduction);
    this.#parts.input({ type: "offered", peer: from, content: introduction.content, dial });
  }

  /** The peer of this dial cannot be reached, or does not want to be. What is open stays. */
  unknown(peer: PeerId, dial: DialId): void {
    const link = this.#links.get(peer);
    if (link?.dial !== dial || link.open) return;
    this.hangUp(peer);
    this.#parts.input({ type: "disconnected", peer });
  }

  /** Whether there may be any connection. Where there may not, everybody is left, and who is dialled is not there. */
  allow(allowed: boolean): void {
    this.#allowed = allowed;
    if (!allowed) this.leave();
  }

  /** Says goodbye to everybody. */
  leave(): void {
    for (const peer of [...this.#links.keys()]) {
      this.send(peer, { type: "bye", handle: 0, request: 0, reason: "leaving" });
      this.hangUp(peer);
      this.#parts.input({ type: "disconnected", peer });
    }
  }

  #connect(options: { peer: PeerId; content: ContentId; dial: DialId; initiator: boolean }): Link {
    const { peer, content, dial, initiator } = options;
    const current = (connection: Connection) => this.#links.get(peer)?.connection === connection;
    const events: ConnectionEvents = {
      onOpen: (connection) => {
        if (!current(connection)) return;
        link.open = true;
        this.#parts.input({ type: "connected", peer });
      },
      onFrame: (connection, frame) => {
        if (current(connection)) this.#frame(peer, frame);
      },
      onWritable: (connection) => {
        if (current(connection) && link.outbox.drained())
          this.#parts.input({ type: "writable", peer, queuedBytes: this.queuedBytes });
      },
      onClose: (connection) => {
        if (!current(connection)) return;
        this.#links.delete(peer);
        this.#parts.input({ type: "disconnected", peer });
      },
      onSignal: (_, signal) => this.#parts.input({ type: "signal", peer, content, dial, signal }),
    };
    const connection = this.#parts.transport.connect({ peer, initiator, events });
    const link: Link = { connection, outbox: new Outbox(connection), dial, open: false };
    this.#links.set(peer, link);
    return link;
  }

  #frame(peer: PeerId, bytes: Uint8Array): void {
    let frame: Frame;
    try {
      frame = decodeFrame(bytes);
    } catch (error) {
      // All that decoding throws is typed.
      return this.#parts.input({ type: "malformed", peer, error: error as RivuletError });
    }
    if (frame.type === "chunk") this.#parts.onChunk(frame.data.byteLength);
    this.#parts.input({ type: "frame", peer, frame });
  }
}
