import { type PeerId, parsePeerId } from "#sdk/base/ids.ts";
import { seededRandom } from "#sdk/base/random.ts";
import type { Effect, Input, OriginFetchId, Patience, Want } from "#sdk/engine/io.ts";
import { Node } from "#sdk/engine/node.ts";
import type { EngineOptions } from "#sdk/engine/options.ts";
import type { Frame } from "#sdk/protocol/frame.ts";
import type { RequestFrame } from "#sdk/protocol/frames/request.ts";
import { PROTOCOL_VERSION } from "#sdk/protocol/limits.ts";
import type { PieceRun } from "#sdk/protocol/piece-run.ts";
import { type LiveContent, type SimContent, simContent } from "#test/sim/sim-content.ts";

export const CHUNK = 65_536;

/** The nth peer; a lower number is a lower id. */
export function peerNo(n: number): PeerId {
  return parsePeerId(n.toString(16).padStart(32, "0"));
}

/** Twenty pieces of one chunk each. */
export const CONTENT = simContent(1, [20 * CHUNK]);

type Of<Type extends Effect["type"]> = Extract<Effect, { type: Type }>;

/** One engine on a stage: the test plays everybody else. */
export class Stage {
  readonly node: Node;
  readonly effects: Effect[] = [];
  now = 1000;
  #nextWant = 1;

  constructor(options: Partial<EngineOptions> = {}, self = peerNo(500)) {
    this.node = new Node({
      self,
      random: seededRandom(1),
      options: { firstWindowBytes: Number.POSITIVE_INFINITY, ...options },
    });
  }

  input(input: Input): Effect[] {
    const effects = this.node.step(input, this.now);
    this.effects.push(...effects);
    return effects;
  }

  /** Lets time pass, with a tick whenever the engine asked for one. */
  wait(ms: number): Effect[] {
    const until = this.now + ms;
    const effects: Effect[] = [];
    while (this.node.wakeAt <= until) {
      this.now = Math.max(this.now, this.node.wakeAt);
      effects.push(...this.input({ type: "tick" }));
    }
    this.now = until;
    return effects;
  }

  add(content: SimContent = CONTENT, have: Iterable<number> = []): Effect[] {
    const { geometry } = content;
    const field = geometry.noPieces();
    for (const piece of have) field.add(piece);
    return this.input({ type: "content-added", content: content.content, geometry, have: field });
  }

  want(options: Partial<Want> = {}, patience: Partial<Patience> = {}): Effect[] {
    const want = this.#nextWant++;
    const wanted = { want, content: CONTENT.content, resource: 0, start: 0, end: 20 * CHUNK, ...options };
    const full = { firstByteMs: 5000, minBytesPerSecond: 100_000, ...patience };
    return this.input({ type: "wanted", want: { ...wanted, patience: full } });
  }

  /** A peer that has these pieces, and serves us unless told otherwise. */
  meet(
    peer: PeerId,
    options: { have?: Iterable<number>; content?: SimContent; wants?: boolean; serves?: boolean } = {},
  ): Effect[] {
    const { have = [], content = CONTENT, wants = false, serves = true } = options;
    const from = this.effects.length;
    this.input({ type: "offered", peer, content: content.content });
    this.input({ type: "connected", peer });
    this.hears(peer, { type: "hello", handle: 0, request: 0, version: PROTOCOL_VERSION, peer });
    this.opens(peer, content, have);
    const { first, pieceCount } = content.geometry;
    const runs = wants ? [{ first, count: pieceCount }] : [];
    this.hears(peer, { type: "interested", handle: 1, request: 0, now: runs.length, runs });
    if (serves) this.hears(peer, { type: "unchoke", handle: 0, request: 0 });
    return this.effects.slice(from);
  }

  /** The peer opens a content, of which it has these pieces. */
  opens(peer: PeerId, { content, geometry }: SimContent, have: Iterable<number> = []): Effect[] {
    const field = geometry.noPieces();
    for (const piece of have) field.add(piece);
    const { first, length: pieces } = field;
    const frame = { type: "open", handle: 1, request: 0, content, pieces, bits: field.toBytes() } as const;
    return this.hears(peer, geometry.live ? { ...frame, first } : frame);
  }

  /** The peer gets these pieces from the origin, as it says. */
  fetches(peer: PeerId, ...runs: readonly PieceRun[]): Effect[] {
    return this.hears(peer, { type: "fetching", handle: 1, request: 0, runs });
  }

  hears(peer: PeerId, frame: Frame): Effect[] {
    return this.input({ type: "frame", peer, frame });
  }

  /** The peer answers a request; `good: false` is a lie. */
  answers(peer: PeerId, { request, piece, offset, length }: RequestFrame): Effect[] {
    const data = { byteLength: length };
    return this.hears(peer, { type: "chunk", handle: 1, request, piece, offset, data });
  }

  /** A further segment of a live content is known; returns its resource. */
  publish(live: LiveContent, pieces: number, gap = 0): number {
    const resource = live.publish(pieces, gap);
    this.input({ type: "content-grew", content: live.content });
    return resource;
  }

  /** The origin sends these pieces, each of which is then verified. */
  originBrings(fetch: OriginFetchId, pieces: Iterable<number>, content: SimContent = CONTENT): Effect[] {
    const from = this.effects.length;
    for (const piece of pieces) {
      const data = { byteLength: content.geometry.length(piece) };
      this.input({ type: "origin-piece", fetch, piece, data });
      this.verifies(piece, content);
    }
    return this.effects.slice(from);
  }

  verifies(piece: number, content = CONTENT): Effect[] {
    const data = { byteLength: content.geometry.place(piece).length };
    return this.input({ type: "verified", content: content.content, piece, data });
  }
}

export function of<Type extends Effect["type"]>(effects: readonly Effect[], type: Type): Of<Type>[] {
  return effects.filter((effect): effect is Of<Type> => effect.type === type);
}

export function sent<Type extends Frame["type"]>(
  effects: readonly Effect[],
  type: Type,
  to?: PeerId,
): Extract<Frame, { type: Type }>[] {
  return of(effects, "send")
    .filter(({ peer }) => to === undefined || peer === to)
    .map(({ frame }) => frame)
    .filter((frame): frame is Extract<Frame, { type: Type }> => frame.type === type);
}

export const ALL = Array.from({ length: 20 }, (_, piece) => piece);
