import type { Clock } from "./clock.ts";
import type { Served } from "./file-manifests.ts";
import { LiveSegments, type LiveSegmentsParts } from "./live-segments.ts";
import type { ManifestOptions } from "./manifest-options.ts";
import type { ManifestSigner, SealedManifest } from "./manifest-signer.ts";
import type { MediaPlaylist, PlaylistReader, StreamPlaylists } from "./playlist-reader.ts";
import { PollPace } from "./poll-pace.ts";

export interface LiveParts extends LiveSegmentsParts {
  readonly reader: Pick<PlaylistReader, "readStream" | "readAll">;
  readonly signer: Pick<ManifestSigner, "seal">;
  readonly clock: Clock;
  /** One line for the operator. */
  readonly warn: (line: string) => void;
  readonly options: LiveSegmentsParts["options"] & Pick<ManifestOptions, "manifestIdleMs">;
}

type State =
  /** Nobody asks. */
  | { readonly type: "resting" }
  | { readonly type: "waiting"; readonly cancel: () => void }
  | { readonly type: "reading" }
  /** Nothing is to be added any more, unless another stream begins in its place. */
  | { readonly type: "ended"; readonly sinceMs: number }
  | { readonly type: "closed" };

/** Follows one live stream for as long as somebody asks for its manifest, and goes on with it when somebody does again. */
export class LiveFollower {
  readonly #parts: LiveParts;
  readonly #url: URL;
  readonly #segments: LiveSegments;
  readonly #pace = new PollPace();
  #state: State = { type: "resting" };
  #askedAtMs: number;
  #urls: readonly URL[] = [];
  #namedAtMs = 0;
  #sealed: { readonly revision: number; readonly manifest: SealedManifest } | undefined;
  #begun: () => void = () => {};
  /** Resolves when there is something to list, or nothing that could be waited for. */
  readonly #ready = new Promise<void>((resolve) => {
    this.#begun = resolve;
  });

  /** `found`: its playlists, as they are now. */
  constructor(parts: LiveParts, url: URL, found: StreamPlaylists) {
    this.#parts = parts;
    this.#url = url;
    this.#segments = new LiveSegments(parts, found.media);
    this.#askedAtMs = parts.clock.now();
    this.#name(found.urls);
    this.#take(found.media);
    if (!this.#segments.isHashing) this.#begun();
  }

  /** How many playlists it reads. */
  get playlists(): number {
    return this.#urls.length;
  }

  /** True while nobody asks for it. */
  get isIdle(): boolean {
    return this.#parts.clock.now() - this.#askedAtMs >= this.#parts.options.manifestIdleMs;
  }

  get isClosed(): boolean {
    return this.#state.type === "closed";
  }

  /** The manifest as of now; at first, as soon as it lists something. */
  async manifest(): Promise<Served> {
    const now = this.#parts.clock.now();
    this.#askedAtMs = now;
    if (this.#isDue(now)) {
      if (this.#state.type === "waiting") this.#state.cancel();
      this.#try(this.#poll());
    }
    await this.#ready;
    const { revision } = this.#segments;
    if (this.#sealed?.revision !== revision)
      this.#sealed = { revision, manifest: this.#parts.signer.seal(this.#segments.format()) };
    return { type: "served", manifest: this.#sealed.manifest, leftOut: 0 };
  }

  close(): void {
    if (this.#state.type === "waiting") this.#state.cancel();
    this.#state = { type: "closed" };
    // A place is for what is read.
    this.#urls = [];
    this.#begun();
  }

  /** Whether a viewer who asks is a reason to read the playlists. */
  #isDue(now: number): boolean {
    switch (this.#state.type) {
      case "resting":
        return true;
      case "waiting":
        return this.#pace.isDue(now);
      case "ended":
        return now - this.#state.sinceMs >= this.#parts.options.manifestMaxAgeMs;
      case "reading":
      case "closed":
        return false;
      default:
        return this.#state satisfies never;
    }
  }

  async #poll(): Promise<void> {
    this.#state = { type: "reading" };
    const { reader, clock, options } = this.#parts;
    const isNamedNow = clock.now() - this.#namedAtMs < options.manifestMaxAgeMs;
    let found = isNamedNow ? await reader.readAll(this.#urls) : await reader.readStream(this.#url);
    // None of them can be read: they may have other names by now.
    if (found.type === "failed" && isNamedNow) found = await reader.readStream(this.#url);
    if (this.isClosed) return;
    if (found.type === "stream" && found.urls !== this.#urls) this.#name(found.urls);
    this.#take(found.type === "stream" ? found.media : []);
  }

  /** Renditions come and go, and their URLs may bear signatures that do. */
  #name(urls: readonly URL[]): void {
    this.#urls = urls;
    this.#namedAtMs = this.#parts.clock.now();
    this.#segments.keepOnly(urls);
  }

  #take(media: readonly MediaPlaylist[]): void {
    const now = this.#parts.clock.now();
    const isChanged = this.#segments.slide(media);
    for (const hashed of this.#segments.list()) this.#try(hashed.then(() => this.#hashed()));
    const targets = media.flatMap(({ playlist }) => playlist.targetDurationMs ?? []);
    this.#pace.polled({ isChanged, targetMs: targets.length > 0 ? Math.min(...targets) : undefined }, now);
    const isEnded = media.length > 0 && media.every(({ playlist }) => playlist.isEnded);
    const isComplete = isEnded && !this.#segments.isHashing;
    this.#state = isComplete ? { type: "ended", sinceMs: now } : this.#wait();
  }

  #hashed(): void {
    if (this.#segments.revision > 0 || !this.#segments.isHashing) this.#begun();
  }

  #wait(): State {
    const cancel = this.#parts.clock.after(this.#pace.delayMs, () => {
      if (this.isIdle) this.#state = { type: "resting" };
      else this.#try(this.#poll());
    });
    return { type: "waiting", cancel };
  }

  /** A fault in following one stream must not end the process, and with it all others. */
  #try(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#parts.warn(`manifest service: ${error instanceof Error ? error.stack : String(error)}`);
      this.close();
    });
  }
}
