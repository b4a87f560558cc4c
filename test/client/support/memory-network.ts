import { RivuletError } from "#sdk/base/errors.ts";
import type { ContentId, PeerId } from "#sdk/base/ids.ts";
import type { Connection, ConnectionEvents, Tracker, TrackerEvents, Transport } from "#sdk/engine/ports.ts";

type ConnectOptions = Parameters<Transport["connect"]>[0];

/** One end of a link in memory. An offer names it, and the answer joins the two. */
class MemoryLink implements Connection {
  readonly peer: PeerId;
  readonly #events: ConnectionEvents;
  readonly #network: MemoryNetwork;
  #other: MemoryLink | undefined;
  #closed = false;

  /** Everything has left at once. */
  readonly bufferedBytes = 0;

  constructor({ peer, initiator, events }: ConnectOptions, network: MemoryNetwork) {
    this.peer = peer;
    this.#events = events;
    this.#network = network;
    if (initiator) this.#signal({ type: "offer", id: network.name(this) });
  }

  send(frame: Uint8Array): boolean {
    const other = this.#other;
    if (this.#closed || !other) return false;
    // A wire has no shared memory.
    const wired = this.#network.tamper(frame.slice());
    setImmediate(() => other.#hear(() => other.#events.onFrame(other, wired)));
    return true;
  }

  signal(signal: { readonly type?: string; readonly id?: number }): void {
    const other = this.#network.named(signal.id ?? 0);
    if (this.#closed || !other || this.#other) return;
    this.#other = other;
    if (signal.type === "offer") return this.#signal({ type: "answer", id: this.#network.name(this) });
    // Both ends open before either hears a frame.
    setImmediate(() => {
      for (const end of [this, other]) end.#hear(() => end.#events.onOpen(end));
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const other = this.#other;
    if (other) setImmediate(() => other.#end());
  }

  #end(): void {
    this.#hear(() => {
      this.#closed = true;
      this.#events.onClose(this, new RivuletError("connection-failed", "The other side is gone."));
    });
  }

  #signal(signal: object): void {
    setImmediate(() => this.#hear(() => this.#events.onSignal(this, signal)));
  }

  #hear(event: () => void): void {
    if (!this.#closed) event();
  }
}

/** A tracker and the links between its peers, all in one process. The real ones have tests of their own. */
export class MemoryNetwork {
  /** False: trackers connect for ever. */
  trackerAnswers = true;
  /** When a tracker's link opens, and when it welcomes; 0 and 0: at once. */
  reachedAfterMs = 0;
  welcomeAfterMs = 0;
  /** Whom the tracker hands out. */
  handsOut: (peer: PeerId) => boolean = () => true;
  /** What a wire does to a frame. */
  tamper: (frame: Uint8Array) => Uint8Array = (frame) => frame;
  readonly #links: MemoryLink[] = [];
  readonly #peers = new Map<PeerId, TrackerEvents>();
  readonly #members = new Map<ContentId, Map<PeerId, boolean>>();

  get peers(): readonly PeerId[] {
    return [...this.#peers.keys()];
  }

  name(link: MemoryLink): number {
    return this.#links.push(link);
  }

  named(id: number): MemoryLink | undefined {
    return this.#links[id - 1];
  }

  /** The tracker is gone: nobody hears of it any more, nor it of anybody. */
  vanish(): void {
    this.trackerAnswers = false;
    for (const events of this.#peers.values()) events.onDown();
    this.#peers.clear();
  }

  transport(): Transport {
    return { connect: (options) => new MemoryLink(options, this) };
  }

  tracker({ peer, events }: { readonly peer: PeerId; readonly events: TrackerEvents }): Tracker {
    let closed = false;
    const later = (event: () => void) => setImmediate(() => closed || event());
    this.#peers.set(peer, events);
    const { reachedAfterMs, welcomeAfterMs } = this;
    let welcomed = welcomeAfterMs === 0;
    const waiting: (() => void)[] = [];
    if (this.trackerAnswers && welcomed) later(() => events.onUp());
    else if (this.trackerAnswers) {
      setTimeout(() => closed || events.onReached(), reachedAfterMs);
      setTimeout(() => {
        welcomed = true;
        if (!closed) events.onUp();
        for (const answer of waiting) answer();
      }, welcomeAfterMs);
    }
    return {
      announce: (content, { complete }) => {
        if (!this.trackerAnswers) return;
        const members = this.#members.get(content) ?? new Map<PeerId, boolean>();
        this.#members.set(content, members);
        const candidates = Array.from(members, ([other, otherComplete]) => ({
          peer: other,
          complete: otherComplete,
        })).filter((candidate) => candidate.peer !== peer && this.handsOut(candidate.peer));
        members.set(peer, complete);
        const answer = () => later(() => events.onPeers(content, candidates, 60_000));
        if (welcomed) answer();
        else waiting.push(answer);
      },
      leave: (content) => void this.#members.get(content)?.delete(peer),
      introduce: ({ to, content, dial, signal }) => {
        const other = this.#peers.get(to);
        // A message as the server sends it, with a type of its own.
        const message = { type: "introduce", from: peer, content, dial, signal };
        if (other) setImmediate(() => other.onIntroduction(message));
        else later(() => events.onUnknownPeer(to, dial));
      },
      close: () => {
        closed = true;
        this.#peers.delete(peer);
        for (const members of this.#members.values()) members.delete(peer);
      },
    };
  }
}
