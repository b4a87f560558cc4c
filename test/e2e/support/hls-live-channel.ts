import { randomBytes } from "node:crypto";
import { concatBytes, toBase64Url } from "#sdk/base/bytes.ts";
import { sha256 } from "#sdk/cli/hash-file.ts";
import { STREAM_ID_BYTES } from "#sdk/content/live-stream.ts";
import { formatManifest, pieceBytesFor, pieceCount, type Resource } from "#sdk/content/manifest.ts";
import { merkleRoot } from "#sdk/content/merkle.ts";
import type { TestOrigin } from "../../support/test-origin.ts";
import { SEGMENT_SECONDS, tsPlaylist, tsSegment } from "./hls-film.ts";

const WINDOW_SEGMENTS = 4;
/** The manifest lists segments for some time after they have left the playlist: somebody may still play them. */
const LISTED_SEGMENTS = 3 * WINDOW_SEGMENTS;

export interface LiveChannelOptions {
  readonly origin: TestOrigin;
  /** A path without a slash at its end; all of the channel lies below it. */
  readonly folder: string;
  /** How long after a segment's playlist the manifest that lists it is there, ms. */
  readonly manifestDelayMs?: number;
}

/** A live packager and its `rivulet manifest --watch`: a window of four segments moves on by one in the time of one. */
export class LiveChannel {
  readonly playlist: string;
  readonly manifest: string;
  readonly #origin: TestOrigin;
  readonly #folder: string;
  readonly #manifestDelayMs: number;
  readonly #stream = toBase64Url(randomBytes(STREAM_ID_BYTES));
  readonly #published: string[] = [];
  #listed: Resource[] = [];
  #nextPiece = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #late = new Set<ReturnType<typeof setTimeout>>();
  #failure: unknown;

  constructor({ origin, folder, manifestDelayMs = 0 }: LiveChannelOptions) {
    this.#origin = origin;
    this.#folder = folder;
    this.#manifestDelayMs = manifestDelayMs;
    this.playlist = `${folder}/index.m3u8`;
    this.manifest = `${folder}/rivulet.json`;
  }

  /** The paths of all segments so far, oldest first. */
  get published(): readonly string[] {
    if (this.#failure) throw this.#failure;
    return this.#published;
  }

  /** Publishes a whole window, and from then on a segment at a time. */
  async start(): Promise<void> {
    for (let i = 0; i < WINDOW_SEGMENTS; i++) await this.#publish();
    this.#list();
    this.#timer = setInterval(() => this.#goOn(), SEGMENT_SECONDS * 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const timer of this.#late) clearTimeout(timer);
  }

  #goOn(): void {
    this.#publish().then(
      () => {
        if (this.#manifestDelayMs === 0) return this.#list();
        const late = setTimeout(() => {
          this.#late.delete(late);
          this.#list();
        }, this.#manifestDelayMs);
        this.#late.add(late);
      },
      (error: unknown) => {
        this.#failure = error;
      },
    );
  }

  async #publish(): Promise<void> {
    const number = this.#published.length;
    const name = `live-${number}.ts`;
    const bytes = tsSegment(number);
    const resource = { ...(await resourceOf(name, bytes)), firstPiece: this.#nextPiece };
    this.#nextPiece += pieceCount(resource);
    this.#listed = [...this.#listed, resource].slice(-LISTED_SEGMENTS);
    this.#published.push(`${this.#folder}/${name}`);
    this.#origin.files.set(`${this.#folder}/${name}`, bytes);
    const window = this.#listed.slice(-WINDOW_SEGMENTS).map(({ path }) => path);
    this.#put(this.playlist, tsPlaylist(window, { first: number + 1 - window.length, ended: false }));
  }

  #list(): void {
    const live = { stream: this.#stream, nextPiece: this.#nextPiece };
    this.#put(this.manifest, formatManifest({ base: undefined, live, resources: this.#listed }));
  }

  #put(path: string, text: string): void {
    this.#origin.files.set(path, new TextEncoder().encode(text));
  }
}

async function resourceOf(path: string, bytes: Uint8Array): Promise<Resource> {
  const pieceBytes = pieceBytesFor(bytes.length);
  const pieces: Promise<Uint8Array>[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes)
    pieces.push(sha256(bytes.subarray(at, at + pieceBytes)));
  const hashes = concatBytes(await Promise.all(pieces));
  const root = await merkleRoot(hashes, sha256);
  return { path, sizeBytes: bytes.length, pieceBytes, mediaType: "video/mp2t", root, hashes };
}
