import { type ContentId, type DialId, type PeerId, parseDialId } from "#sdk/base/ids.ts";
import type { Effect } from "#sdk/engine/io.ts";
import type { Frame } from "#sdk/protocol/frame.ts";
import { Flow } from "./line.ts";
import type { SimHost } from "./sim-host.ts";
import type { World } from "./world.ts";

/** An ICE attempt that cannot work says so after a while. */
const ICE_FAILURE_MS = 6000;
/** Who has nobody tries the one peer it knows so often. */
const BOOTSTRAP_AGAIN_MS = 3000;

type Introduced = Extract<Effect, { type: "introduced" }>;

/** One side of a connection, open or on its way. */
interface End {
  readonly dial: DialId;
  readonly to: SimHost;
  readonly flow: Flow;
  open: boolean;
  buffered: number;
  congested: boolean;
  saidBye: boolean;
}

/** A host's connections, performed the way the client performs them over WebRTC. */
export class SimLinks {
  readonly #host: SimHost;
  readonly #world: World;
  readonly #ends = new Map<PeerId, End>();
  readonly #offers = new Map<PeerId, { readonly content: ContentId; readonly dial: DialId }>();
  dials = 0;

  constructor(host: SimHost, world: World) {
    this.#host = host;
    this.#world = world;
  }

