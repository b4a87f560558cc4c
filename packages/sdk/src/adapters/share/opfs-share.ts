import { equalBytes } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";
import { FileStream } from "../../content/share/file-stream.ts";
import { webCryptoSha256 } from "../sha256.ts";
import { nameOfError, writeProblem } from "./disk-errors.ts";
import { type ClaimedFolder, claimFolder, deleteFolder, noteUse } from "./opfs-folders.ts";
import { VolumeHandles } from "./opfs-handles.ts";
import { readRange, syncHandle, writeAt } from "./sync-handle.ts";

const DESCRIPTION = "description";
const LENGTH_BYTES = 4;

/** One share in the browser's own file system, in a worker, where writing is fastest. One thing at a time. */
export class OpfsShare {
  readonly #id: string;
  readonly #claimed: ClaimedFolder;
  #volumes: { readonly stream: FileStream; readonly handles: VolumeHandles } | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #scratch = new Uint8Array(0);
  readonly #sha256 = webCryptoSha256();

  private constructor(id: string, claimed: ClaimedFolder) {
    this.#id = id;
    this.#claimed = claimed;
  }

  /** @throws RivuletError `share-open-elsewhere`, `storage-unavailable`, `storage-full`, `file-unwritable`. */
  static async claim(id: string): Promise<OpfsShare> {
    return new OpfsShare(id, await claimFolder(id));
  }

  description(): Promise<Uint8Array | undefined> {
    return this.#inTurn("the description", async () => {
      const file = await this.#claimed.folder
        .getFileHandle(DESCRIPTION)
        .catch((cause: unknown) =>
          nameOfError(cause) === "NotFoundError" ? undefined : Promise.reject(cause),
        );
      if (!file) return undefined;
      const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
      if (bytes.byteLength < LENGTH_BYTES) return undefined;
      const end = LENGTH_BYTES + new DataView(bytes.buffer).getUint32(0);
      return bytes.byteLength < end ? undefined : bytes.slice(LENGTH_BYTES, end);
    });
  }

  keepDescription(description: Uint8Array): Promise<void> {
    return this.#inTurn("the description", async () => {
      const bytes = new Uint8Array(LENGTH_BYTES + description.byteLength);
      new DataView(bytes.buffer).setUint32(0, description.byteLength);
      bytes.set(description, LENGTH_BYTES);
      const file = await this.#claimed.folder.getFileHandle(DESCRIPTION, { create: true });
      const handle = await syncHandle(file);
      try {
        // With its length in one write, so that what an earlier, longer one leaves behind is not taken for part of it.
        writeAt(handle, bytes, 0);
        await handle.flush();
      } finally {
        await handle.close();
      }
    });
  }

  /** Resolves with how many pieces may be there. */
  begin(sizes: readonly number[], pieceBytes: number): Promise<number> {
    return this.#inTurn("the files", async () => {
      const folder = await this.#claimed.folder.getDirectoryHandle("data", { create: true });
      const handles = await VolumeHandles.in(folder, () => void noteUse(this.#claimed.used));
      // The volumes are to the stream what files are: parts of it, one after another.
      const stream = new FileStream(
        sizes.map((sizeBytes, volume) => ({ path: String(volume), sizeBytes })),
        pieceBytes,
      );
      this.#volumes = { stream, handles };
      for (let volume = sizes.length - 1; volume >= 0; volume--) {
        const held = Math.min(await handles.sizeOf(volume), sizes[volume] ?? 0);
        if (held > 0) return Math.ceil((stream.startOf(volume) + held) / pieceBytes);
      }
      return 0;
    });
  }

  /** Bytes that are on disk. */
  held(): Promise<number> {
    return this.#inTurn("the files", async () => {
      const { stream, handles } = this.#begun();
      let sum = 0;
      for (let volume = 0; volume < stream.files.length; volume++) sum += await handles.sizeOf(volume);
      return sum;
    });
  }

  /** Undefined when some of it was never written. */
  read(piece: number): Promise<Uint8Array | undefined> {
    return this.#inTurn(`Piece ${piece}`, async () => {
      const { stream, handles } = this.#begun();
      const { start, end } = stream.bytesOf(piece);
      const whole = new Uint8Array(end - start);
      let at = 0;
      for (const { file: volume, from, to } of stream.spans(start, end)) {
        const part = whole.subarray(at, at + to - from);
        at += part.byteLength;
        const handle = await handles.toRead(volume);
        if (handle?.read(part, { at: from }) !== part.byteLength) return undefined;
      }
      return whole;
    });
  }

  write(piece: number, bytes: Uint8Array): Promise<void> {
    return this.#inTurn(`Piece ${piece}`, () => this.#write(piece, bytes));
  }

  /** Writes a piece that comes in parts; false when they do not have this SHA-256. */
  store(piece: number, parts: readonly Uint8Array[], hash: Uint8Array): Promise<boolean> {
    return this.#inTurn(`Piece ${piece}`, async () => {
      const bytes = this.#joined(parts);
      if (!equalBytes(await this.#sha256(bytes), hash)) return false;
      await this.#write(piece, bytes);
      return true;
    });
  }

  async #write(piece: number, bytes: Uint8Array): Promise<void> {
    const { stream, handles } = this.#begun();
    const { start, end } = stream.bytesOf(piece);
    let at = 0;
    for (const { file: volume, from, to } of stream.spans(start, end)) {
      const part = bytes.subarray(at, at + to - from);
      at += part.byteLength;
      writeAt(await handles.toWrite(volume), part, from);
    }
    await handles.wrote(bytes.byteLength);
  }

  /** In memory that serves all pieces: fresh memory for each costs more than the copy. */
  #joined(parts: readonly Uint8Array[]): Uint8Array {
    const length = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (this.#scratch.byteLength < length) this.#scratch = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      this.#scratch.set(part, at);
      at += part.byteLength;
    }
    return this.#scratch.subarray(0, length);
  }

  /** Some bytes of a volume, in memory. */
  copy(volume: number, from: number, to: number): Promise<Uint8Array | undefined> {
    return this.#inTurn("A file", async () => {
      const handle = await this.#begun().handles.toRead(volume);
      return handle && readRange(handle, from, to);
    });
  }

  /** A volume on disk, good for as long as nothing is written into it. */
  volume(volume: number): Promise<File> {
    return this.#inTurn("A file", () => this.#begun().handles.file(volume));
  }

  finish(): Promise<void> {
    return this.#inTurn("The files", async () => {
      await this.#volumes?.handles.closeAll();
      await noteUse(this.#claimed.used);
      await this.#claimed.used.flush();
    });
  }

  close(): Promise<void> {
    return this.#inTurn("The files", async () => {
      const volumes = this.#volumes;
      this.#volumes = undefined;
      try {
        await volumes?.handles.closeAll();
        await noteUse(this.#claimed.used);
      } finally {
        await this.#claimed.used.close();
      }
    });
  }

  async remove(): Promise<void> {
    await this.close();
    await deleteFolder(this.#id).catch((cause: unknown) => Promise.reject(writeProblem("The files", cause)));
  }

  #begun() {
    if (!this.#volumes) throw new RivuletError("file-unwritable", "The share is not open.");
    return this.#volumes;
  }

  /** A file has one handle at a time, and getting it takes a while: two who want it would meet. */
  #inTurn<T>(what: string, work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work).catch((cause: unknown) => {
      throw writeProblem(what, cause);
    });
    this.#last = result.catch(() => undefined);
    return result;
  }
}
