import { MIB } from "../../base/bytes.ts";
import type { FileStream } from "../../content/share/file-stream.ts";

/** A file so long has a volume of its own; shorter ones share one, as making ten thousand takes a browser a minute. */
const OWN_VOLUME_BYTES = 1 * MIB;
const SHARED_VOLUME_BYTES = 16 * MIB;

/** Where a file of the share is: bytes [from, to) of a volume. */
export interface Place {
  readonly volume: number;
  readonly from: number;
  readonly to: number;
  /** Other files are in it too. */
  readonly isShared: boolean;
}

/**
 * The files on disk that a share's stream is written into, one after another: Chromium takes a `File` away from who has it
 * as soon as something is written behind it, so a file that somebody may save while others still come needs one that is
 * written no more.
 */
export class Volumes {
  /** The length of each, bytes. */
  readonly sizes: number[] = [];
  readonly #places: (Place | undefined)[] = [];

  constructor(stream: FileStream) {
    let isOpen = false;
    for (const { sizeBytes } of stream.files) {
      const isShared = sizeBytes < OWN_VOLUME_BYTES;
      const last = this.sizes.length - 1;
      const held = this.sizes[last] ?? 0;
      if (sizeBytes === 0) this.#places.push(undefined);
      else if (isShared && isOpen && held + sizeBytes <= SHARED_VOLUME_BYTES) {
        this.sizes[last] = held + sizeBytes;
        this.#places.push({ volume: last, from: held, to: held + sizeBytes, isShared });
      } else {
        this.sizes.push(sizeBytes);
        this.#places.push({ volume: last + 1, from: 0, to: sizeBytes, isShared });
        isOpen = isShared;
      }
    }
  }

  /** Undefined of an empty file. */
  placeOf(file: number): Place | undefined {
    return this.#places[file];
  }
}
