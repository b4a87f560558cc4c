import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { accountOf } from "#demo/server/origin-account.ts";
import { type DemoStage, openDemo } from "../demo/support/demo-stage.ts";

let demo: DemoStage;
before(async () => {
  demo = await openDemo();
});
after(() => demo.close());

describe("the demo's video page", () => {
  it("brings a second viewer the film from the first, paused as that is, and the strip says so", async (t) => {
    const first = await demo.open("/video.html");
    await first.complete();
    await first.page.$eval("video", (video) => video.pause());
    const second = await demo.open("/video.html");
    await second.complete();
    const segments = await second.until(
      () => second.segments(),
      (labels) => labels.length === 9 && labels.every((label) => !label.endsWith("yet")),
    );
    const fromPeers = segments.filter((label) => /from peer/.test(label));
    t.diagnostic(`${fromPeers.length} of 9 segments from the peer`);
    assert.ok(fromPeers.length >= 6, segments.join("\n"));
    const { copies } = accountOf(demo.site.origin.log, demo.site.folders.video);
    assert.ok(copies <= 1.2, `${copies} copies`);
    assert.deepEqual([...first.errors, ...second.errors], []);
    await first.context.close();
    await second.context.close();
  });

  it("plays the rendition that is chosen, where the strip is pressed", async () => {
    const viewer = await demo.open("/video.html");
    await viewer.complete();
    assert.equal(await viewer.text("#renditions label:nth-of-type(2)"), "240p");
    await viewer.page.click("#renditions label:nth-of-type(2)");
    await viewer.until(
      () => viewer.text("#playing"),
      (text) => text.startsWith("240p, "),
    );
    await viewer.until(
      () => viewer.video(),
      ({ height }) => height === 240,
    );
    await viewer.pressStrip(0.7);
    await viewer.until(
      () => viewer.video(),
      ({ seconds }) => seconds >= 25 && seconds < 30,
    );
    await viewer.plays();
    assert.match(await viewer.text("#playing"), /^240p/);
    // By keyboard: the arrow goes on to the next one.
    await viewer.page.focus("#renditions input:checked");
    await viewer.page.keyboard.press("ArrowRight");
    await viewer.until(
      () => viewer.text("#playing"),
      (text) => text.startsWith("360p, "),
    );
    assert.deepEqual(viewer.errors, []);
    await viewer.context.close();
  });

  it("shows a second tab of the same visitor what the first one stored", async () => {
    const tab = await demo.open("/video.html");
    await tab.complete();
    const another = await demo.open("/video.html", tab);
    await another.complete();
    await another.plays();
    const segments = await another.segments();
    const kept = segments.filter((label) => /stored|from peer/.test(label));
    assert.ok(kept.length >= 6, segments.join("\n"));
    await tab.page.bringToFront();
    await tab.plays();
    assert.deepEqual([...tab.errors, ...another.errors], []);
    await tab.context.close();
  });
});

describe("the demo's live page", () => {
  it("plays on through the recording's end, and has segments from another viewer", async () => {
    const first = await demo.open("/live.html");
    await first.plays();
    const second = await demo.open("/live.html");
    await Promise.all([first.complete(), second.complete()]);
    const peerBytes = (await first.peerBytes()) + (await second.peerBytes());
    assert.ok(peerBytes > 0, "neither has anything from the other");
    const clock = /^\d\d:\d\d:\d\d\.\d$/;
    assert.match(await second.text("#now"), clock);
    assert.match(await second.text("#picture"), clock);
    assert.match(await second.text(".no-clock"), /No ffmpeg was found.*repeats a recording/s);
    assert.deepEqual([...first.errors, ...second.errors], []);
    await first.context.close();
    await second.context.close();
  });

  it("goes back in time, and to the live edge when it is asked to", async () => {
    const viewer = await demo.open("/live.html");
    const button = (): Promise<string> => viewer.text("#edge");
    await viewer.until(button, (text) => text === "Live");
    await viewer.pressStrip(0.05);
    await viewer.until(button, (text) => text === "Go live");
    await viewer.plays();
    await viewer.page.$eval("video", (video) => video.pause());
    await viewer.page.click("#edge");
    await viewer.until(button, (text) => text === "Live");
    await viewer.plays();
    assert.equal((await viewer.video()).isPaused, false);
    assert.deepEqual(viewer.errors, []);
    await viewer.context.close();
  });

  it("waits for a channel that is not on air, says so, and plays it once it is", async () => {
    demo.site.origin.faults.set("/live/index.m3u8", { status: 404 });
    const viewer = await demo.open("/live.html");
    await viewer.until(
      () => viewer.text("#status"),
      (text) => text.startsWith("Waiting for the channel"),
    );
    demo.site.origin.faults.delete("/live/index.m3u8");
    await viewer.plays();
    assert.equal(await viewer.text("#status"), "");
    await viewer.context.close();
  });
});
