import type { ContentId, PeerId } from "../base/ids.ts";
import type { Random } from "../base/random.ts";
import type { Bitfield } from "../content/bitfield.ts";
import type { Frame } from "../protocol/frame.ts";
import type { Effect, Input } from "./io.ts";
import { connected, disconnected, violated } from "./node/connections.ts";
import { addContent, grewContent, removeContent } from "./node/contents.ts";
import { received } from "./node/frames.ts";
import { initialState } from "./node/initial-state.ts";
import { introduced, offered, signalled } from "./node/introductions.ts";
import { settle } from "./node/settle.ts";
import type { NodeState } from "./node/state.ts";
import {
  addWant,
  cancelWant,
  corrupt,
  found,
  lost,
  originEnded,
  originPiece,
  originWhole,
  verified,
} from "./node/transfers.ts";
import { allowUpload, readDone, uplinkHolds } from "./node/uploads.ts";
import type { EngineOptions } from "./options.ts";

/** What a connected peer has done for us, and we for it. */
export interface PeerReport {
  readonly peer: PeerId;
  readonly downloadedBytes: number;
  readonly uploadedBytes: number;
  readonly downloadBytesPerSecond: number;
  readonly uploadBytesPerSecond: number;
}

/**
 * The engine: `step` takes what happened and returns what to do. It has no clock, no randomness, no timers and no
 * promises of its own, so one engine runs in a tab, and a thousand in a simulation, the same way each time.
 */
export class Node {
  readonly #state: NodeState;
  #wakeAt = Number.POSITIVE_INFINITY;

  constructor(parts: {
    readonly self: PeerId;
    readonly random: Random;
    readonly options?: Partial<EngineOptions>;
  }) {
    this.#state = initialState(parts);
  }

  /** When a `tick` is due if nothing else happens before; `Infinity`: never. The clock is that of `step`, ms. */
  get wakeAt(): number {
    return this.#wakeAt;
  }

  /** One thing that happened at `now` (ms, any epoch, never going back); returns what to do, in order. */
  step(input: Input, now: number): Effect[] {
    const state = this.#state;
    state.now = Math.max(now, state.now);
    this.#take(input);
    this.#wakeAt = settle(state);
    return state.effects.splice(0);
  }

  peers(now: number): PeerReport[] {
    return Array.from(this.#state.sessions.values(), ({ peer, pipeline, sent }) => ({
      peer,
      downloadedBytes: pipeline.meter.total,
      uploadedBytes: sent.total,
      downloadBytesPerSecond: pipeline.meter.rate(now),
      uploadBytesPerSecond: sent.rate(now),
    }));
  }

  /** The pieces had of a content; undefined when it was not added. */
  have(content: ContentId): Bitfield | undefined {
    return this.#state.contents.get(content)?.transfer.pieces.have;
  }

  /** How many pieces of a content a connected peer has; 0 when it has not said so. */
  hadBy(peer: PeerId, content: ContentId): number {
    return this.#state.sessions.get(peer)?.remote(content)?.have.count ?? 0;
  }

  /** How many connected peers have a piece. */
  copies(content: ContentId, piece: number): number {
    return this.#state.contents.get(content)?.transfer.availability.of(piece) ?? 0;
  }

  /** Who may share the origin's work on a content, as gossip has it; of highest rank first. */
  roster(content: ContentId, now: number): readonly PeerId[] {
    return this.#state.roster.members(content, now);
  }

  #take(input: Input): void {
    const state = this.#state;
    switch (input.type) {
      case "tick":
        return;
      case "content-added":
        return addContent(state, input);
      case "content-grew":
        return grewContent(state, input.content);
      case "content-removed":
        return removeContent(state, input.content);
      case "wanted":
        return addWant(state, input.want);
      case "consumed":
        for (const open of state.contents.values()) {
          if (!open.transfer.wants.consumed(input.want, input.position)) continue;
          open.originSoon = true;
          state.replanSoon = true;
        }
        return;
      case "want-cancelled":
        return cancelWant(state, input.want);
      case "upload-allowed":
        return allowUpload(state, input.allowed);
      case "tracker":
        state.announcer.tracker(input.tracker, state.now);
        state.membership.tracker(input.tracker.state === "up");
        state.replan = true;
        return;
      case "candidates":
        state.announcer.answered(input.content, this.#intervalMs(input), state.now);
        if (state.contents.has(input.content)) state.membership.learn(input.content, input.candidates);
        state.replan = true;
        return;
      case "offered":
        return offered(state, input);
      case "signal":
        return signalled(state, input);
      case "introduced":
        return introduced(state, input);
      case "connected":
        state.replan = true;
        return connected(state, input.peer);
      case "disconnected":
        return disconnected(state, input.peer, "the connection ended");
      case "frame":
        return this.#frame(input.peer, input.frame);
      case "malformed":
        return violated(state, input.peer, input.error);
      case "congested":
      case "writable": {
        uplinkHolds(state, input.queuedBytes);
        const session = state.sessions.get(input.peer);
        if (session) session.congested = input.type === "congested";
        return;
      }
      case "found":
        return found(state, input.content, input.piece, input.data);
      case "verified":
        return verified(state, input.content, input.piece, input.data);
      case "corrupt":
        return corrupt(state, input.content, input.piece);
      case "lost":
        return lost(state, input.content, input.piece);
      case "read":
        uplinkHolds(state, input.queuedBytes);
        return readDone(state, input.read, input.data);
      case "origin-piece":
        return originPiece(state, input.fetch, input.piece, input.data);
      case "origin-whole":
        return originWhole(state, input.fetch);
      case "origin-done":
        return originEnded(state, input.fetch, undefined);
      case "origin-failed":
        return originEnded(state, input.fetch, input.failure);
      default:
        return input satisfies never;
    }
  }
  /** Who lacks something and has nobody looks again sooner than the tracker asks for. */
  #intervalMs({ content, intervalMs }: Extract<Input, { type: "candidates" }>): number {
    const { contents, membership, options } = this.#state;
    if (membership.engaged > 0 || contents.get(content)?.transfer.complete) return intervalMs;
    return Math.min(intervalMs, options.aloneMs);
  }
  #frame(peer: PeerId, frame: Frame): void {
    const session = this.#state.sessions.get(peer);
    if (!session) return;
    try {
      received(this.#state, session, frame);
    } catch (error) {
      violated(this.#state, peer, error);
    }
  }
}
