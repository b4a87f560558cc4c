import { PlaylistEvents, type WatchFolder } from "./playlist-events.ts";
import type { SegmentFolder } from "./segment-folder.ts";

/** How often the folder is looked at when nothing calls for it. */
const LOOK_MS = 250;

/** Playlists of several renditions are written in one go; a look at each of them alone would be in vain. */
const GATHER_MS = 10;

/** A big folder takes long to look at; it shall not take the whole processor. */
const REST_RATIO = 3;

/** Keeps a folder's manifest up to date until the signal is aborted: a look at intervals, and at once for a playlist. */
export async function watchFolder(
  folder: SegmentFolder,
  options: { readonly signal: AbortSignal; readonly lookMs?: number; readonly watch?: WatchFolder },
): Promise<void> {
  const { signal, lookMs = LOOK_MS } = options;
  let isCalled = false;
  let wake = (): void => {};
  const events = new PlaylistEvents(() => {
    isCalled = true;
    wake();
  }, options.watch);
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (isCalled || signal.aborted) wake();
    });
  const stop = (): void => wake();
  signal.addEventListener("abort", stop);
  try {
    while (!signal.aborted) {
      isCalled = false;
      const beganMs = performance.now();
      await folder.look(beganMs, signal);
      events.follow(folder.playlistFolders);
      await pause(Math.max(lookMs, REST_RATIO * (performance.now() - beganMs)));
      if (isCalled && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    }
  } finally {
    signal.removeEventListener("abort", stop);
    events.close();
  }
}
