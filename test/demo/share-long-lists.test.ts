import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type DemoStage, openDemo } from "./support/demo-stage.ts";
import { fakeSharePage, openFakeReceiver } from "./support/fake-share-page.ts";
import { focused, leave, says } from "./support/share-visitors.ts";

let demo: DemoStage;
before(async () => {
  demo = await openDemo();
  await fakeSharePage(demo);
});
after(() => demo.close());

test("ten thousand files are a few hundred lines at most, of which progress changes only those that are seen, and each can be found", async () => {
  const visitor = await openFakeReceiver(demo);
  const { page } = visitor;
  const mostChanges = await page.evaluate(async () => {
    const share = window.fakeShare;
    if (!share) throw new Error("no share");
    const files = Array.from({ length: 10_000 }, (_, i) => ({
      path: `${i % 3 ? "" : "box/"}file ${i}`,
      sizeBytes: 10,
    }));
    share.learn(files);
    const fileDoneBytes = files.map(() => 0);
    share.become({ state: "receiving", totalBytes: 100_000, fileDoneBytes });
    await new Promise((resolve) => setTimeout(resolve, 600));
    let changes = 0;
    let mostChanges = 0;
    const everything = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver((records) => {
      changes += records.length;
    }).observe(document.body, everything);
    for (let turn = 0; turn < 40; turn++) {
      for (let i = turn; i < files.length; i += 40) fileDoneBytes[i] = 10;
      share.become({ doneBytes: turn * 2_500, fileDoneBytes: [...fileDoneBytes] });
      await new Promise((resolve) => setTimeout(resolve, 50));
      mostChanges = Math.max(mostChanges, changes);
      changes = 0;
    }
    return mostChanges;
  });
  assert.ok(mostChanges > 0 && mostChanges < 1000, `${mostChanges} changes of the page at one time`);
  const lines = (): Promise<number> => page.$$eval(".file-row", (rows) => rows.length);
  assert.equal(await lines(), 100);
  await page.locator(".fold").click();
  assert.equal(await lines(), 200);
  await page.locator(".file-list .file-list .more button").click();
  assert.equal(await lines(), 300);
  assert.equal(await focused(visitor), "Download file 300");
  await page.type("input[type=search]", "FILE 9999");
  await says(visitor, "1 file");
  assert.equal(await lines(), 1);
  await leave(visitor);
});

test("no state makes a page of 360 pixels scroll sideways", async () => {
  const visitor = await openFakeReceiver(demo);
  await visitor.page.setViewport({ width: 360, height: 700 });
  await visitor.page.evaluate(() => {
    const share = window.fakeShare;
    const long = "a-name-without-any-space-".repeat(8);
    share?.learn([
      { path: `${long}/${long}.txt`, sizeBytes: 5 },
      { path: `${long}/${"長い名前".repeat(40)}`, sizeBytes: 5 },
      { path: `${long}/${"تقرير".repeat(40)}`, sizeBytes: 5 },
    ]);
    share?.become({ state: "waiting", totalBytes: 15, missingBytes: 5, fileDoneBytes: [5, 2, 5] });
    share?.complain("peer-untrusted", long);
  });
  await says(visitor, "are missing");
  const tooWide = await visitor.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.equal(tooWide, 0);
  await leave(visitor);
});
