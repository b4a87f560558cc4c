import type SimplePeer from "simple-peer";
import { RivuletError } from "../base/errors.ts";
import type { PeerId } from "../base/ids.ts";
import type { Connection, ConnectionEvents } from "../engine/ports.ts";
import { tooLarge, translate } from "./simple-peer-errors.ts";
import { channelOf, connectionOf } from "./simple-peer-internals.ts";
import { type PeerSignal, readPeerSignal } from "./simple-peer-signal.ts";

export interface LinkLimits {
  readonly connectTimeoutMs: number;
  readonly lingerMs: number;
  readonly highWaterBytes: number;
  readonly lowWaterBytes: number;
  readonly maxFrameBytes: number;
}

type Timer = ReturnType<typeof setTimeout>;

type State =
  | { readonly state: "connecting"; readonly timer: Timer }
  | { readonly state: "open"; readonly channel: RTCDataChannel }
  /** Somebody asked for the end, or it came; nothing is reported any more. */
  | { readonly state: "closed" };

/**
 * The other side names the addresses that this browser then knocks at: without a limit a stranger could have all of a
 * swarm's visitors scan a network or flood a host.
 */
const MAX_CANDIDATES = 64;

/**
 * Chromium may call a channel that the other side made open a moment before it can send, and loses without a word what
 * is sent then. It can as soon as something came through; so the answering side is open with the first message from the
 * dialler, or this much later than its channel, ms.
 */
const SETTLE_MS = 100;

/**
 * One link. Whatever ends it goes through simple-peer's `destroy`, which reports back in a microtask: so the end is
 * reported once, and never from inside a call of this class.
 */
export class SimplePeerLink implements Connection {
  readonly peer: PeerId;
  readonly #initiator: boolean;
  readonly #events: ConnectionEvents;
  readonly #limits: LinkLimits;
  readonly #simplePeer: SimplePeer.Instance;
  #state: State;
  #full = false;
  #described = false;
  #candidates = 0;

