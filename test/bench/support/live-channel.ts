import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Media } from "./media-library.ts";

/** A segment as the channel published it. */
export interface PublishedSegment {
  readonly name: string;
  readonly bytes: number;
}

export interface LiveChannelOptions {
  readonly media: Media;
  /** Where the site serves it from. It must be empty. */
  readonly folder: string;
  /** How many segments the playlist names. */
  readonly windowSegments: number;
}

/**
 * A live packager's output: segments of a film that is encoded already appear one by one, at the pace of the clock, and
 * the playlist names the newest. A segment is there before the playlist names it, and stays for one more window.
 */
export class LiveChannel {
  readonly #media: Media;
  readonly #folder: string;
  readonly #window: number;
  readonly #names: readonly string[];
  readonly #published: PublishedSegment[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #advancing: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor({ media, folder, windowSegments }: LiveChannelOptions) {
    const [names = []] = media.segments.values();
    this.#media = media;
    this.#folder = folder;
    this.#window = windowSegments;
    this.#names = names;
  }

  get published(): readonly PublishedSegment[] {
    return this.#published;
  }

  get segmentMs(): number {
    return this.#media.recipe.segmentSeconds * 1000;
  }

  /** Publishes a whole window, then a segment at a time until there are no more. */
  async start(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const init = this.#media.files.get(`${this.#rendition}/init.mp4`);
    if (init) await writeFile(join(this.#folder, "init.mp4"), init);
    for (let i = 0; i < this.#window; i++) await this.#publish();
    await this.#writePlaylist();
    const startedAt = performance.now();
    let turn = 0;
    const next = () => {
      if (this.#stopped || this.#published.length >= this.#names.length) return;
      turn++;
      this.#timer = setTimeout(
        () => {
          this.#advancing = this.#advance().then(next, (error: unknown) => {
            console.error("The channel stopped:", error);
            this.#stopped = true;
          });
        },
        startedAt + turn * this.segmentMs - performance.now(),
      );
    };
    next();
  }

  /** Resolves when nothing is written to the folder any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#advancing;
  }

  /** Waits until so many segments are out; false when the film does not last so long. */
  async until(count: number): Promise<boolean> {
    while (this.#published.length < count) {
      if (this.#stopped || this.#published.length >= this.#names.length) return false;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return true;
  }

  get #rendition(): string {
    return this.#media.recipe.renditions[0]?.name ?? "";
  }

  async #advance(): Promise<void> {
    await this.#publish();
    await this.#writePlaylist();
    const old = this.#published[this.#published.length - 1 - 2 * this.#window];
    if (old) await rm(join(this.#folder, old.name), { force: true });
  }

  async #publish(): Promise<void> {
    const file = this.#names[this.#published.length];
    const bytes = file === undefined ? undefined : this.#media.files.get(file);
    if (file === undefined || !bytes) return;
    const name = file.slice(file.indexOf("/") + 1);
    await this.#write(name, bytes);
    this.#published.push({ name, bytes: bytes.byteLength });
  }

  async #writePlaylist(): Promise<void> {
    const { segmentSeconds, container } = this.#media.recipe;
    const first = Math.max(0, this.#published.length - this.#window);
    const lines = [
      "#EXTM3U",
      "#EXT-X-VERSION:7",
      `#EXT-X-TARGETDURATION:${segmentSeconds}`,
      `#EXT-X-MEDIA-SEQUENCE:${first}`,
      ...(container === "fmp4" ? ['#EXT-X-MAP:URI="init.mp4"'] : []),
      ...this.#published.slice(first).flatMap(({ name }) => [`#EXTINF:${segmentSeconds.toFixed(6)},`, name]),
      "",
    ];
    await this.#write("index.m3u8", new TextEncoder().encode(lines.join("\n")));
  }

  /** As packagers do: nobody sees half a file. */
  async #write(name: string, bytes: Uint8Array): Promise<void> {
    const draft = join(this.#folder, `${name}.tmp`);
    await writeFile(draft, bytes);
    await rename(draft, join(this.#folder, name));
  }
}
