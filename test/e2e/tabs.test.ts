import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openStage, type Stage, type Viewer } from "./support/stage.ts";
import { waitFor } from "./support/wait-for.ts";
import {
  controlled,
  get,
  openTab,
  type PageWindow,
  roleOf,
  servePage,
  serveWorker,
  statsOf,
  workerTag,
} from "./support/worker-page.ts";

const FILM_BYTES = 6_000_000;

describe("the tabs of one browser", () => {
  let stage: Stage;
  let viewer: Viewer;
  before(async () => {
    stage = await openStage({ sizes: { "film.bin": FILM_BYTES, "a.bin": 400_000, "b.bin": 300_000 } });
    await serveWorker(stage);
    servePage(stage, "/alone.html", workerTag(stage).replace(/data-worker="[^"]*"/, ""));
  });
  after(() => stage.close());

  it("have one engine: the first leads, the second follows and sees the same", async () => {
    viewer = await stage.open("/worker.html");
    await controlled(viewer.page);
    const second = await openTab(stage, viewer);
    assert.equal(await controlled(second), true);
    assert.deepEqual([await roleOf(viewer.page), await roleOf(second)], ["leader", "follower"]);
    const seen = await second.evaluate(async () => {
      const { current } = (window as unknown as PageWindow).Rivulet;
      const response = await current.fetch("/assets/b.bin");
      return [response.status, response.url, (await response.arrayBuffer()).byteLength];
    });
    assert.deepEqual(seen, [200, `${stage.origin.url}/assets/b.bin`, 300_000]);
    assert.equal((await statsOf(viewer.page)).originBytes, 300_000);
    const look = async () => (await statsOf(second)).originBytes;
    const wished = (bytes: number) => bytes === 300_000;
    await waitFor({ look, wished, seconds: 5, otherwise: "The follower was not told" });
    await second.close();
  });

  it("download nothing twice", async () => {
    const second = await openTab(stage, viewer);
    await controlled(second);
    const got = await Promise.all([viewer.page, second].map((page) => get(page, "/assets/a.bin")));
    for (const { hash } of got) assert.equal(hash, stage.hashes.get("a.bin"));
    assert.equal(stage.origin.log.copies("/assets/a.bin"), 1);
    await second.close();
  });

  for (const [how, path] of [
    ["with a worker", "/worker.html"],
    ["without one", "/alone.html"],
  ] as const) {
    it(`finish what the leader was getting when it is closed, and fetch nothing verified twice, ${how}`, async () => {
      const lone = await stage.open(path);
      const second = await openTab(stage, lone, path);
      await second.evaluate(() => (window as unknown as PageWindow).Rivulet.current.ready);
      if (path === "/worker.html") await controlled(second);
      assert.equal(await roleOf(second), "follower");
      stage.origin.log.reset();
      stage.origin.pace.bytesPerSecond = 3_000_000;
      const getting = second.evaluate(async (withWorker) => {
        const { current } = (window as unknown as PageWindow).Rivulet;
        const response = await (withWorker ? fetch : current.fetch.bind(current))("/assets/film.bin");
        const body = await response.arrayBuffer();
        const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
        return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
      }, path === "/worker.html");
      const sent = async () => stage.origin.log.bytes("/assets/film.bin");
      const half = (bytes: number) => bytes > FILM_BYTES / 2;
      await waitFor({ look: sent, wished: half, seconds: 20, otherwise: "The film did not come" });
      await lone.page.close();
      assert.equal(await getting, stage.hashes.get("film.bin"));
      stage.origin.pace.bytesPerSecond = undefined;
      const look = () => roleOf(second);
      await waitFor({ look, wished: (role) => role === "leader", seconds: 5, otherwise: "Nobody led" });
      // What was on its way, not verified yet, is asked for anew: the answers that broke off, at most.
      const lost = stage.origin.log.requests("/assets/film.bin").filter(({ finished }) => !finished);
      const again = (await sent()) - FILM_BYTES;
      const most = lost.length * 2 ** 20;
      assert.ok(again <= most, `${again} bytes were sent again; ${lost.length} answers broke off`);
      await lone.close();
    });
  }

  it("give a page of a new deployment what is published now, while one of the last is still open", async () => {
    const old = await stage.open("/worker.html");
    await controlled(old.page);
    await get(old.page, "/assets/a.bin");
    const changed = new Uint8Array(400_000).fill(7);
    // Its last quarter is as it was.
    changed.set(stage.origin.files.get("/assets/a.bin")?.subarray(327_680) ?? [], 327_680);
    await stage.deploy("a.bin", changed);
    stage.origin.log.reset();
    // What is known of a manifest is taken to be current for some seconds.
    await new Promise((resolve) => setTimeout(resolve, 5100));
    const fresh = await openTab(stage, old);
    await controlled(fresh);
    const got = await get(fresh, "/assets/a.bin");
    assert.equal(got.hash, stage.hashes.get("a.bin"));
    assert.ok(stage.origin.log.bytes("/assets/a.bin") <= 327_680 + 65_536, "The unchanged part was kept");
    await old.close();
  });
});