  get open(): SimHost[] {
    return [...this.#ends.values()].filter((end) => end.open).map((end) => end.to);
  }

  /** What all channels together hold that has not left yet. */
  get queuedBytes(): number {
    let bytes = 0;
    for (const { buffered } of this.#ends.values()) bytes += buffered;
    return bytes;
  }

  /** The engine may name this peer in a send or a hang-up. */
  knows(peer: PeerId): boolean {
    return this.#ends.has(peer);
  }

  isOpen(peer: PeerId): boolean {
    return this.#ends.get(peer)?.open ?? false;
  }

  dial(peer: PeerId, content: ContentId): void {
    const dial = parseDialId(this.#world.freshDial().toString(16).padStart(16, "0"));
    this.dials++;
    this.#ends.set(peer, this.#end(this.#world.host(peer), dial));
    this.#host.input({ type: "signal", peer, content, dial, signal: { type: "offer" } });
  }

  /** What the other side of a dial said, however it came here. */
  introduced({ from, content, dial, signal }: Introduced): void {
    if (this.#host.unreachable) return;
    const type = "type" in signal ? signal.type : undefined;
    if (this.#ends.get(from)?.dial === dial) {
      if (type === "refuse") this.unknown(from, dial);
      else if (type === "answer") this.#connect(from, dial);
    } else if (type === "offer") {
      this.#offers.set(from, { content, dial });
      this.#host.input({ type: "offered", peer: from, content, dial });
    }
  }

  /** The peer of this dial cannot be reached, or does not want to be. */
  unknown(peer: PeerId, dial: DialId): void {
    const end = this.#ends.get(peer);
    if (end?.dial === dial && !end.open) this.#lose(peer);
  }

  accept(peer: PeerId): void {
    const offer = this.#offers.get(peer);
    if (!offer) throw new Error("The engine accepted an offer that nobody made.");
    this.#offers.delete(peer);
    this.#close(peer);
    this.#ends.set(peer, this.#end(this.#world.host(peer), offer.dial));
    this.#host.input({ type: "signal", peer, ...offer, signal: { type: "answer" } });
  }

  refuse(peer: PeerId): void {
    const offer = this.#offers.get(peer);
    this.#offers.delete(peer);
    if (offer) this.#host.input({ type: "signal", peer, ...offer, signal: { type: "refuse" } });
  }

  /** Offers a connection out of band, as a link from a friend does: no tracker, no neighbour. Tries until it is in. */
  bootstrap(peer: PeerId, content: ContentId): void {
    const { queue, tracker } = this.#world;
    if (this.#host.gone || this.open.length > 0) return;
    queue.after(BOOTSTRAP_AGAIN_MS, () => this.bootstrap(peer, content));
    const other = this.#world.host(peer);
    if (this.#ends.has(peer) || other.gone) return;
    const dial = parseDialId(this.#world.freshDial().toString(16).padStart(16, "0"));
    this.#ends.set(peer, this.#end(other, dial));
    tracker.outOfBand.add(this.#host.peer + peer);
    tracker.carry(this.#host, { to: peer, content, dial, signal: { type: "offer", degree: 0 } });
  }

  /** The answer is here: ICE begins, and comes to something or not. */
  #connect(peer: PeerId, dial: DialId): void {
    const { queue, options, random } = this.#world;
    const other = this.#world.host(peer);
    const works = random.next() >= options.dialFailures && !(this.#host.symmetric && other.symmetric);
    queue.after(works ? options.iceMs * (0.5 + random.next()) : ICE_FAILURE_MS, () => {
      const [mine, theirs] = [this.#ends.get(peer), other.links.#ends.get(this.#host.peer)];
      if (mine?.dial === dial && theirs?.dial === dial && works && !other.gone) {
        mine.open = true;
        theirs.open = true;
        other.input({ type: "connected", peer: this.#host.peer });
        this.#host.input({ type: "connected", peer });
        return;
      }
      if (mine?.dial === dial) this.#lose(peer);
      if (theirs?.dial === dial) other.links.#lose(this.#host.peer);
    });
  }

  send(peer: PeerId, frame: Frame): void {
    const end = this.#ends.get(peer);
    if (!end?.open || this.#host.silent) return;
    const { controlLane, highWatermarkBytes } = this.#world.options;
    const bytes = frameBytes(frame);
    // A bye stays behind the chunks: the connection closes after it.
    const small = controlLane && frame.type !== "chunk" && frame.type !== "bye";
    if (!small) end.buffered += bytes;
    if (frame.type === "bye") end.saidBye = true;
    this.#host.line.send(end.flow, {
      bytes,
      small,
      sent: () => {
        end.buffered -= bytes;
        if (!end.congested || end.buffered > highWatermarkBytes / 4) return;
        end.congested = false;
        if (this.#ends.get(peer) === end)
          this.#host.input({ type: "writable", peer, queuedBytes: this.queuedBytes });
      },
      arrived: () => end.to.links.#arrived(this.#host.peer, end.dial, frame),
    });
    if (end.congested || end.buffered <= highWatermarkBytes) return;
    end.congested = true;
    this.#host.input({ type: "congested", peer, queuedBytes: this.queuedBytes });
  }

  /** Ends a connection from this side; the other hears of it. */
  hangUp(peer: PeerId): void {
    this.#close(peer);
  }

  /** The net drops a connection: both sides hear of it. */
  cut(peer: PeerId): void {
    const end = this.#ends.get(peer);
    this.#close(peer);
    if (end) this.#host.input({ type: "disconnected", peer });
  }

  #close(peer: PeerId): void {
    const end = this.#ends.get(peer);
    this.#ends.delete(peer);
    if (!end?.open) return;
    // A bye that was said last still goes out; what else is in the buffer is lost with the channel.
    end.flow.queue.splice(0, end.flow.queue.length - (end.saidBye ? 1 : 0));
    this.#host.line.send(end.flow, {
      bytes: 1,
      arrived: () => {
        if (end.to.links.#ends.get(this.#host.peer)?.dial === end.dial) end.to.links.#lose(this.#host.peer);
      },
    });
  }

  #lose(peer: PeerId): void {
    this.#ends.delete(peer);
    this.#host.input({ type: "disconnected", peer });
  }

  #arrived(peer: PeerId, dial: DialId, frame: Frame): void {
    const end = this.#ends.get(peer);
    if (end?.open && end.dial === dial) this.#host.input({ type: "frame", peer, frame });
  }

  #end(to: SimHost, dial: DialId): End {
    const flow = new Flow(to.line);
    return { dial, to, flow, open: false, buffered: 0, congested: false, saidBye: false };
  }
}

/** Length on the wire, with what SCTP, DTLS and UDP add. */
export function frameBytes(frame: Frame): number {
  const overhead = 80;
  switch (frame.type) {
    case "chunk":
      return overhead + 16 + frame.data.byteLength;
    case "have":
      return overhead + 8 + 4 * frame.pieces.length;
    case "open":
      return overhead + 44 + frame.bits.byteLength;
    case "interested":
      return overhead + 8 + 8 * frame.runs.length;
    case "peers":
      return overhead + 10 + 17 * frame.added.length + 16 * frame.dropped.length;
    case "introduce":
      return overhead + 33 + frame.signal.byteLength;
    case "roster":
      return overhead + 8 + 17 * frame.entries.length;
    default:
      return overhead + 24;
  }
}
