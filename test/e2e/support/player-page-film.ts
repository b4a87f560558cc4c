// What the pages of all players share. It runs in the page.
import type { Rivulet } from "#sdk/index.ts";
import type { FilmPage, Loaded, PlayOptions } from "./player-page.ts";

declare const window: Window & {
  readonly Rivulet: { readonly current?: Rivulet };
  film: FilmPage;
};

/** A player that was made for one film. */
export interface PageFilm {
  readonly video: HTMLVideoElement;
  readonly errors: string[];
  readonly loads: Loaded[];
}

/** Makes a player and starts it; `rivulet` is to be loaded through, when there is one. Gives how to stop it. */
export type MakePlayer = (
  playlist: string,
  rivulet: Rivulet | undefined,
  film: PageFilm,
) => Promise<() => Promise<void>>;

/** Leaves `window.film` for the tests. */
export function servePlayer(makePlayer: MakePlayer): void {
  const open = async (playlist: string, { withRivulet = true, rate = 1 }: PlayOptions) => {
    const { current } = window.Rivulet;
    if (!current) throw new Error("The script tag made no instance.");
    await current.ready;
    const video = document.createElement("video");
    video.muted = true;
    document.body.append(video);
    const film: PageFilm = { video, errors: [], loads: [] };
    video.addEventListener("error", () => film.errors.push(`element: ${video.error?.message}`));
    video.addEventListener("loadeddata", () => {
      video.playbackRate = rate;
      video.play().catch((error: unknown) => film.errors.push(String(error)));
    });
    const stop = await makePlayer(playlist, withRivulet ? current : undefined, film);
    return { film, stop };
  };
  let started: { readonly stop: () => Promise<void> } | undefined;
  window.film = {
    async play(playlist, options) {
      const { film } = await open(playlist, options);
      const { video, errors, loads } = film;
      // A player that takes a busy machine for a stall pauses and plays to break it, and may be left paused with all of
      // the film in its buffer: a viewer presses play.
      video.addEventListener("pause", () => {
        if (!video.ended) video.play().catch(() => undefined);
      });
      let moved = { to: -1, at: performance.now() };
      while (!video.ended && errors.length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (video.currentTime !== moved.to) moved = { to: video.currentTime, at: performance.now() };
        if (performance.now() > moved.at + STILL_MS) errors.push(stoodStill(video));
      }
      return { ended: video.ended, currentTime: video.currentTime, duration: video.duration, errors, loads };
    },
    async start(playlist, options) {
      started = await open(playlist, options);
    },
    async seek(seconds) {
      for (const video of document.querySelectorAll("video")) video.currentTime = seconds;
    },
    async stop() {
      await started?.stop();
    },
  };
}

/** What a player was given, as the tests compare it with the origin's file. */
/** Playback that does not move for so long has stopped for good. */
const STILL_MS = 15_000;

function stoodStill({ currentTime, paused, readyState, buffered }: HTMLVideoElement): string {
  const ranges = Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)]);
  return `stood still: ${JSON.stringify({ currentTime, paused, readyState, ranges })}`;
}

export async function loaded(url: string, range: string | undefined, data: BufferSource): Promise<Loaded> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { url, range: range ?? null, bytes: data.byteLength, sha256 };
}
