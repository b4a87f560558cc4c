import { createHash } from "node:crypto";
import { RivuletError } from "#sdk/base/errors.ts";
import type { ShareSink, ShareSource } from "#sdk/client/share/ports.ts";
import type { FileStream, SharedFile } from "#sdk/content/share/file-stream.ts";

/** Files in memory, as a sender has them. */
export class MemorySource implements ShareSource {
  readonly files: readonly SharedFile[];
  readonly contents: Uint8Array[];
  /** Settles before each batch of hashes: hashing as slow as a test wants it. */
  pause: () => Promise<unknown> = () => Promise.resolve();
  hashesAtOnce = 16;

  constructor(files: Readonly<Record<string, Uint8Array>>) {
    this.files = Object.entries(files).map(([path, bytes]) => ({ path, sizeBytes: bytes.byteLength }));
    this.contents = Object.values(files);
  }

  async *hashes(stream: FileStream, signal: AbortSignal): AsyncIterable<Uint8Array> {
    for (let piece = 0; piece < stream.pieceCount; piece += this.hashesAtOnce) {
      await this.pause();
      signal.throwIfAborted();
      const hashes: Buffer[] = [];
      for (let at = piece; at < Math.min(stream.pieceCount, piece + this.hashesAtOnce); at++)
        hashes.push(
          createHash("sha256")
            .update(await this.read(stream, at))
            .digest(),
        );
      yield new Uint8Array(Buffer.concat(hashes));
    }
  }

  async read(stream: FileStream, first: number, behind = first + 1): Promise<Uint8Array> {
    const { start } = stream.bytesOf(first);
    const { end } = stream.bytesOf(behind - 1);
    const parts = stream
      .spans(start, end)
      .map(({ file, from, to }) => (this.contents[file] as Uint8Array).subarray(from, to));
    return new Uint8Array(Buffer.concat(parts));
  }

  async close(): Promise<void> {}
}

/** A disk that outlives the receivers that use it. */
export class MemorySink implements ShareSink {
  bytes = new Uint8Array(0);
  written = new Set<number>();
  /** How often each piece was written. */
  readonly writes = new Map<number, number>();
  /** Settles before each write. */
  pause: () => Promise<unknown> = () => Promise.resolve();
  roomBytes = Number.POSITIVE_INFINITY;
  stored: Uint8Array | undefined;
  finished = 0;
  #stream: FileStream | undefined;

  async description(): Promise<Uint8Array | undefined> {
    return this.stored;
  }

  async keepDescription(bytes: Uint8Array): Promise<void> {
    this.stored = bytes.slice();
  }

  async open(stream: FileStream): Promise<number> {
    this.#stream = stream;
    if (this.bytes.byteLength === 0) this.bytes = new Uint8Array(stream.totalBytes);
    return Math.max(-1, ...this.written) + 1;
  }

  async read(piece: number): Promise<Uint8Array | undefined> {
    const { start, end } = this.#stream?.bytesOf(piece) ?? { start: 0, end: 0 };
    return this.written.has(piece) ? this.bytes.slice(start, end) : undefined;
  }

  async write(piece: number, bytes: Uint8Array): Promise<void> {
    await this.pause();
    const { start } = this.#stream?.bytesOf(piece) ?? { start: 0 };
    if (this.written.size * (this.#stream?.pieceBytes ?? 0) >= this.roomBytes)
      throw new RivuletError("storage-full", "The disk is full.");
    this.bytes.set(bytes, start);
    this.written.add(piece);
    this.writes.set(piece, (this.writes.get(piece) ?? 0) + 1);
  }

  async finish(): Promise<void> {
    this.finished++;
  }

  async close(): Promise<void> {}

  async remove(): Promise<void> {
    this.bytes = new Uint8Array(0);
    this.written.clear();
    this.stored = undefined;
  }

  /** What a file has become. */
  file(index: number): Uint8Array {
    const start = this.#stream?.startOf(index) ?? 0;
    return this.bytes.subarray(start, start + (this.#stream?.files[index]?.sizeBytes ?? 0));
  }
}
