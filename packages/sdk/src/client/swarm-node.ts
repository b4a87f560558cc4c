import type { Identity } from "../adapters/identity.ts";
import type { RivuletError } from "../base/errors.ts";
import type { ContentId, PeerId } from "../base/ids.ts";
import type { Random } from "../base/random.ts";
import { minute, second } from "../base/time.ts";
import type { EngineEvent } from "../engine/events.ts";
import type { Effect, Input, WantId } from "../engine/io.ts";
import { Node, type PeerReport } from "../engine/node.ts";
import type { EngineOptions } from "../engine/options.ts";
import type { Transport } from "../engine/ports.ts";
import { PeerLinks } from "./peer-links.ts";
import { performer } from "./performer.ts";
import type { PieceKeeper } from "./piece-keeper.ts";
import { Runner } from "./runner.ts";
import { trackerEvents } from "./tracker-events.ts";
import type { LineState, TrackerLine } from "./tracker-line.ts";

export interface SwarmNodeParts {
  readonly self: Identity;
  readonly options?: Partial<EngineOptions>;
  /** ms, never going back. */
  readonly now: () => number;
  readonly random: Random;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly transport: Transport;
  readonly line: TrackerLine;
  readonly pieces: Pick<PieceKeeper, "verify" | "keep" | "read">;
  readonly onEvent: (event: EngineEvent) => void;
  readonly onTracker: (state: LineState) => void;
  /** The signaling server refused something. */
  readonly onRefused: (error: RivuletError) => void;
}

/** How long the signaling server may take to be reached before it counts as no hope; there is no other source to turn to. */
const TRACKER_GRACE_MS = 10 * second;

/** With nobody but peers to get it from, what is wanted is never overdue; and its window is open from the start. */
const PATIENCE = { firstByteMs: 60 * 24 * 60 * minute, minBytesPerSecond: 1 };

/** An engine and its links among peers alone, without an origin and without a page that plays: for shares and super peers. */
export class SwarmNode {
  readonly self: PeerId;
  /** Settles when the signaling server first answered an announce: from then on others are told of this peer. */
  readonly announced: Promise<void>;
  readonly #node: Node;
  readonly #runner: Runner;
  readonly #links: PeerLinks;
  readonly #line: TrackerLine;
  readonly #now: () => number;
  #nextWant = 1;

  constructor(parts: SwarmNodeParts) {
    this.self = parts.self.peer;
    this.#now = parts.now;
    this.#line = parts.line;
    const { random, options } = parts;
    this.#node = new Node({ self: this.self, random, ...(options && { options }) });
    this.#runner = new Runner({
      node: this.#node,
      perform: (effect) => perform(effect),
      now: parts.now,
    });
    const { input } = this.#runner;
    const { transport, randomBytes } = parts;
    this.#links = new PeerLinks({ transport, randomBytes, input, onChunk: () => undefined });
    const { tracker } = parts.line;
    // What is delivered is on disk: it need not wait for anybody to read it.
    const deliver = ({ want, end }: Extract<Effect, { type: "deliver" }>) =>
      input({ type: "consumed", want, position: end });
    const stream = () => ({ deliver, fail: () => undefined });
    const { pieces: keeper, onEvent: tell } = parts;
    let answered = (): void => undefined;
    this.announced = new Promise((resolve) => {
      answered = resolve;
    });
    const perform = performer({ input, keeper, links: this.#links, tracker, stream, tell });
    const { onTracker: onState, onRefused: problem } = parts;
    const told = trackerEvents({ input, links: this.#links, onState, problem, graceMs: TRACKER_GRACE_MS });
    parts.line.listen({
      ...told,
      onPeers: (...peers) => {
        told.onPeers(...peers);
        answered();
      },
    });
  }

  readonly input = (input: Input): void => this.#runner.input(input);

  /** Gets all of a resource, however long that takes. */
  want(content: ContentId, resource: number, bytes: number): WantId {
    const want = this.#nextWant++;
    const range = { content, resource, start: 0, end: bytes };
    this.input({ type: "wanted", want: { want, ...range, patience: PATIENCE } });
    return want;
  }

  peers(): PeerReport[] {
    return this.#node.peers(this.#now());
  }

  /** True for a piece that is had. */
  has(content: ContentId, piece: number): boolean {
    return this.#node.have(content)?.has(piece) ?? false;
  }

  /** How many pieces of a content a connected peer has. */
  hadBy(peer: PeerId, content: ContentId): number {
    return this.#node.hadBy(peer, content);
  }

  /** How many connected peers have a piece. */
  copies(content: ContentId, piece: number): number {
    return this.#node.copies(content, piece);
  }

  get tracker(): LineState {
    return this.#line.state;
  }

  /** Says goodbye to everybody, for when this program ends at once: a silent end costs the others seconds. */
  leave(): void {
    this.#links.leave();
  }

  /** Says goodbye to everybody and closes the tracker's link. */
  close(): void {
    this.#runner.stop();
    this.#links.leave();
    this.#line.tracker.close();
  }
}
