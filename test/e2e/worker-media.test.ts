import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Page } from "puppeteer-core";
import { openStage, type Stage, type Viewer } from "./support/stage.ts";
import { waitFor } from "./support/wait-for.ts";
import {
  controlled,
  get,
  isFromWorker,
  openTab,
  servePage,
  serveWorker,
  workerTag,
} from "./support/worker-page.ts";

const FILM = "/assets/film.mp4";
/** Slow enough for the film's end to be far from what was loaded when it can play. */
const BYTES_PER_SECOND = 150_000;
/** A film can play by then, and a jump has ended, s. */
const PLAYS_WITHIN_S = 20;

/*
 * Chromium's players give a file up when some of its answers were made by a worker and some are the network's own: a jump
 * then ends in an error.
 */
describe("a jump in a film", () => {
  let stage: Stage;
  let viewer: Viewer;
  before(async () => {
    const film = new Uint8Array(await readFile(new URL("../media/video.mp4", import.meta.url)));
    stage = await openStage({
      sizes: { "poster.jpg": 20_000 },
      files: { "film.mp4": film },
      bytesPerSecond: BYTES_PER_SECOND,
    });
    await serveWorker(stage);
    const video = `<video src="${FILM}" preload="metadata" muted></video>`;
    servePage(stage, "/film.html", workerTag(stage) + video);
    stage.origin.files.set("/unlisted.mp4", film);
    const memory = workerTag(stage, 'data-store="memory"');
    servePage(stage, "/unlisted.html", memory + video.replace(FILM, "/unlisted.mp4"));
    servePage(stage, "/empty.html", "<!doctype html><title>empty</title>");
  });
  after(() => stage.close());
  beforeEach(async () => {
    viewer = await stage.open("/empty.html");
  });
  afterEach(() => viewer.close());

  it("succeeds on a page that was there before the worker", async () => {
    const page = await openFilm();
    assert.equal(await jump(page), "seeked");
  });

  it("succeeds on such a page after the worker was ended and begins anew", async () => {
    const page = await openFilm();
    await endWorkers(page);
    assert.equal(await jump(page), "seeked");
  });

  it("succeeds when the film began before the worker knew what is listed", async () => {
    await installWorker();
    const page = await openFilm();
    assert.equal(await jump(page), "seeked");
  });

  it("succeeds in a film that is not listed, where nothing is stored and the worker was ended", async () => {
    const page = await openFilm("/unlisted.html");
    await endWorkers(page);
    assert.equal(await jump(page), "seeked");
  });

  it("succeeds when the worker began the film, was ended, and begins anew", async () => {
    await openFilm();
    const page = await openFilm();
    await endWorkers(page);
    assert.equal(await jump(page), "seeked");
  });

  it("succeeds when the film that the worker began is listed no more", async (t) => {
    await openFilm();
    const page = await openFilm();
    const manifest = stage.origin.files.get("/rivulet.json") ?? assert.fail();
    t.after(() => stage.origin.files.set("/rivulet.json", manifest));
    const listed = JSON.parse(new TextDecoder().decode(manifest));
    const other = {
      ...listed,
      resources: listed.resources.filter(({ path }: { path: string }) => !path.includes("film")),
    };
    servePage(stage, "/rivulet.json", JSON.stringify(other));
    await openTab(stage, viewer, "/worker.html");
    const look = async () => isFromWorker(await get(page, FILM, { headers: { Range: "bytes=0-9" } }));
    await waitFor({ look, wished: (is) => !is, seconds: PLAYS_WITHIN_S, otherwise: "It is listed still" });
    assert.equal(await jump(page), "seeked");
  });

  /** Without a page that runs Rivulet: the worker knows no manifest. */
  async function installWorker(): Promise<void> {
    await viewer.page.evaluate(async () => {
      await navigator.serviceWorker.register("/rivulet-sw.js");
      await navigator.serviceWorker.ready;
    });
  }

  /** A tab whose film can play, and which the worker answers. */
  async function openFilm(path = "/film.html"): Promise<Page> {
    const page = await openTab(stage, viewer, path);
    const canPlay = () => page.evaluate(() => document.querySelector("video")?.readyState ?? 0);
    await waitFor({
      look: canPlay,
      wished: (state) => state >= 2,
      seconds: PLAYS_WITHIN_S,
      otherwise: "It cannot play",
    });
    assert.equal(await controlled(page), true);
    return page;
  }
});

function jump(page: Page): Promise<string> {
  return page.evaluate(async (withinS) => {
    const video = document.querySelector("video") as HTMLVideoElement;
    const ended = new Promise<string>((resolve) => {
      for (const name of ["seeked", "error"])
        video.addEventListener(name, () => resolve(name), { once: true });
      setTimeout(resolve, withinS * 1000, "neither seeked nor an error");
    });
    video.currentTime = video.duration * 0.9;
    return ended;
  }, PLAYS_WITHIN_S);
}

async function endWorkers(page: Page): Promise<void> {
  const session = await page.createCDPSession();
  await session.send("ServiceWorker.enable");
  await session.send("ServiceWorker.stopAllWorkers");
  await session.detach();
}