  constructor(options: {
    readonly peer: PeerId;
    readonly initiator: boolean;
    readonly events: ConnectionEvents;
    readonly limits: LinkLimits;
    readonly simplePeer: SimplePeer.Instance;
  }) {
    this.peer = options.peer;
    this.#initiator = options.initiator;
    this.#events = options.events;
    this.#limits = options.limits;
    this.#simplePeer = options.simplePeer;
    this.#state = { state: "connecting", timer: this.#startTimeout() };
    this.#simplePeer.on("signal", (signal) => {
      if (this.#state.state !== "closed") this.#events.onSignal(this, signal);
    });
    this.#simplePeer.on("connect", () => {
      if (this.#initiator) this.#open();
      else setTimeout(() => this.#open(), SETTLE_MS);
    });
    this.#simplePeer.on("data", (data: unknown) => this.#receive(data));
    this.#simplePeer.on("error", (error) => this.#end(translate(error)));
    this.#simplePeer.on("close", () => this.#end(undefined));
    this.#refuseMoreChannels();
  }

  get bufferedBytes(): number {
    return this.#state.state === "open" ? this.#state.channel.bufferedAmount : 0;
  }

  signal(signal: object): void {
    if (this.#state.state === "closed") return;
    try {
      const read = readPeerSignal(signal);
      // simple-peer's types want a candidate of the browser's class; its code does not.
      if (this.#wanted(read)) this.#simplePeer.signal(read as SimplePeer.SignalData);
    } catch (error) {
      this.#simplePeer.destroy(translate(error));
    }
  }

  /** A frame for a link that is not open is dropped. Throws `frame-too-large` for one that no peer would take. */
  send(frame: Uint8Array): boolean {
    const { highWaterBytes, maxFrameBytes } = this.#limits;
    if (frame.byteLength > maxFrameBytes) throw tooLarge(frame.byteLength, maxFrameBytes);
    if (this.#state.state !== "open") return false;
    const { channel } = this.#state;
    try {
      this.#simplePeer.send(frame);
    } catch (error) {
      this.#simplePeer.destroy(translate(error));
      return false;
    }
    // Once full it stays full until `onWritable`, which was promised: a small frame in between does not undo that.
    this.#full ||= channel.bufferedAmount > highWaterBytes;
    return !this.#full;
  }

  close(): void {
    const before = this.#state;
    this.#state = { state: "closed" };
    if (before.state === "connecting") {
      clearTimeout(before.timer);
      this.#simplePeer.destroy();
    } else if (before.state === "open") {
      this.#linger(before.channel);
    }
  }

  #startTimeout(): Timer {
    const { connectTimeoutMs } = this.#limits;
    return setTimeout(() => {
      const message = `The link did not open within ${connectTimeoutMs} ms.`;
      this.#simplePeer.destroy(new RivuletError("connection-failed", message));
    }, connectTimeoutMs);
  }

  /** A channel sends what is queued before it closes, a peer connection does not; simple-peer follows the channel. */
  #linger(channel: RTCDataChannel): void {
    channel.close();
    const timer = setTimeout(() => this.#simplePeer.destroy(), this.#limits.lingerMs);
    this.#simplePeer.on("close", () => clearTimeout(timer));
  }

  #open(): void {
    const channel = channelOf(this.#simplePeer);
    if (this.#state.state !== "connecting" || !channel) return;
    clearTimeout(this.#state.timer);
    this.#state = { state: "open", channel };
    channel.bufferedAmountLowThreshold = this.#limits.lowWaterBytes;
    channel.addEventListener("bufferedamountlow", () => this.#drained());
    // The other side hangs up, and all it sent has come. Left alone, its connection may end before our channel has: an
    // error to simple-peer.
    channel.addEventListener("closing", () => {
      if (this.#state.state === "open") this.#simplePeer.destroy();
    });
    this.#events.onOpen(this);
  }

  #drained(): void {
    if (this.#state.state !== "open" || !this.#full) return;
    this.#full = false;
    this.#events.onWritable(this);
  }

  #receive(data: unknown): void {
    // simple-peer as published says `connect` once it has heard of the connection too; a first frame may be earlier.
    this.#open();
    if (this.#state.state !== "open") return;
    const { maxFrameBytes } = this.#limits;
    if (!(data instanceof Uint8Array))
      this.#simplePeer.destroy(new RivuletError("frame-malformed", "A frame is bytes, not text."));
    else if (data.byteLength > maxFrameBytes)
      this.#simplePeer.destroy(tooLarge(data.byteLength, maxFrameBytes));
    else this.#events.onFrame(this, data);
  }

  #end(error: RivuletError | undefined): void {
    const before = this.#state;
    if (before.state === "closed") return;
    this.#state = { state: "closed" };
    if (before.state === "connecting") clearTimeout(before.timer);
    this.#events.onClose(this, error);
  }

  /** Each side describes itself once; Rivulet never renegotiates, so a second description could only be a repetition. */
  #wanted(signal: PeerSignal): boolean {
    if (signal.type === "candidate") return ++this.#candidates <= MAX_CANDIDATES;
    if (signal.type !== (this.#initiator ? "answer" : "offer")) {
      throw new RivuletError("protocol-violation", `The other side sent an ${signal.type} out of turn.`);
    }
    const first = !this.#described;
    this.#described = true;
    return first;
  }

  /** A second channel would take the first one's place in simple-peer, and, as published, leave a timer running for good. */
  #refuseMoreChannels(): void {
    const connection = connectionOf(this.#simplePeer);
    let expected = this.#initiator ? 0 : 1;
    connection?.addEventListener("datachannel", () => {
      connection.ondatachannel = null;
      if (--expected >= 0) return;
      const error = new RivuletError("protocol-violation", "The other side opened another channel.");
      this.#simplePeer.destroy(error);
    });
  }
}
