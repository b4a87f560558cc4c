import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { BrowserContext, Page } from "puppeteer-core";
import { buildManifest } from "#sdk/cli/build-manifest.ts";
import type { RivuletOptions, RivuletStats } from "#sdk/index.ts";
import { type SignalingServer, startSignalingServer } from "#signaling/index.ts";
import { type Chromium, launchChromium } from "#test/support/chromium.ts";
import { startTestOrigin, type TestOrigin } from "#test/support/test-origin.ts";
import { Pace } from "#test/support/test-origin-pace.ts";
import { buildScripts } from "../../scripts/esbuild-packages.mjs";
import { waitFor } from "../e2e/support/wait-for.ts";

/*
 * The very scripts that are shipped, in a real browser: names shortened too far, or a cut too deep, show here.
 */

type PageWindow = {
  readonly Rivulet: {
    readonly Rivulet: new (options: RivuletOptions) => { readonly ready: Promise<void> };
    readonly RivuletError: new () => Error;
    readonly current: {
      readonly stats: RivuletStats;
      readonly state: string;
      on(name: "piece", listener: (event: object) => void): () => void;
      lists(url: string): boolean;
      sizeOf(url: string): number | undefined;
      destroy(): Promise<void>;
    };
    readonly controlled: Promise<boolean>;
  };
  readonly pieces: object[];
};

/** Several pieces, and a picture that a browser takes whole or not at all. */
const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"><!--${"~".repeat(300_000)}--></svg>`;
/** So slow that a peer has its say, however long its connection takes on a busy machine. */
const SLOW_BYTES_PER_SECOND = 40_000;

const pictures = new Pace(0, undefined);
let folder: string;
let scripts: string;
let origin: TestOrigin;
let signaling: SignalingServer;
let chromium: Chromium;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "rivulet-smoke-"));
  await writeFile(join(folder, "picture.svg"), PICTURE);
  const { text } = await buildManifest({ directory: folder });
  scripts = await mkdtemp(join(tmpdir(), "rivulet-smoke-scripts-"));
  await buildScripts(scripts);
  signaling = await startSignalingServer({ port: 0, logLevel: "warn" });
  const page = (attributes: string) => `<!doctype html><link rel="icon" href="data:,">
    <script src="/rivulet.js" data-signal="${signaling.url}" data-manifest="/media/manifest.json" ${attributes}></script>
    <script>pieces = []; Rivulet.current.on("piece", (event) => pieces.push(event));</script>
    <img data-rivulet="/media/picture.svg">`;
  const file = (content: string) => new TextEncoder().encode(content);
  origin = await startTestOrigin({
    root: scripts,
    mounts: { "/media/": folder },
    paceOf: ({ url }) => (url?.endsWith("/picture.svg") ? pictures : undefined),
    files: new Map([
      ["/page.html", file(page(""))],
      ["/worker.html", file(page('data-worker="/rivulet-sw.js"'))],
      ["/media/manifest.json", file(text)],
    ]),
  });
  chromium = await launchChromium();
});

after(async () => {
  await chromium?.close();
  await origin?.close();
  await signaling?.close();
  await rm(folder, { recursive: true });
  await rm(scripts, { recursive: true });
});

