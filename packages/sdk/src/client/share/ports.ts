import type { FileStream, SharedFile } from "../../content/share/file-stream.ts";

/*
 * What a share needs of the disk. The sender's side reads the files where they are; the receiver's writes what has been
 * verified. Both know the share as one stream of bytes (`FileStream`), cut into pieces.
 */

/** The sender's files. */
export interface ShareSource {
  /** What is shared, in the order of the stream. Paths are unique and free of `.`, `..` and empty names. */
  readonly files: readonly SharedFile[];
  /**
   * The SHA-256 of each piece in order, 32 bytes each, some at a time: as soon as there are any, and then a few times a
   * second. Holds no more than a few pieces in memory.
   * @throws RivuletError `file-unreadable`, `file-changed`, `aborted`.
   */
  hashes(stream: FileStream, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /**
   * The bytes of pieces [first, end), or of one when `end` is left out, as the files have them now; not checked against anything. The caller may keep and change
   * them.
   * @throws RivuletError `file-unreadable`; `file-changed` when a file is no longer the one that was shared.
   */
  read(stream: FileStream, first: number, end?: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Where a receiver keeps one share, also across visits. Only verified pieces are written. */
export interface ShareSink {
  /** What an earlier visit kept of it: opaque bytes; undefined at the first. */
  description(): Promise<Uint8Array | undefined>;
  /** Keeps them, instead of those before. */
  keepDescription(bytes: Uint8Array): Promise<void>;
  /**
   * Learns what is to come, once, before any piece is read or written; what an earlier visit wrote stays. Resolves with how
   * many pieces, from the first on, may be there: what is beyond certainly is not.
   * @throws RivuletError `storage-full` when there is no room, saying how much is missing; `file-unwritable`.
   */
  open(stream: FileStream): Promise<number>;
  /** A piece as the disk has it, right or wrong; undefined when some of it was never written. */
  read(piece: number): Promise<Uint8Array | undefined>;
  /**
   * Settles when the bytes are the operating system's: they outlive this program. The bytes are the sink's from now on.
   * @throws RivuletError `storage-full`, `file-unwritable`; nothing that was written before is lost.
   */
  write(piece: number, bytes: Uint8Array): Promise<void>;
  /**
   * Writes a piece that comes in parts, which are the sink's from now on, when together they have this SHA-256; else writes
   * nothing, and resolves with false. For sinks that hash where they write; others are given `write` alone.
   */
  store?(piece: number, parts: readonly Uint8Array[], hash: Uint8Array): Promise<boolean>;
  /** Every piece is there: the files get their names and dates. May be called again. */
  finish(): Promise<void>;
  /** Lets go of everything; what is on disk stays. */
  close(): Promise<void>;
  /** As `close`, and what is on disk goes. */
  remove(): Promise<void>;
}
