import type { ContentId, PeerId } from "#sdk/base/ids.ts";
import { CHUNK_BYTES } from "#sdk/content/limits.ts";
import type { Effect, Input } from "#sdk/engine/io.ts";
import type { EngineOptions } from "#sdk/engine/options.ts";
import type { Frame } from "#sdk/protocol/frame.ts";
import type { RequestFrame } from "#sdk/protocol/frames/request.ts";
import type { SimHost } from "./sim-host.ts";

/** What one peer said, and was asked. */
interface Remote {
  choked: boolean;
  readonly contents: Map<number, ContentId>;
  readonly has: Map<ContentId, Set<number>>;
  readonly asked: Map<
    number,
    { readonly content: ContentId; readonly piece: number; readonly chunk: number }
  >;
  readonly handles: Map<number, ContentId>;
}

/** Looks over an engine's shoulder: whatever happens, these things must hold after each step. */
export class EngineWatch {
  readonly #host: SimHost;
  readonly #options: EngineOptions;
  readonly #remotes = new Map<PeerId, Remote>();
  readonly #fetches = new Set<number>();
  chokes = 0;
  framesSent = 0;
  interestsSent = 0;
  requestsSent = 0;
  cancelsSent = 0;

  constructor(host: SimHost, options: EngineOptions) {
    this.#host = host;
    this.#options = options;
  }

  input(input: Input): void {
    if (input.type === "disconnected") this.#remotes.delete(input.peer);
    if (input.type === "origin-done" || input.type === "origin-failed") this.#fetches.delete(input.fetch);
    if (input.type !== "frame") return;
    const remote = this.#remote(input.peer);
    const { frame } = input;
    if (frame.type === "choke") {
      remote.choked = true;
      remote.asked.clear();
    } else if (frame.type === "unchoke") remote.choked = false;
    else if (frame.type === "chunk" || frame.type === "reject") remote.asked.delete(frame.request);
    else if (frame.type === "open") {
      remote.contents.set(frame.handle, frame.content);
      const has = new Set<number>();
      for (let i = 0; i < frame.pieces; i++) {
        if (((frame.bits[i >> 3] as number) >> (7 - (i & 7))) & 1) has.add(i);
      }
      remote.has.set(frame.content, has);
    } else if (frame.type === "have") {
      const content = remote.contents.get(frame.handle);
      for (const piece of frame.pieces) if (content) remote.has.get(content)?.add(piece);
    }
  }

  effect(effect: Effect): void {
    switch (effect.type) {
      case "send":
        this.#must(this.#host.links.isOpen(effect.peer), `sends ${effect.frame.type} over no connection`);
        return this.#sends(effect.peer, effect.frame);
      case "hang-up":
        this.#must(this.#host.links.knows(effect.peer), "hangs up on somebody unknown");
        this.#remotes.delete(effect.peer);
        return;
      case "dial":
        this.#must(!this.#host.links.knows(effect.peer), "dials somebody it is engaged with");
        this.#must(effect.peer !== this.#host.peer, "dials itself");
        return;
      case "fetch-origin":
        this.#fetches.add(effect.fetch);
        this.#must(this.#fetches.size <= this.#options.maxOriginFetches, "runs too many origin fetches");
        for (let piece = effect.first; piece < effect.first + effect.count && !effect.whole; piece++)
          this.#wanted(effect.content, piece, "the origin");
        return;
      case "cancel-origin":
        this.#must(this.#fetches.delete(effect.fetch), "cancels a fetch that does not run");
        return;
      default:
        return;
    }
  }

  /** After all effects of a step. */
  after(input: Input, now: number): void {
    const { node } = this.#host;
    if (input.type === "connected") {
      const connections = node.peers(now).length;
      this.#must(connections <= this.#options.maxConnections, `has ${connections} connections`);
    }
    this.#must(node.wakeAt > now, `wants to wake at ${node.wakeAt}, which is not later than now`);
  }

  #sends(peer: PeerId, frame: Frame): void {
    this.framesSent++;
    const remote = this.#remote(peer);
    if (frame.type === "open") remote.handles.set(frame.handle, frame.content);
    else if (frame.type === "interested") this.interestsSent++;
    else if (frame.type === "choke") this.chokes++;
    else if (frame.type === "cancel") {
      this.cancelsSent++;
      remote.asked.delete(frame.request);
    } else if (frame.type === "request") this.#requests(remote, frame);
  }

  #requests(remote: Remote, frame: RequestFrame): void {
    this.requestsSent++;
    const { piece } = frame;
    const content = remote.handles.get(frame.handle) as ContentId;
    this.#must(!remote.choked, "asks a peer that chokes it");
    this.#must(remote.has.get(content)?.has(piece) ?? false, "asks for what the peer does not have");
    this.#wanted(content, piece, "a peer");
    const chunk = frame.offset / CHUNK_BYTES;
    for (const one of remote.asked.values()) {
      const twice = one.content === content && one.piece === piece && one.chunk === chunk;
      this.#must(!twice, "asks one peer for one chunk twice at once");
    }
    remote.asked.set(frame.request, { content, piece, chunk });
    this.#must(remote.asked.size <= this.#options.maxPipeline, "has too many requests in flight");
    if (this.requestsSent % 16 === 0) this.#unverified();
  }

  #unverified(): void {
    const begun = new Map<string, number>();
    for (const { asked } of this.#remotes.values()) {
      for (const { content, piece } of asked.values()) {
        begun.set(`${content}${piece}`, this.#host.content(content).geometry.place(piece).length);
        if (begun.size > 1000) return;
      }
    }
    let bytes = 0;
    for (const length of begun.values()) bytes += length;
    this.#must(bytes <= this.#options.maxUnverifiedBytes, "begun more than it may hold unverified");
  }

  /** It is fetched only if it is missing, and some want's window reaches it. */
  #wanted(content: ContentId, piece: number, from: string): void {
    this.#must(!this.#host.stored(content).has(piece), `asks ${from} for piece ${piece}, which it has`);
    const { resource, offset } = this.#host.content(content).geometry.place(piece);
    const reached = this.#host.consumers.some(
      ({ want, consumed, over }) =>
        !over &&
        want.content === content &&
        want.resource === resource &&
        offset < consumed + this.#options.windowBytes,
    );
    this.#must(reached, `asks ${from} for piece ${piece} beyond every window`);
  }

  #remote(peer: PeerId): Remote {
    let remote = this.#remotes.get(peer);
    if (!remote) {
      remote = { choked: true, contents: new Map(), has: new Map(), asked: new Map(), handles: new Map() };
      this.#remotes.set(peer, remote);
    }
    return remote;
  }

  #must(holds: boolean, otherwise: string): void {
    if (!holds) throw new Error(`Host ${this.#host.index} at ${this.#host.now} ms ${otherwise}.`);
  }
}