test("the script serves marked elements, from the origin and then from a peer", async () => {
  const problems: string[] = [];
  const first = await open(problems);
  const firstStats = await statsOf(first.page);
  assert.deepEqual(firstStats.resources.map(publicParts), [
    { path: "picture.svg", sizeBytes: PICTURE.length, originBytes: PICTURE.length, peerBytes: 0 },
  ]);
  assert.equal(firstStats.tracker, "up");
  assert.match(firstStats.peer, /^[0-9a-f]{32}$/);

  pictures.bytesPerSecond = SLOW_BYTES_PER_SECOND;
  const second = await open(problems);
  const stats = await statsOf(second.page);
  assert.equal(stats.originBytes + stats.peerBytes, PICTURE.length);
  assert.ok(stats.peerBytes > 0, JSON.stringify(stats));
  assert.equal(stats.offloadRatio, stats.peerBytes / PICTURE.length);
  assert.deepEqual(Object.keys(stats.resources[0]?.peers ?? {}), [firstStats.peer]);
  assert.deepEqual(Object.keys(stats.peers[0] ?? {}).sort(), [
    "downloadBytesPerSecond",
    "downloadedBytes",
    "peer",
    "uploadBytesPerSecond",
    "uploadedBytes",
  ]);
  assert.ok((await statsOf(first.page)).uploadedBytes > 0);
  const [piece] = await second.page.evaluate(() => (window as unknown as PageWindow).pieces);
  assert.deepEqual(Object.keys(piece ?? {}).sort(), ["bytes", "path", "source"]);
  assert.deepEqual(problems, []);

  const members = await second.page.evaluate(async () => {
    const { current } = (window as unknown as PageWindow).Rivulet;
    const { state } = current;
    const found = [state, current.lists("/media/picture.svg"), current.sizeOf("/media/picture.svg")];
    await current.destroy();
    return [...found, current.state];
  });
  assert.deepEqual(members, ["running", true, PICTURE.length, "destroyed"]);
  await second.context.close();

  pictures.bytesPerSecond = undefined;
  // The stored pieces are read again, by the names that the disk has them under.
  await first.page.reload();
  await shown(first.page);
  assert.equal((await statsOf(first.page)).storeBytes, PICTURE.length);
  await first.context.close();
});

/** Waits until the picture is on disk: its first piece, its last, and those between, which are alike. */
async function stored(page: Page): Promise<void> {
  const look = () =>
    page.evaluate(
      () =>
        new Promise<number>((resolve, reject) => {
          const opening = indexedDB.open("rivulet");
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const reading = opening.result.transaction("pieces").objectStore("pieces").getAll();
            reading.onsuccess = () => {
              opening.result.close();
              resolve(reading.result.filter((value) => value instanceof Uint8Array).length);
            };
          };
        }),
    );
  await waitFor({ look, wished: (pieces) => pieces === 3, seconds: 10, otherwise: "Not all is stored" });
}

test("with a worker a marked element keeps its URL, which the worker answers, the next time from the store", async () => {
  const problems: string[] = [];
  const { context, page } = await open(problems, "/worker.html");
  const look = () =>
    page.evaluate(async () => {
      const { src } = document.querySelector("img") as HTMLImageElement;
      const controlled = await (window as unknown as PageWindow).Rivulet.controlled;
      const [timing] = performance.getEntriesByName(src) as PerformanceResourceTiming[];
      return { controlled, path: new URL(src).pathname, answered: (timing?.workerStart ?? 0) > 0 };
    });
  const served = { controlled: true, path: "/media/picture.svg", answered: true };
  assert.deepEqual(await look(), served);
  await stored(page);
  origin.log.reset();
  await page.reload();
  await shown(page);
  assert.deepEqual(await look(), served);
  assert.equal(origin.log.bytes("/media/picture.svg"), 0);
  assert.deepEqual(problems, []);
  await context.close();
});

test("the script tells a wrong option by the name that the page gave it", async () => {
  const context = await chromium.browser.createBrowserContext();
  const page = await context.newPage();
  await page.goto(`${origin.url}/page.html`);
  const told = await page.evaluate(async () => {
    const { Rivulet, RivuletError } = (window as unknown as PageWindow).Rivulet;
    const wrong = { signal: "ws://127.0.0.1", manifest: "/", patienceMS: 1 };
    const error = await new Rivulet(wrong).ready.catch((reason: Error & { code?: string }) => reason);
    return error && [error instanceof RivuletError, error.name, error.code, error.message];
  });
  assert.deepEqual(told, [
    true,
    "RivuletError",
    "bad-option",
    "There is no option `patienceMS`. Did you mean `patienceMs`?",
  ]);
  await context.close();
});

async function open(
  problems: string[],
  path = "/page.html",
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await chromium.browser.createBrowserContext();
  const page = await context.newPage();
  page.on("console", (message) => problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(origin.url + path);
  await shown(page);
  return { context, page };
}

async function shown(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const image = document.querySelector("img");
      return image?.dataset.rivuletState === "done" && image.naturalWidth === 3;
    },
    { timeout: 10_000 },
  );
}

function statsOf(page: Page): Promise<RivuletStats> {
  return page.evaluate(() => (window as unknown as PageWindow).Rivulet.current.stats);
}

function publicParts({ path, sizeBytes, originBytes, peerBytes }: RivuletStats["resources"][number]) {
  return { path, sizeBytes, originBytes, peerBytes };
}
