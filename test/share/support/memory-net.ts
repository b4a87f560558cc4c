import { randomBytes } from "node:crypto";
import type { ContentId, PeerId } from "#sdk/base/ids.ts";
import { seededRandom } from "#sdk/base/random.ts";
import { sha256 } from "#sdk/cli/hash-file.ts";
import type { ShareWorld } from "#sdk/client/share/running-share.ts";
import type { Connection, ConnectionEvents, Tracker, TrackerEvents, Transport } from "#sdk/engine/ports.ts";

type Introduction = Parameters<Tracker["introduce"]>[0];

/** What the net does to a signal on its way; undefined loses it. */
export type Tamper = (signal: object) => object | undefined | Promise<object>;

/** A signaling server and data channels within one program: everything that the real ones bring, at once and without a network. */
export class MemoryNet {
  readonly #rooms = new Map<ContentId, Map<PeerId, TrackerEvents>>();
  readonly #ends = new Map<string, MemoryEnd>();
  /** All that passed over channels, from one end to the other. */
  readonly passed: Uint8Array[] = [];
  tamper: Tamper = (signal) => signal;
  /** The signaling server answers nobody before. */
  trackerUp: Promise<void> = Promise.resolve();
  /** A wire's bytes, changed or lost on their way. */
  alter: (bytes: Uint8Array) => Uint8Array | undefined = (bytes) => bytes;

  world(): ShareWorld {
    return {
      now: () => performance.now(),
      random: seededRandom(1),
      randomBytes: (length) => new Uint8Array(randomBytes(length)),
      hasher: sha256,
      transport: () => this.transport(),
      tracker: ({ peer, events }) => this.#tracker(peer, events),
    };
  }

  transport(): Transport {
    return {
      connect: ({ peer, initiator, events }) => {
        const end = new MemoryEnd(this, { peer, initiator, events });
        this.#ends.set(end.print, end);
        return end;
      },
    };
  }

  /** The end that a description speaks of. */
  end(print: string): MemoryEnd | undefined {
    return this.#ends.get(print);
  }

  #tracker(peer: PeerId, events: TrackerEvents): Tracker {
    const joined = new Set<ContentId>();
    void this.trackerUp.then(() => {
      isUp = true;
      events.onUp();
      for (const one of waiting.splice(0)) one();
    });
    let isUp = false;
    const waiting: (() => void)[] = [];
    const room = (content: ContentId) => {
      const members = this.#rooms.get(content) ?? new Map<PeerId, TrackerEvents>();
      this.#rooms.set(content, members);
      return members;
    };
    const leave = (content: ContentId) => {
      joined.delete(content);
      room(content).delete(peer);
    };
    const tracker: Tracker = {
      announce: (content, { complete, want }) => {
        const again = () => tracker.announce(content, { complete, want });
        if (!isUp) return void waiting.push(again);
        joined.add(content);
        const others = [...room(content).keys()].filter((one) => one !== peer).slice(0, want);
        room(content).set(peer, events);
        const candidates = others.map((one) => ({ peer: one, complete: false }));
        queueMicrotask(() => events.onPeers(content, complete ? [] : candidates, 120_000));
      },
      leave,
      introduce: ({ to, content, dial, signal }: Introduction) => {
        const target = room(content).get(to);
        if (!target) return queueMicrotask(() => events.onUnknownPeer(to, dial));
        void Promise.resolve(this.tamper(signal)).then((passed) => {
          if (passed) target.onIntroduction({ from: peer, content, dial, signal: passed });
        });
      },
      close: () => {
        for (const content of joined) leave(content);
      },
    };
    return tracker;
  }
}

/** One end of a channel within this program. */
export class MemoryEnd implements Connection {
  readonly peer: PeerId;
  /** Its certificate's fingerprint. */
  readonly print = Array.from(randomBytes(32), (byte) => byte.toString(16).padStart(2, "0"))
    .join(":")
    .toUpperCase();
  readonly bufferedBytes = 0;
  readonly #net: MemoryNet;
  readonly #events: ConnectionEvents;
  #other: MemoryEnd | undefined;
  #isClosed = false;

  constructor(
    net: MemoryNet,
    { peer, initiator, events }: { peer: PeerId; initiator: boolean; events: ConnectionEvents },
  ) {
    this.#net = net;
    this.peer = peer;
    this.#events = events;
    if (initiator) queueMicrotask(() => this.#describe("offer"));
  }

  signal(signal: object): void {
    const { type, sdp } = signal as { readonly type?: string; readonly sdp?: string };
    const other = this.#net.end(/channel:(\S+)/.exec(sdp ?? "")?.[1] ?? "");
    if (!other || this.#isClosed) return;
    this.#other = other;
    if (type === "offer") return this.#describe("answer");
    other.#other = this;
    setImmediate(() => {
      for (const end of [other, this]) if (!end.#isClosed) end.#events.onOpen(end);
    });
  }

  send(frame: Uint8Array): boolean {
    const bytes = this.#net.alter(frame.slice());
    if (this.#isClosed || !bytes) return true;
    this.#net.passed.push(bytes);
    const other = this.#other;
    setImmediate(() => {
      if (other && !other.#isClosed) other.#events.onFrame(other, bytes);
    });
    return true;
  }

  close(): void {
    this.#isClosed = true;
    const other = this.#other;
    // What was sent before arrives before.
    if (other) setImmediate(() => other.#lost());
  }

  #lost(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#events.onClose(this, undefined);
  }

  #describe(type: "offer" | "answer"): void {
    const sdp = `v=0\r\na=fingerprint:sha-256 ${this.print}\r\na=channel:${this.print}\r\n`;
    if (!this.#isClosed) this.#events.onSignal(this, { type, sdp });
  }
}
