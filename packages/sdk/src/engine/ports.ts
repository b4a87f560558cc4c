import type { RivuletError } from "../base/errors.ts";
import type { ContentId, DialId, PeerId } from "../base/ids.ts";
import type { Announcement, Candidate } from "./io.ts";

/*
 * What the runner of the engine needs from the world. Each port has a contract suite under test/contract, and each
 * adapter's test is a call of it.
 */

/** Verified pieces, named by the SHA-256 they must have: a new deployment re-uses what did not change. */
export interface PieceStore {
  /** Which of these hashes (lower-case hex) are stored. */
  present(hashes: readonly string[]): Promise<ReadonlySet<string>>;
  /** The bytes, or undefined when they are gone. The caller must not change them. */
  get(hash: string): Promise<Uint8Array | undefined>;
  /**
   * Keeps the bytes, evicting the least recently used first when over quota; they can be read at once. Settles when
   * they are where the store keeps them, or were given up. Never rejects for want of space.
   */
  put(hash: string, bytes: Uint8Array): Promise<void>;
  /** Counts as a use of those that are stored, as `get` does; for who got the bytes by other ways. */
  touch(hashes: readonly string[]): void;
  delete(hash: string): Promise<void>;
  /** Lets go of memory and handles; what is persistent stays. */
  close(): Promise<void>;
}

/** SHA-256: 32 bytes from any number of bytes. */
export type Hasher = (bytes: Uint8Array) => Promise<Uint8Array>;

/** One link to one peer, from `Transport`. */
export interface Connection {
  readonly peer: PeerId;
  /** What was put on the wire and has not left yet, bytes. */
  readonly bufferedBytes: number;
  /**
   * Puts one frame on the wire; returns false when the high watermark is passed and `onWritable` will follow. The bytes
   * are the caller's again as soon as it returns.
   */
  send(frame: Uint8Array): boolean;
  /** Ends the link; no event follows. */
  close(): void;
}

export interface ConnectionEvents {
  /** The channel is open. Exactly one of `onOpen` and `onClose` comes first. */
  onOpen(connection: Connection): void;
  onFrame(connection: Connection, frame: Uint8Array): void;
  /** The low watermark was reached after `send` returned false. */
  onWritable(connection: Connection): void;
  /** The link failed or was closed by the other side; comes at most once, and not after `close()`. */
  onClose(connection: Connection, error: RivuletError | undefined): void;
  /** A message for the other side, to be carried by whoever introduces. */
  onSignal(connection: Connection, signal: object): void;
}

/** Makes links between browsers out of introductions. */
export interface Transport {
  connect(options: {
    readonly peer: PeerId;
    readonly initiator: boolean;
    readonly events: ConnectionEvents;
  }): Connection & {
    /** Takes a message that the other side's `onSignal` gave. */
    signal(signal: object): void;
  };
}

/** The tracker's link: always trying to be up; messages while it is down are dropped, announces are repeated. */
export interface Tracker {
  announce(content: ContentId, announcement: Announcement): void;
  leave(content: ContentId): void;
  introduce(introduction: {
    readonly to: PeerId;
    readonly content: ContentId;
    readonly dial: DialId;
    readonly signal: object;
  }): void;
  close(): void;
}

export interface TrackerEvents {
  /** The tracker can be reached; `onUp` follows unless it falls silent. May not come. */
  onReached(): void;
  onUp(): void;
  onDown(): void;
  onPeers(content: ContentId, candidates: readonly Candidate[], intervalMs: number): void;
  onIntroduction(introduction: {
    readonly from: PeerId;
    readonly content: ContentId;
    readonly dial: DialId;
    readonly signal: object;
  }): void;
  /** The peer of this dial is not there (any more). */
  onUnknownPeer(peer: PeerId, dial: DialId): void;
  onRefused(error: RivuletError): void;
}

/** What an origin answered, before its bytes. */
export interface OriginAnswer {
  /** `range`: the bytes asked for. `whole`: the resource from its first byte, whatever was asked for. */
  readonly kind: "range" | "whole";
}

/** The HTTP server that owns the bytes. Retries with back-off by itself, bounded, as each failure deserves. */
export interface Origin {
  /**
   * Fetches bytes [start, end) of `url`; `end` undefined asks for everything, without a Range header.
   * `onAnswer` comes once, before the first `onBytes`; buffers given to `onBytes` are the caller's.
   * @throws RivuletError `origin-failed` (cause: the response's status or the network's error), `stale-manifest` when
   * the resource is no longer the one of an earlier answer (ETag, length), `aborted`.
   */
  fetch(request: {
    readonly url: string;
    readonly start: number;
    readonly end: number | undefined;
    readonly signal: AbortSignalLike;
    readonly onAnswer: (answer: OriginAnswer) => void;
    readonly onBytes: (bytes: Uint8Array) => void;
  }): Promise<void>;
}

/** The part of `AbortSignal` that ports need; floors 0–3 know no DOM. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}
