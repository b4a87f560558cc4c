import { violation } from "../../base/errors.ts";
import type { ContentId, PeerId } from "../../base/ids.ts";
import { RateMeter } from "../../base/rate.ts";
import { Bitfield } from "../../content/bitfield.ts";
import type { OpenFrame } from "../../protocol/frames/open.ts";
import { MAX_LIVE_PIECES } from "../../protocol/limits.ts";
import type { PieceRun } from "../../protocol/piece-run.ts";
import type { EngineOptions } from "../options.ts";
import type { Interest } from "./interest.ts";
import { Pipeline } from "./pipeline.ts";
import { UploadQueue } from "./upload-queue.ts";

/** A content that the peer opened: what it has of it, and what it is about to get. */
export interface RemoteContent {
  readonly content: ContentId;
  readonly have: Bitfield;
  /** What it wants; undefined until it said so, which it does right after `open`. */
  interest: Interest | undefined;
  /** What it is getting from the origin, and when it last said so, or got a part of it. */
  fetching: { readonly runs: readonly PieceRun[]; at: number } | undefined;
  /** What it would rather give us, since it first said so. */
  suggested: Set<number> | undefined;
}

/** What is known of one connection: greeting, handles, who chokes whom, requests both ways. Never sends. */
export class Session {
  readonly peer: PeerId;
  readonly connectedAt: number;
  readonly pipeline: Pipeline;
  readonly uploads: UploadQueue;
  readonly sent = new RateMeter();
  /** Its hello has come. */
  greeted = false;
  /** It serves us not. */
  choked = true;
  /** We serve it not. */
  choking = true;
  /** Its channel holds more than the high watermark: nothing is read for it until it drains. */
  congested = false;
  /** It takes and does not give, as of the last choke round. */
  freeRider = false;
  /** It had what we needed and kept it, as of the last choke round in which we needed something. */
  withholds = false;
  /** Bytes that it was given and nobody else by us, and how many of them others have had since. */
  entrustedBytes = 0;
  passedOnBytes = 0;
  /** When something was last read for it, or it began to wait. */
  turnAt = 0;
  /** When it was first served; undefined: never. */
  servedSince: number | undefined;
  heardAt: number;
  pinged = false;
  strikes = 0;
  readonly #options: EngineOptions;
  readonly #localHandles = new Map<ContentId, number>();
  /** By the peer's handle. They are few. */
  readonly #remotes = new Map<number, RemoteContent>();
  #nextHandle = 1;

  constructor(peer: PeerId, options: EngineOptions, now: number) {
    this.peer = peer;
    this.connectedAt = now;
    this.heardAt = now;
    this.#options = options;
    this.pipeline = new Pipeline(options);
    this.uploads = new UploadQueue(options.maxQueuedUploads);
  }

  /** Numbers a content of ours for this connection. */
  open(content: ContentId): number {
    const handle = this.#nextHandle++;
    this.#localHandles.set(content, handle);
    return handle;
  }

  /** Our handle for a content; undefined before we opened it here. */
  handle(content: ContentId): number | undefined {
    return this.#localHandles.get(content);
  }

  close(content: ContentId): number | undefined {
    const handle = this.#localHandles.get(content);
    this.#localHandles.delete(content);
    return handle;
  }

  /**
   * The peer opened a content.
   * @throws RivuletError `protocol-violation` for a handle or content used twice, or too many; `frame-malformed` for a
   * wrong bitfield.
   */
  remoteOpened({ handle, content, bits, first, pieces }: OpenFrame): RemoteContent {
    if (this.#remotes.has(handle) || this.remote(content)) throw violation("opened twice");
    // Each content costs memory on our side, so a peer may not open as many as it likes.
    if (this.#remotes.size >= this.#options.maxContentsPerPeer) throw violation("too many contents");
    const sliding = first === undefined ? undefined : { first };
    if (sliding && pieces > MAX_LIVE_PIECES) throw violation("too many live pieces");
    const have = Bitfield.fromBytes(bits, pieces, sliding);
    const remote: RemoteContent = {
      content,
      have,
      interest: undefined,
      fetching: undefined,
      suggested: undefined,
    };
    this.#remotes.set(handle, remote);
    return remote;
  }

  remoteClosed(handle: number): RemoteContent | undefined {
    const remote = this.#remotes.get(handle);
    this.#remotes.delete(handle);
    return remote;
  }

  /** All that the peer opened. */
  get remotes(): Iterable<RemoteContent> {
    return this.#remotes.values();
  }

  /**
   * The content that the peer's handle names.
   * @throws RivuletError `protocol-violation` when it never opened it.
   */
  byHandle(handle: number): RemoteContent {
    const remote = this.#remotes.get(handle);
    if (remote) return remote;
    throw violation("unknown handle");
  }

  remote(content: ContentId): RemoteContent | undefined {
    for (const remote of this.#remotes.values()) if (remote.content === content) return remote;
    return undefined;
  }

  /** True when the peer waits for a piece of one of these contents that we may have. */
  interestedIn(contents: ReadonlyMap<ContentId, unknown>): boolean {
    for (const { content, interest } of this.#remotes.values())
      if (interest?.any && contents.has(content)) return true;
    return false;
  }

  /** True when the peer lacks a piece that it is going to get; `now`: that it has a use for already. */
  wants(content: ContentId, piece: number, now = false): boolean {
    const remote = this.remote(content);
    return remote !== undefined && lacks(remote, piece, now);
  }
}

/** True when the peer lacks a piece of the content that it is going to get; `now`: that it has a use for already. */
export function lacks({ interest, have }: RemoteContent, piece: number, now = false): boolean {
  return interest !== undefined && !have.has(piece) && interest.covers(piece, now);
}
