import { RivuletError } from "../../base/errors.ts";
import type { FileStream } from "../../content/share/file-stream.ts";
import { ownBuffer } from "../memory-store.ts";
import { ensureRoom, type RoomSource } from "./disk-room.ts";
import { Volumes } from "./opfs-volumes.ts";
import { receivedFile } from "./received-file.ts";
import type { ShareWorker } from "./share-worker.ts";

/**
 * Keeps one share in the browser's own file system (`rivulet-share/<id>`), written by the worker. It is one tab's at a time.
 */
export class OpfsShareSink {
  readonly #worker: ShareWorker;
  readonly #share: string;
  readonly #storage: RoomSource;
  #opened: { readonly stream: FileStream; readonly volumes: Volumes } | undefined;
  /** Volumes that are written no more, once nothing is. */
  #settled: Map<number, Promise<File>> | undefined;

  private constructor(worker: ShareWorker, share: string, storage: RoomSource) {
    this.#worker = worker;
    this.#share = share;
    this.#storage = storage;
  }

  /**
   * Takes the share for this tab.
   * @param share its id, fit for a folder's name
   * @throws RivuletError `share-open-elsewhere`, `storage-unavailable`, `storage-full`, `file-unwritable`,
   * `worker-unavailable`.
   */
  static async claim(
    worker: ShareWorker,
    share: string,
    storage: RoomSource = navigator.storage,
  ): Promise<OpfsShareSink> {
    await worker.ask("claim", { share });
    return new OpfsShareSink(worker, share, storage);
  }

  description(): Promise<Uint8Array | undefined> {
    return this.#worker.ask("description", { share: this.#share });
  }

  async keepDescription(bytes: Uint8Array): Promise<void> {
    // A copy: what is sent to the worker is gone from here.
    await this.#worker.ask("describe", { share: this.#share, bytes: bytes.slice() });
  }

  async open(stream: FileStream): Promise<number> {
    const volumes = new Volumes(stream);
    const { sizes } = volumes;
    const { pieceBytes, totalBytes, pieceCount } = stream;
    const pieces = await this.#worker.ask("begin", { share: this.#share, sizes, pieceBytes });
    await ensureRoom(this.#storage, totalBytes, () => this.#worker.ask("held", { share: this.#share }));
    this.#opened = { stream, volumes };
    return Math.min(pieces, pieceCount);
  }

  read(piece: number): Promise<Uint8Array | undefined> {
    return this.#worker.ask("read", { share: this.#share, piece });
  }

  async write(piece: number, bytes: Uint8Array): Promise<void> {
    this.#settled = undefined;
    await this.#worker.ask("write", { share: this.#share, piece, bytes: ownBuffer(bytes) });
  }

  /** The parts are gone from here: the worker has them. */
  async store(piece: number, parts: readonly Uint8Array[], hash: Uint8Array): Promise<boolean> {
    this.#settled = undefined;
    return this.#worker.ask("store", { share: this.#share, piece, parts, hash: hash.slice() });
  }

  async finish(): Promise<void> {
    await this.#worker.ask("finish", { share: this.#share });
    this.#settled ??= new Map();
  }

  async close(): Promise<void> {
    await this.#worker.ask("close", { share: this.#share });
  }

  async remove(): Promise<void> {
    await this.#worker.ask("remove", { share: this.#share });
  }

  /**
   * A file that is whole. It stays on disk, unless it is shorter than 1 MiB and others are still missing: then it is a copy.
   * It is good until the share is removed.
   * @throws RivuletError `file-unreadable` when some of it is missing.
   */
  async file(index: number): Promise<File> {
    const shared = this.#opened?.stream.files[index];
    if (!shared) throw new RivuletError("file-unreadable", `The share has no file ${index}.`);
    const place = this.#opened?.volumes.placeOf(index);
    if (!place) return receivedFile(shared, []);
    const { volume, from, to } = place;
    if (place.isShared && !this.#settled) {
      const bytes = await this.#worker.ask("copy", { share: this.#share, volume, from, to });
      return receivedFile(shared, bytes ? [new Blob([new Uint8Array(bytes)])] : []);
    }
    return receivedFile(shared, [(await this.#volume(volume)).slice(from, to)]);
  }

  #volume(volume: number): Promise<File> {
    const known = this.#settled?.get(volume);
    if (known) return known;
    const asked = this.#worker.ask("volume", { share: this.#share, volume });
    this.#settled?.set(volume, asked);
    return asked;
  }
}
