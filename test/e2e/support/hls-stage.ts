import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Page } from "puppeteer-core";
import type { RivuletOptions } from "#sdk/index.ts";
import { bundlePage } from "./bundle-page.ts";
import type { HlsFilm, ShowingOptions, ShowingReport } from "./hls-page.ts";
import type { Handed } from "./hls-page-hash.ts";
import { openStage, type Stage, type StageOptions, type Viewer } from "./stage.ts";
import { waitFor } from "./wait-for.ts";

export interface HlsStageOptions extends Omit<StageOptions, "sizes" | "files"> {
  /** What the manifest lists at `/assets/`. */
  readonly media?: Readonly<Record<string, Uint8Array>>;
  /** Sizes of further files that it lists; the bytes are pseudo-random. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** Also at `/assets/`, and not listed, as playlists are not. */
  readonly playlists?: Readonly<Record<string, string>>;
}

/** A site with films for hls.js. */
export interface HlsStage extends Stage {
  readonly media: Readonly<Record<string, Uint8Array>>;
  /** Puts a text where the origin serves it. */
  put(path: string, text: string): void;
  /** Closes all that are open: a viewer of an earlier test would be a peer in the next. */
  closeViewers(): Promise<void>;
}

interface FilmWindow {
  readonly film: HlsFilm;
  readonly showing: { report(): ShowingReport };
}

declare const window: FilmWindow;

export async function openHlsStage(options: HlsStageOptions): Promise<HlsStage> {
  const { media = {}, sizes = {}, playlists = {}, ...rest } = options;
  const stage = await openStage({ sizes, files: media, ...rest });
  const put = (path: string, text: string) => stage.origin.files.set(path, new TextEncoder().encode(text));
  for (const [name, text] of Object.entries(playlists)) put(`/assets/${name}`, text);
  const hls = new URL("../../../node_modules/hls.js/dist/hls.min.js", import.meta.url);
  stage.origin.files.set("/hls.min.js", readFileSync(hls));
  put("/film.js", await bundlePage("hls-page.ts", BUILT));
  put(
    "/film.html",
    `<!doctype html><meta charset="utf-8"><title>film</title><link rel="icon" href="data:,">
<script src="/hls.min.js"></script><script type="module" src="/film.js"></script>`,
  );
  const viewers: Viewer[] = [];
  return {
    ...stage,
    media,
    put,
    async open(...given) {
      const viewer = await stage.open(...given);
      viewers.push(viewer);
      return viewer;
    },
    async closeViewers() {
      await Promise.all(viewers.splice(0).map((viewer) => viewer.close()));
    },
  };
}

/** Rivulet and its integration are the built ones. */
const BUILT = { "#sdk/index.ts": "/sdk/index.js", "#sdk/integrations/hls.ts": "/sdk/hls.js" };

export interface ViewerOptions extends Partial<RivuletOptions> {
  /** May change the page before it loads. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** A viewer with a Rivulet that has its manifest; nothing is played yet. */
export async function openViewer(
  stage: HlsStage,
  { prepare, ...options }: ViewerOptions = {},
): Promise<Viewer> {
  const viewer = await stage.open("/film.html", prepare);
  await enter(stage, viewer, options);
  return viewer;
}

/** Makes the page's Rivulet: for a page that was loaded again. */
export async function enter(stage: HlsStage, viewer: Viewer, options: Partial<RivuletOptions> = {}) {
  const given = { signal: stage.signalUrl, manifest: "/rivulet.json", ...options };
  await viewer.page.evaluate((given) => window.film.enter(given), given);
}

/** Opens a film in a new player, at a path below `/assets/` unless it begins with a slash. */
export async function show(viewer: Viewer, playlist: string, options: ShowingOptions = {}): Promise<void> {
  const path = playlist.startsWith("/") ? playlist : `/assets/${playlist}`;
  await viewer.page.evaluate((path, options) => window.film.start(path, options), path, options);
}

export function report(viewer: Viewer): Promise<ShowingReport> {
  return viewer.page.evaluate(() => window.showing.report());
}

/** Waits until a film fares as wished; fails with how it does after `seconds`. */
export function untilShown(
  viewer: Viewer,
  wished: (report: ShowingReport) => boolean,
  seconds = 30,
): Promise<ShowingReport> {
  return waitFor({ look: () => report(viewer), wished, seconds, otherwise: "Not as wished" });
}

/** Plays a film to its end. */
export async function playThrough(
  viewer: Viewer,
  playlist: string,
  options: ShowingOptions = {},
): Promise<ShowingReport> {
  await show(viewer, playlist, options);
  return untilShown(viewer, ({ ended, errors }) => ended || errors.length > 0);
}

/** Opens a film, waits until the player has all of it, and closes it again; what it loaded stays with Rivulet. */
export async function loadThrough(
  viewer: Viewer,
  playlist: string,
  { seconds, ...options }: ShowingOptions & { readonly seconds: number },
): Promise<ShowingReport> {
  await show(viewer, playlist, options);
  // Its last picture ends a little before its sound does, or after. A level is there once it plays.
  const loaded = await untilShown(
    viewer,
    ({ bufferedTo, levels, errors }) =>
      (bufferedTo > seconds - 0.2 && levels.length > 0) || errors.length > 0,
  );
  assert.deepEqual(loaded.errors, []);
  await viewer.page.evaluate(() => window.film.leave());
  return loaded;
}

/** It came to its end without an error, and every byte that the player was handed is the origin's file's. */
export function assertShown(stage: HlsStage, { ended, errors, handed, position }: ShowingReport): void {
  assert.deepEqual(errors, []);
  assert.ok(ended, `stopped at ${position} s`);
  assert.ok(handed.length > 0);
  for (const one of handed) assertRightBytes(stage, one);
}

export function assertRightBytes(stage: HlsStage, { url, start, end, bytes, sha256 }: Handed): void {
  const file = stage.origin.files.get(new URL(url).pathname) ?? new Uint8Array();
  const part = file.subarray(start, end || file.length);
  assert.equal(bytes, part.length, `bytes of ${url} from ${start}`);
  assert.equal(sha256, createHash("sha256").update(part).digest("hex"), `SHA-256 of ${url} from ${start}`);
}

/** The length of some of the stage's media together, bytes. */
export function mediaBytes(stage: HlsStage, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + (stage.media[name]?.byteLength ?? 0), 0);
}

/** What left the origin of some of its media, bytes. */
export function mediaBytesSent(stage: HlsStage, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + stage.origin.log.bytes(`/assets/${name}`), 0);
}
