import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { openStage, type Stage, type Viewer } from "./support/stage.ts";
import { waitFor } from "./support/wait-for.ts";
import {
  controlled,
  get,
  isFromWorker,
  openTab,
  type PageWindow,
  servePage,
  serveWorker,
  statsOf,
  workerTag,
} from "./support/worker-page.ts";

const SIZES = { "film.bin": 3_000_000, "model.bin": 500_000, "small.bin": 1000, "late.bin": 400_000 };

/** A module, a style sheet that asks for a picture, and a picture that is a valid one whatever its size. */
const text = (body: string) => new TextEncoder().encode(body);
const picture = (width: number) =>
  text(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="1"><!--${"~".repeat(90_000)}--></svg>`,
  );
const FILES = {
  "module.js": text(`export const answer = 42; // ${"~".repeat(70_000)}`),
  "style.css": text(`body { background: url("/assets/behind.svg"); } /* ${"~".repeat(70_000)} */`),
  "behind.svg": picture(2),
  "front.svg": picture(3),
  "wide.svg": picture(300),
  "tiny.wasm": Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
};

describe("a site's Service Worker", () => {
  let stage: Stage;
  let viewer: Viewer;
  before(async () => {
    const film = new Uint8Array(await readFile(new URL("../media/video.mp4", import.meta.url)));
    stage = await openStage({ sizes: SIZES, files: { ...FILES, "film.mp4": film } });
    await serveWorker(stage);
    viewer = await stage.open("/worker.html");
    assert.equal(await controlled(viewer.page), true);
  });
  after(() => stage.close());

  it("answers what the manifest lists with its type, length and ETag, the right bytes, and ranges", async () => {
    const whole = await get(viewer.page, "/assets/model.bin");
    assert.equal(isFromWorker(whole), true);
    assert.deepEqual(
      [whole.status, whole.type, whole.bytes, whole.hash],
      [200, "application/octet-stream", 500_000, stage.hashes.get("model.bin")],
    );
    const part = await get(viewer.page, "/assets/model.bin", { headers: { Range: "bytes=70000-169999" } });
    assert.deepEqual(
      [part.status, part.contentRange, part.bytes, part.etag],
      [206, "bytes 70000-169999/500000", 100_000, whole.etag],
    );
    const none = await get(viewer.page, "/assets/model.bin", { headers: { Range: "bytes=500000-" } });
    assert.equal(none.status, 416);
    assert.equal(stage.origin.log.copies("/assets/model.bin"), 1);
  });

  it("answers modules, style sheets and what they ask for, candidates of srcset, and WebAssembly", async () => {
    const before = (await statsOf(viewer.page)).originBytes;
    const found = await viewer.page.evaluate(async () => {
      const load = (element: HTMLImageElement | HTMLLinkElement) =>
        new Promise((resolve, reject) => {
          element.onload = resolve;
          element.onerror = () => reject(new Error("It did not load."));
          document.head.append(element);
        });
      const { answer } = await import(new URL("/assets/module.js", location.href).href);
      const style = Object.assign(document.createElement("link"), { rel: "stylesheet" });
      style.href = "/assets/style.css";
      await load(style);
      const image = new Image();
      image.srcset = "/assets/front.svg 1x, /assets/wide.svg 100x";
      await load(image);
      await WebAssembly.compileStreaming(fetch("/assets/tiny.wasm"));
      return [answer, image.naturalWidth];
    });
    assert.deepEqual(found, [42, 3]);
    const names = ["module.js", "style.css", "behind.svg", "front.svg", "tiny.wasm"] as const;
    const bytes = names.reduce((sum, name) => sum + FILES[name].byteLength, 0);
    // The background is asked for when it is painted.
    const came = async () => (await statsOf(viewer.page)).originBytes - before;
    await waitFor({ look: came, wished: (seen) => seen === bytes, seconds: 10, otherwise: "Not all came" });
    assert.deepEqual(
      names.map((name) => stage.origin.log.copies(`/assets/${name}`)),
      [1, 1, 1, 1, 1],
    );
  });

  const untouched: readonly (readonly [string, string, RequestInit])[] = [
    ["what is not listed", "/blank.html", {}],
    ["what another origin serves", "other", {}],
    ["a request with credentials", "/assets/small.bin", { credentials: "include" }],
    ["a request with a header of the page's own", "/assets/small.bin", { headers: { "X-Own": "1" } }],
    ["a request with Authorization", "/assets/small.bin", { headers: { Authorization: "Basic eDp5" } }],
    ["what must not come from a cache", "/assets/small.bin", { cache: "no-store" }],
    ["what must be validated", "/assets/small.bin", { cache: "no-cache" }],
  ];
  for (const [what, path, init] of untouched) {
    it(`leaves ${what} to the network, unchanged`, async () => {
      const { origin } = stage;
      const url =
        path === "other" ? `${origin.url.replace("127.0.0.1", "localhost")}/assets/small.bin` : path;
      origin.log.reset();
      const got = await get(viewer.page, url, init);
      assert.equal(got.status, 200);
      assert.equal(isFromWorker(got), false);
      const { pathname } = new URL(url, origin.url);
      const asked = origin.log.requests(pathname).filter(({ method }) => method === "GET");
      assert.equal(asked.length, 1);
      const { headers = {} } = init;
      for (const [name, value] of Object.entries(headers))
        assert.equal(asked[0]?.headers[name.toLowerCase()], value);
    });
  }

  it("answers a second visit from the store: not a byte of it leaves the origin", async () => {
    const page = viewer.page;
    await get(page, "/assets/film.bin");
    stage.origin.log.reset();
    await page.reload();
    const got = await get(page, "/assets/film.bin");
    assert.deepEqual([got.hash, isFromWorker(got)], [stage.hashes.get("film.bin"), true]);
    assert.equal(stage.originBytes(), 0);
    const look = async () => (await statsOf(page)).storeBytes;
    await waitFor({
      look,
      wished: (seen) => seen >= 3_000_000,
      seconds: 10,
      otherwise: "It was not counted",
    });
  });

  it("answers from the store before the page has an engine, and when the origin is down", async () => {
    servePage(stage, "/plain.html", "<!doctype html><title>plain</title>");
    const page = await viewer.context.newPage();
    await viewer.page.goto("about:blank");
    await page.goto(`${stage.origin.url}/plain.html`);
    for (const path of ["/rivulet.json", "/assets/film.bin"]) stage.origin.faults.set(path, { status: 503 });
    await page.reload();
    const got = await page.evaluate(async () => {
      const response = await fetch("/assets/film.bin");
      return [response.status, (await response.arrayBuffer()).byteLength];
    });
    assert.deepEqual(got, [200, 3_000_000]);
    stage.origin.faults.clear();
    await page.close();
    await viewer.page.goto(`${stage.origin.url}/worker.html`);
    assert.equal(await controlled(viewer.page), true);
  });

  it("brings what the origin cannot from one complete peer", async () => {
    const other = await stage.open("/worker.html");
    assert.equal(await controlled(other.page), true);
    await get(viewer.page, "/assets/late.bin");
    stage.origin.faults.set("/assets/late.bin", { status: 503 });
    const got = await get(other.page, "/assets/late.bin");
    assert.deepEqual([got.status, got.hash], [200, stage.hashes.get("late.bin")]);
    assert.equal((await statsOf(other.page)).peerBytes, 400_000);
    // Also what a page asks for before its engine runs.
    servePage(stage, "/down.html", `${workerTag(stage)}<img src="/assets/front.svg" alt="">`);
    stage.origin.faults.set("/assets/front.svg", { status: 503 });
    await other.page.goto(`${stage.origin.url}/down.html`);
    await other.page.waitForFunction(() => document.images[0]?.naturalWidth === 3, { timeout: 10_000 });
    stage.origin.faults.clear();
    await other.close();
  });

  it("serves marked elements by their own URLs on a first visit", async () => {
    const body = `<img data-rivulet="/assets/front.svg" data-rivulet-srcset="/assets/wide.svg 1x" alt="">`;
    servePage(stage, "/marked.html", `${workerTag(stage)}${body}`);
    const first = await stage.open("/marked.html");
    const shown = await first.page.evaluate(async () => {
      const image = document.querySelector("img") as HTMLImageElement;
      while (image.naturalWidth === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      return [image.naturalWidth, image.dataset.rivuletState, image.getAttribute("src")];
    });
    assert.deepEqual(shown, [300, "done", "/assets/front.svg"]);
    assert.equal(
      (await statsOf(first.page)).peerBytes + (await statsOf(first.page)).originBytes,
      FILES["wide.svg"].byteLength,
    );
    await first.close();
  });

  it("plays a film that the page asks for before its engine runs, and jumps in it", async () => {
    servePage(
      stage,
      "/film.html",
      `${workerTag(stage)}<video src="/assets/film.mp4" preload="auto" muted></video>`,
    );
    const page = await openTab(stage, viewer, "/film.html");
    const played = await page.evaluate(async () => {
      const video = document.querySelector("video") as HTMLVideoElement;
      const heard = (name: string) =>
        new Promise((resolve) => video.addEventListener(name, resolve, { once: true }));
      if (video.readyState < 3) await Promise.race([heard("canplay"), heard("error")]);
      await (window as unknown as PageWindow).Rivulet.controlled;
      video.currentTime = video.duration * 0.8;
      await Promise.race([heard("seeked"), heard("error")]);
      return video.error?.message ?? "played";
    });
    assert.equal(played, "played");
    await page.close();
  });

  it("passes on what the network brought before there was an engine", async () => {
    servePage(stage, "/shown.html", `${workerTag(stage)}<img src="/assets/behind.svg" alt="">`);
    const first = await stage.open("/shown.html");
    await controlled(first.page);
    // It is taken over one file after the other, when the engine runs.
    await new Promise((resolve) => setTimeout(resolve, 500));
    // From the browser's own cache: nothing is asked of the origin.
    stage.origin.log.reset();
    const look = () =>
      first.page.evaluate(async () => {
        const { current } = (window as unknown as PageWindow).Rivulet;
        const response = await current.fetch("/assets/behind.svg");
        return [(await response.arrayBuffer()).byteLength, current.stats.storeBytes];
      });
    const [bytes, storeBytes] = await look();
    assert.deepEqual([bytes, storeBytes], [FILES["behind.svg"].byteLength, FILES["behind.svg"].byteLength]);
    assert.equal(stage.origin.log.bytes("/assets/behind.svg"), 0);
    await first.close();
  });
});
