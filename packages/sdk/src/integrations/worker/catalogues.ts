import { readCatalogues } from "../../adapters/catalogue-records.ts";
import { toHex } from "../../base/bytes.ts";
import { second } from "../../base/time.ts";
import type { Catalogue, CatalogueEntry } from "../../client/catalogue.ts";
import { keyOf } from "../../client/resource-key.ts";
import { within } from "../../client/waiting.ts";

/** An origin that says nothing about its manifest for so long is taken to be down: what it said last still holds. */
const CHECK_MS = second;

/** A listed resource, and by which manifest. */
export interface Listed {
  readonly url: string;
  readonly sizeBytes: number;
  readonly pieceBytes: number;
  readonly mediaType: string | undefined;
  readonly root: Uint8Array;
  readonly hashes: Uint8Array;
  readonly manifest: string;
}

/** What the manifests of this site list, as the leading pages said last, for as long as the manifests say so still. */
export class Catalogues {
  readonly #known = new Map<
    string,
    { readonly known: Catalogue; readonly byUrl: Map<string, CatalogueEntry> }
  >();
  /** What was published when it was looked at last, by manifest. */
  readonly #published = new Map<string, string>();
  #checking: Promise<void> = Promise.resolve();
  #isLoaded = false;
  /** Settles when what an earlier worker knew has been read. */
  readonly loaded: Promise<void>;

  constructor() {
    this.loaded = readCatalogues()
      .then(
        (records) => {
          for (const [manifest, known] of records)
            if (!this.#known.has(manifest)) this.#take(manifest, known as Catalogue);
        },
        // Where storage is forbidden, the leader's word will have to do.
        () => undefined,
      )
      .then(() => {
        this.#isLoaded = true;
      });
  }

  /** The resource of a URL; undefined when none is listed; `unknown` while that cannot be told. */
  find(url: string): Listed | undefined | "unknown" {
    const key = keyOf(url);
    for (const [manifest, { byUrl }] of this.#known) {
      const entry = byUrl.get(key);
      if (!entry) continue;
      const [, sizeBytes, pieceBytes, mediaType, root, hashes] = entry;
      return { url: key, sizeBytes, pieceBytes, mediaType, root, hashes, manifest };
    }
    return this.#isLoaded ? undefined : "unknown";
  }

  /** False for what is no longer published: a page that has been open for long may lead with it still. */
  learn(manifest: string, known: Catalogue): boolean {
    const published = this.#published.get(manifest);
    // A leader that follows a live stream lists nothing.
    if (known.content === "" || (published !== undefined && published !== known.content)) return false;
    this.#take(manifest, known);
    return true;
  }

  /** A page is being loaded: whatever it needs shall be of the manifests that are published now. */
  check(): void {
    this.#checking = this.loaded.then(async () => {
      await Promise.all([...this.#known.keys()].map((manifest) => this.#check(manifest)));
    });
  }

  /** Settles when the check that was begun last is done, or takes too long. */
  checked(): Promise<void> {
    return within(CHECK_MS, this.#checking);
  }

  async #check(manifest: string): Promise<void> {
    try {
      const response = await fetch(manifest, { cache: "no-cache", credentials: "same-origin" });
      // The origin cannot say, for now.
      if (response.status >= 500) return;
      const bytes = await response.arrayBuffer();
      const content = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
      this.#published.set(manifest, content);
      if (this.#known.get(manifest)?.known.content !== content) this.#known.delete(manifest);
    } catch {
      // It is down: what it said last still holds.
    }
  }

  #take(manifest: string, known: Catalogue): void {
    this.#known.set(manifest, { known, byUrl: new Map(known.entries.map((entry) => [entry[0], entry])) });
  }
}
