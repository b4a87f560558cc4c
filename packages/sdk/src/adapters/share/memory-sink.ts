import { MIB } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";
import type { FileStream } from "../../content/share/file-stream.ts";
import { receivedFile } from "./received-file.ts";

/** A page that takes much more is ended by some browsers. */
const LIMIT_BYTES = 256 * MIB;

/** Keeps a share for as long as the page is there, where the browser gives no disk: in private windows of some. */
export class MemoryShareSink {
  readonly #limitBytes: number;
  readonly #why: RivuletError | undefined;
  /** Blobs, which browsers may put elsewhere when memory runs short. */
  readonly #pieces = new Map<number, Blob>();
  #description: Uint8Array | undefined;
  #stream: FileStream | undefined;

  /** `why`: what the browser said when it was asked for a disk. */
  constructor(options: { readonly limitBytes?: number; readonly why?: RivuletError } = {}) {
    this.#limitBytes = options.limitBytes ?? LIMIT_BYTES;
    this.#why = options.why;
  }

  async description(): Promise<Uint8Array | undefined> {
    return this.#description?.slice();
  }

  async keepDescription(bytes: Uint8Array): Promise<void> {
    this.#description = bytes.slice();
  }

  async open(stream: FileStream): Promise<number> {
    const missingBytes = stream.totalBytes - this.#limitBytes;
    if (missingBytes > 0) {
      throw new RivuletError(
        "storage-full",
        `These files take ${stream.totalBytes} bytes, ${missingBytes} too many: in this window the browser keeps no files for a page, and its memory takes ${Math.floor(this.#limitBytes / MIB)} MiB. Open the link in a window that is not private.`,
        { cause: this.#why },
      );
    }
    this.#stream = stream;
    return 0;
  }

  async read(piece: number): Promise<Uint8Array | undefined> {
    const held = this.#pieces.get(piece);
    return held && new Uint8Array(await held.arrayBuffer());
  }

  async write(piece: number, bytes: Uint8Array): Promise<void> {
    if (!this.#stream) throw new RivuletError("file-unwritable", "The share is not open.");
    this.#pieces.set(piece, new Blob([new Uint8Array(bytes)]));
  }

  async finish(): Promise<void> {}

  async close(): Promise<void> {
    this.#stream = undefined;
    this.#pieces.clear();
    this.#description = undefined;
  }

  remove(): Promise<void> {
    return this.close();
  }

  /**
   * A file that is whole.
   * @throws RivuletError `file-unreadable` when some of it is missing.
   */
  async file(index: number): Promise<File> {
    const stream = this.#stream;
    const shared = stream?.files[index];
    if (!stream || !shared) throw new RivuletError("file-unreadable", `The share has no file ${index}.`);
    const begins = stream.startOf(index);
    const ends = begins + shared.sizeBytes;
    const parts: Blob[] = [];
    for (let { first, end } = stream.piecesOf(index); first < end; first++) {
      const { start } = stream.bytesOf(first);
      const held = this.#pieces.get(first);
      if (held) parts.push(held.slice(Math.max(0, begins - start), ends - start));
    }
    return receivedFile(shared, parts);
  }
}
