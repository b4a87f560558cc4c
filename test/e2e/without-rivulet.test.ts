import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Page } from "puppeteer-core";
import { openStage, type Stage } from "./support/stage.ts";
import {
  controlled,
  get,
  isFromWorker,
  type PageWindow,
  servePage,
  serveWorker,
  workerTag,
} from "./support/worker-page.ts";

const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"><!--${"~".repeat(90_000)}--></svg>`;
/** What a page shows: a marked picture, an ordinary one, and a file that its script asks for. */
const BODY =
  '<img id="marked" data-rivulet="/assets/front.svg" alt=""><img id="plain" src="/assets/front.svg" alt="">';

/** Waits until both pictures are shown; the hash of what the script gets. */
async function shown(page: Page): Promise<string> {
  await page.waitForFunction(
    () => [...document.images].every((image) => image.naturalWidth === 3) && document.images.length === 2,
    { timeout: 10_000 },
  );
  return (await get(page, "/assets/a.bin")).hash;
}

describe("a page is as without Rivulet", () => {
  let stage: Stage;
  before(async () => {
    const files = { "front.svg": new TextEncoder().encode(PICTURE) };
    stage = await openStage({ sizes: { "a.bin": 200_000 }, files });
    await serveWorker(stage);
    servePage(stage, "/shown.html", workerTag(stage) + BODY);
  });
  after(() => stage.close());

  const troubles: readonly (readonly [string, (page: Page) => Promise<unknown>])[] = [
    ["the engine's script does not come", (page) => block(page, /rivulet-engine/)],
    ["the worker's script does not come", (page) => block(page, /rivulet-sw/)],
    ["the manifest does not come", (page) => block(page, /rivulet\.json/)],
    [
      "WebRTC is blocked",
      (page) => page.evaluateOnNewDocument("delete window.RTCPeerConnection; delete window.RTCDataChannel"),
    ],
    [
      "IndexedDB is blocked",
      (page) =>
        page.evaluateOnNewDocument(() => {
          IDBFactory.prototype.open = () => {
            throw new DOMException("Storage is forbidden here.", "SecurityError");
          };
        }),
    ],
    ["there are no Web Locks", (page) => page.evaluateOnNewDocument("delete Navigator.prototype.locks")],
    [
      "there are no Service Workers",
      (page) => page.evaluateOnNewDocument("delete Navigator.prototype.serviceWorker"),
    ],
  ];
  for (const [what, prepare] of troubles) {
    it(`when ${what}, on a first visit and on the next`, async () => {
      const viewer = await stage.open("/shown.html", async (page) => void (await prepare(page)));
      for (const visit of ["first", "second"]) {
        assert.equal(await shown(viewer.page), stage.hashes.get("a.bin"), visit);
        await viewer.page.reload();
      }
      await viewer.close();
    });
  }

  it("when rivulet.js does not come and the worker of an earlier visit is there", async () => {
    servePage(stage, "/plain.html", workerTag(stage) + BODY.replace("data-rivulet", "src"));
    const viewer = await stage.open("/plain.html");
    await controlled(viewer.page);
    stage.origin.faults.set("/sdk/rivulet.js", { status: 404 });
    await viewer.page.reload();
    assert.equal(await shown(viewer.page), stage.hashes.get("a.bin"));
    stage.origin.faults.clear();
    await viewer.close();
  });

  it("when the manifest is gone for good: the worker then leaves everything to the network", async () => {
    const viewer = await stage.open("/shown.html");
    await controlled(viewer.page);
    assert.equal(isFromWorker(await get(viewer.page, "/assets/a.bin")), true);
    stage.origin.faults.set("/rivulet.json", { status: 404 });
    await viewer.page.reload();
    assert.equal(isFromWorker(await get(viewer.page, "/assets/a.bin")), false);
    stage.origin.faults.clear();
    await viewer.close();
  });

  it("until the visitor agrees, where consent is required; nothing is stored, registered or connected before", async () => {
    servePage(stage, "/consent.html", workerTag(stage, 'data-consent="required"') + BODY);
    const viewer = await stage.open("/consent.html");
    stage.origin.log.reset();
    assert.equal(await shown(viewer.page), stage.hashes.get("a.bin"));
    const left = await viewer.page.evaluate(async () => [
      (await indexedDB.databases()).length,
      (await navigator.serviceWorker.getRegistrations()).length,
      (window as unknown as PageWindow).Rivulet.current.state,
    ]);
    assert.deepEqual(left, [0, 0, "starting"]);
    assert.equal(stage.origin.log.requests("/sdk/rivulet-engine.js").length, 0);
    await viewer.page.evaluate(() => (window as unknown as PageWindow).Rivulet.allow());
    assert.equal(await controlled(viewer.page), true);
    assert.equal(isFromWorker(await get(viewer.page, "/assets/a.bin")), true);
    await viewer.page.evaluate(() => (window as unknown as PageWindow).Rivulet.forget());
    const after = await viewer.page.evaluate(async () => {
      const records = await new Promise<number>((resolve) => {
        const opening = indexedDB.open("rivulet");
        opening.onsuccess = () => {
          const counting = opening.result.transaction("pieces").objectStore("pieces").count();
          counting.onsuccess = () => resolve(counting.result);
        };
      });
      return [records, (await navigator.serviceWorker.getRegistrations()).length];
    });
    assert.deepEqual(after, [0, 0]);
    await viewer.close();
  });

  it("under a strict content policy, without a word on the console, and with peers and panel", async () => {
    const policy =
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; worker-src 'self'; ` +
      `connect-src 'self' ${stage.signalUrl}; base-uri 'none'; require-trusted-types-for 'script'`;
    servePage(
      stage,
      "/strict.html",
      `<meta http-equiv="Content-Security-Policy" content="${policy}">${workerTag(stage, "data-panel")}${BODY}`,
    );
    const viewer = await stage.open("/strict.html");
    assert.equal(await controlled(viewer.page), true);
    assert.equal(await shown(viewer.page), stage.hashes.get("a.bin"));
    await viewer.page.waitForFunction(() => document.querySelector("rivulet-panel") !== null);
    assert.deepEqual(viewer.console, []);
    await viewer.close();
  });

  it("beside a site's own worker, which imports Rivulet's and answers the rest itself", async () => {
    const own = `importScripts("/rivulet-sw.js");
addEventListener("install", () => skipWaiting());
addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (pathname.startsWith("/own/")) event.respondWith(new Response("own"));
  else if (pathname.startsWith("/assets/")) event.respondWith(new Response("not Rivulet's"));
});`;
    servePage(stage, "/own-sw.js", own);
    servePage(stage, "/own.html", workerTag(stage).replace("/rivulet-sw.js", "/own-sw.js"));
    const viewer = await stage.open("/own.html");
    assert.equal(await controlled(viewer.page), true);
    const listed = await get(viewer.page, "/assets/a.bin");
    assert.deepEqual([listed.hash, isFromWorker(listed)], [stage.hashes.get("a.bin"), true]);
    assert.equal(await viewer.page.evaluate(async () => (await fetch("/own/file")).text()), "own");
    await viewer.close();
  });
});

/** Requests whose URL matches fail, in the page and in its worker. */
async function block(page: Page, what: RegExp): Promise<void> {
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    if (what.test(request.url())) void request.abort();
    else void request.continue();
  });
}
