import { html } from "./element.ts";
import type { LiveRivulet } from "./live.ts";

/**
 * Where another viewer is to be opened. A second tab of this very host would share its storage and find every file
 * stored already; on a local demo each name below localhost reaches the same server as a visitor of its own.
 */
export function otherViewerUrl(here: URL, name: string): string {
  const url = new URL(here);
  const { hostname } = url;
  if (hostname === "127.0.0.1" || hostname === "localhost" || hostname.endsWith(".localhost")) {
    url.hostname = `viewer-${name}.localhost`;
  }
  return url.href;
}

export class Actions {
  /** What one wants to press: kept in reach. */
  readonly main: HTMLElement;
  /** What one may want to press. */
  readonly other: HTMLElement;
  readonly #rivulet: () => LiveRivulet | undefined;

  constructor(rivulet: () => LiveRivulet | undefined) {
    this.#rivulet = rivulet;
    const another = html("button", { type: "button", class: "primary" }, "Open another viewer");
    const clear = html("button", { type: "button" }, "Clear my cache and reload");
    another.addEventListener("click", () => {
      const name = Math.random().toString(36).slice(2, 6);
      window.open(otherViewerUrl(new URL(location.href), name), "_blank", "noopener");
    });
    clear.addEventListener("click", () => {
      clear.disabled = true;
      void this.#clear();
    });
    this.main = html("div", { class: "actions main" }, another);
    this.other = html("div", { class: "actions" }, clear);
  }

  async #clear(): Promise<void> {
    await this.#rivulet()?.destroy();
    const databases = await indexedDB.databases().catch(() => []);
    await Promise.all(databases.map(({ name }) => (name ? emptyDatabase(name) : undefined)));
    location.reload();
  }
}

/** Empties the stores rather than deleting the database: deletion waits for every other tab to close it. */
function emptyDatabase(name: string): Promise<void> {
  return new Promise((resolve) => {
    const opening = indexedDB.open(name);
    opening.onerror = () => resolve();
    opening.onsuccess = () => {
      const database = opening.result;
      const stores = [...database.objectStoreNames];
      const finish = (): void => {
        database.close();
        resolve();
      };
      if (stores.length === 0) return finish();
      const transaction = database.transaction(stores, "readwrite");
      for (const store of stores) transaction.objectStore(store).clear();
      transaction.oncomplete = finish;
      transaction.onabort = finish;
    };
  });
}
