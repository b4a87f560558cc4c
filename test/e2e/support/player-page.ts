import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Page } from "puppeteer-core";
import { bundlePage } from "./bundle-page.ts";
import { filmFiles, filmPlaylists } from "./player-page-media.ts";
import { openStage, type Stage, type StageOptions, type Viewer } from "./stage.ts";

export type PlayerName = "shaka" | "dash";

/** How a page without a bundler loads each player, below node_modules. */
const BUILDS: Readonly<Record<PlayerName, string>> = {
  shaka: "shaka-player/dist/shaka-player.compiled.js",
  dash: "dashjs/dist/modern/umd/dash.all.min.js",
};

/** A film's stage, and its files as they are at the origin. */
export interface FilmStage extends Stage {
  readonly media: Readonly<Record<string, Uint8Array>>;
}

/** What a player was given by one request for a segment. */
export interface Loaded {
  readonly url: string;
  readonly range: string | null;
  readonly bytes: number;
  readonly sha256: string;
}

/** How a film was played. */
export interface Played {
  readonly ended: boolean;
  readonly currentTime: number;
  readonly duration: number;
  readonly errors: readonly string[];
  readonly loads: readonly Loaded[];
}

export interface PlayOptions {
  /** False: as if the page had no Rivulet. */
  readonly withRivulet?: boolean;
  /** How fast, 1 as a viewer would watch it. */
  readonly rate?: number;
}

/** What the pages leave on their `window` for the tests. */
export interface FilmPage {
  /** Plays a film to its end in a new player, or to an error. */
  play(playlist: string, options: PlayOptions): Promise<Played>;
  /** Makes a new player and starts it. */
  start(playlist: string, options: PlayOptions): Promise<void>;
  seek(seconds: number): Promise<void>;
  /** Detaches and destroys the player that was started. */
  stop(): Promise<void>;
}

declare const window: { readonly film: FilmPage };

export async function openFilmStage(
  player: PlayerName,
  options: Omit<StageOptions, "sizes" | "files"> = {},
): Promise<FilmStage> {
  const media = filmFiles();
  const stage = await openStage({ sizes: {}, files: media, ...options });
  const put = (path: string, text: string) => stage.origin.files.set(path, new TextEncoder().encode(text));
  // Not in the manifest, as a stream's own are not.
  for (const [name, text] of Object.entries(filmPlaylists())) put(`/assets/${name}`, text);
  stage.origin.files.set(
    "/player.js",
    readFileSync(new URL(`../../../node_modules/${BUILDS[player]}`, import.meta.url)),
  );
  // The integration itself is the built one.
  const built = { [`#sdk/integrations/${player}.ts`]: `/sdk/${player}.js` };
  put("/film.js", await bundlePage(`player-page-${player}.ts`, built));
  put("/film.html", filmPage(stage.signalUrl));
  return { ...stage, media };
}

function filmPage(signalUrl: string): string {
  return `<!doctype html><meta charset="utf-8"><title>film</title><link rel="icon" href="data:,">
<script src="/player.js"></script>
<script src="/sdk/rivulet.js" data-signal="${signalUrl}" data-manifest="/rivulet.json"></script>
<script type="module" src="/film.js"></script>`;
}

export function openFilm(stage: Stage, prepare?: (page: Page) => Promise<void>): Promise<Viewer> {
  return stage.open("/film.html", prepare);
}

export function play(viewer: Viewer, playlist: string, options: PlayOptions = {}): Promise<Played> {
  return viewer.page.evaluate(
    (playlist, options) => window.film.play(`/assets/${playlist}`, options),
    playlist,
    options,
  );
}

/** Starts a film, without waiting for more than its first bytes. */
export function start(viewer: Viewer, playlist: string, options: PlayOptions = {}): Promise<void> {
  return viewer.page.evaluate(
    (playlist, options) => window.film.start(`/assets/${playlist}`, options),
    playlist,
    options,
  );
}

export function seek(viewer: Viewer, seconds: number): Promise<void> {
  return viewer.page.evaluate((seconds) => window.film.seek(seconds), seconds);
}

export function stop(viewer: Viewer): Promise<void> {
  return viewer.page.evaluate(() => window.film.stop());
}

/** It played to its end, and every byte that the player was given is the origin's. */
export function assertPlayed(stage: FilmStage, played: Played): void {
  assert.deepEqual(played.errors, []);
  assert.ok(played.ended, `stopped at ${played.currentTime} of ${played.duration} s`);
  assert.ok(played.loads.length > 0);
  for (const { url, range, bytes, sha256 } of played.loads) {
    assert.match(url, new RegExp(`^${stage.origin.url}/assets/`));
    const [, start = "0", end] = /bytes=(\d+)-(\d+)/.exec(range ?? "") ?? [];
    const file = stage.media[url.replace(/^.*\//, "")] ?? new Uint8Array();
    const part = file.slice(Number(start), end === undefined ? file.length : Number(end) + 1);
    assert.equal(bytes, part.length, `bytes of ${url} ${range}`);
    assert.equal(sha256, createHash("sha256").update(part).digest("hex"), `SHA-256 of ${url} ${range}`);
  }
}

/** What left the origin of the film itself, bytes: not of its playlists, whatever was asked for. */
export function filmBytesSent(stage: FilmStage): number {
  return Object.keys(stage.media).reduce((sum, name) => sum + stage.origin.log.bytes(`/assets/${name}`), 0);
}
