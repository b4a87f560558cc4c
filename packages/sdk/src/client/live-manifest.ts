import { RivuletError } from "../base/errors.ts";
import { second } from "../base/time.ts";
import type { Input } from "../engine/io.ts";
import type { Catalog } from "./catalog.ts";
import { loadManifest, type ManifestFile } from "./manifest-file.ts";
import { abortable, sleep, within } from "./waiting.ts";

/** A segment may be in a playlist before it is in the manifest: it is looked for again, this often at most. */
const AGAIN_MS = second / 4;

/** Keeps a live manifest up to date: a segment that it does not list yet is looked for in a later one. */
export class LiveManifest {
  readonly #file: ManifestFile;
  readonly #catalog: Catalog;
  readonly #find: (url: string) => number | undefined;
  readonly #input: (input: Input) => void;
  readonly #now: () => number;
  readonly #problem: (error: RivuletError) => void;
  #loading: Promise<void> | undefined;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #replaced = false;
  #doubted = false;

  constructor(parts: {
    readonly file: ManifestFile;
    readonly catalog: Catalog;
    readonly input: (input: Input) => void;
    readonly now: () => number;
    readonly find: (url: string) => number | undefined;
    readonly problem: (error: RivuletError) => void;
  }) {
    const { file } = parts;
    // As fresh as the playlist, which is revalidated too.
    this.#file = { ...file, fetch: (url, init) => file.fetch(url, { ...init, cache: "no-cache" }) };
    this.#catalog = parts.catalog;
    this.#find = parts.find;
    this.#input = parts.input;
    this.#now = parts.now;
    this.#problem = parts.problem;
  }

  /** The resource of a URL, for which later manifests are looked at until then; undefined when none lists it. */
  async find(url: string, until: number, signal: AbortSignal | undefined): Promise<number | undefined> {
    for (;;) {
      const index = this.#find(url);
      if (index !== undefined || this.#replaced) return index;
      const leftMs = until - this.#now();
      const loading = this.#refresh();
      // Who cannot wait has at least brought the next one up to date.
      if (leftMs <= 0) return undefined;
      await abortable(within(leftMs, loading), signal);
    }
  }

  #refresh(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    await sleep(this.#loadedAt + AGAIN_MS - this.#now());
    try {
      const { manifest, content } = await loadManifest(this.#file);
      if (content === this.#catalog.content) {
        this.#catalog.grow(manifest);
        this.#input({ type: "content-grew", content });
      } else if (!this.#replaced) {
        this.#replaced = true;
        const message = `The live manifest ${this.#file.url} is now of another stream: what is new comes from the origin until the page is loaded again.`;
        this.#problem(new RivuletError("stale-manifest", message));
      }
    } catch (error) {
      // The origin brings what no manifest lists; the next segment asks again.
      if (this.#doubted || !(error instanceof RivuletError) || error.code !== "manifest-untrusted") return;
      this.#doubted = true;
      this.#problem(error);
    } finally {
      this.#loadedAt = this.#now();
    }
  }
}
