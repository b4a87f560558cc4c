import type { ContentId, PeerId } from "#sdk/base/ids.ts";
import type { Frame } from "#sdk/protocol/frame.ts";
import { Flow } from "./line.ts";
import type { SimHost } from "./sim-host.ts";
import type { World } from "./world.ts";

/** An ICE attempt that cannot work says so after a while. */
const ICE_FAILURE_MS = 6000;

/** One side of a connection, open or on its way. */
interface End {
  readonly dial: number;
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
  readonly #offers = new Map<PeerId, { readonly from: SimHost; readonly dial: number }>();
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
    const { queue, tracker } = this.#world;
    const to = this.#world.host(peer);
    const dial = this.#world.freshDial();
    this.dials++;
    this.#ends.set(peer, this.#end(to, dial));
    queue.after(2 * tracker.options.latencyMs, () => {
      if (this.#ends.get(peer)?.dial !== dial) return;
      if (this.#world.reaches(this.#host, peer)) return to.links.offer(this.#host, dial, content);
      this.#lose(peer);
    });
  }

  offer(from: SimHost, dial: number, content: ContentId): void {
    if (this.#host.gone || this.#host.unreachable) return;
    if (this.#host.symmetric && from.symmetric) return;
    this.#offers.set(from.peer, { from, dial });
    this.#host.input({ type: "offered", peer: from.peer, content });
  }

  accept(peer: PeerId): void {
    const offer = this.#offers.get(peer);
    if (!offer) throw new Error("The engine accepted an offer that nobody made.");
    this.#offers.delete(peer);
    this.#close(peer);
    this.#ends.set(peer, this.#end(offer.from, offer.dial));
    const { queue, options, random, tracker } = this.#world;
    const works = random.next() >= options.dialFailures;
    const delayMs = 2 * tracker.options.latencyMs + options.iceMs * (0.5 + random.next());
    queue.after(works ? delayMs : ICE_FAILURE_MS, () => {
      const [mine, theirs] = [this.#ends.get(peer), offer.from.links.#ends.get(this.#host.peer)];
      const both = mine?.dial === offer.dial && theirs?.dial === offer.dial && works && !offer.from.gone;
      if (both) {
        mine.open = true;
        theirs.open = true;
        this.#host.input({ type: "connected", peer });
        offer.from.input({ type: "connected", peer: this.#host.peer });
        return;
      }
      if (mine?.dial === offer.dial) this.#lose(peer);
      if (theirs?.dial === offer.dial) offer.from.links.#lose(this.#host.peer);
    });
  }

  refuse(peer: PeerId): void {
    this.#offers.delete(peer);
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

  #arrived(peer: PeerId, dial: number, frame: Frame): void {
    const end = this.#ends.get(peer);
    if (end?.open && end.dial === dial) this.#host.input({ type: "frame", peer, frame });
  }

  #end(to: SimHost, dial: number): End {
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
    default:
      return overhead + 24;
  }
}
