import { watch } from "node:fs";
import { basename } from "node:path";
import { isPlaylist } from "./playlists.ts";

/** How folders are watched: as `node:fs` does it. */
export type WatchFolder = (
  folder: string,
  listener: (event: string, name: string | null) => void,
) => {
  on(event: "error", listener: () => void): unknown;
  close(): void;
};

/** Each folder costs a handle of the system's; what lies in further ones is found by looking. */
const MAX_FOLDERS = 256;

/** Calls back when a playlist is written. It may miss some: a network disk tells nothing of what others write there. */
export class PlaylistEvents {
  readonly #onPlaylist: () => void;
  readonly #watch: WatchFolder;
  readonly #watchers = new Map<string, ReturnType<WatchFolder>>();

  constructor(onPlaylist: () => void, watchFolder: WatchFolder = watch) {
    this.#onPlaylist = onPlaylist;
    this.#watch = watchFolder;
  }

  /** Watches these folders, and none else. */
  follow(folders: readonly string[]): void {
    const wanted = new Set(folders.slice(0, MAX_FOLDERS));
    for (const folder of this.#watchers.keys()) if (!wanted.has(folder)) this.#leave(folder);
    for (const folder of wanted) if (!this.#watchers.has(folder)) this.#enter(folder);
  }

  close(): void {
    this.follow([]);
  }

  #enter(folder: string): void {
    try {
      const watcher = this.#watch(folder, (event, name) => {
        // The folder itself was moved or deleted; one of the same name needs a watcher of its own.
        if (event === "rename" && name === basename(folder)) this.#leave(folder);
        if (name === null || isPlaylist(name)) this.#onPlaylist();
      });
      watcher.on("error", () => this.#leave(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // The folder is gone, or the system has no more watchers to give: looking now and then has to do.
    }
  }

  #leave(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
