import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type DemoStage, openDemo } from "./support/demo-stage.ts";
import {
  drop,
  FAKE_TOKEN,
  fakeSharePage,
  openFakeReceiver,
  openFakeSender,
} from "./support/fake-share-page.ts";
import { focused, leave, press, says } from "./support/share-visitors.ts";

/*
 * The share page in a browser, with a share that does what it is told: states that real ones are in only for a moment, or
 * when something breaks. Real ones are in test/e2e/share-page.test.ts.
 */

let demo: DemoStage;
before(async () => {
  demo = await openDemo();
  await fakeSharePage(demo);
});
after(() => demo.close());

test("what goes wrong on the way is told in a box of its own, and put away", async () => {
  const visitor = await openFakeReceiver(demo);
  await visitor.page.evaluate(() => {
    const share = window.fakeShare;
    share?.complain("peer-untrusted", "The connection was intercepted: somebody sits in between.");
    share?.complain("peer-untrusted", "The connection was intercepted: somebody sits in between.");
    share?.become({ tracker: "down" });
  });
  await says(visitor, "somebody sits in between");
  await says(visitor, "The signaling server cannot be reached; trying again.");
  assert.equal((await visitor.page.$$(".trouble")).length, 2);
  await visitor.page.evaluate(() => window.fakeShare?.become({ tracker: "up" }));
  await visitor.until(
    async () => (await visitor.page.$$(".trouble")).length,
    (boxes) => boxes === 1,
  );
  await press(visitor, "Hide this message");
  assert.equal((await visitor.page.$$(".trouble")).length, 0);
  await leave(visitor);
});

test("a disk that is full is told in large letters, and what is whole can still be had", async () => {
  const visitor = await openFakeReceiver(demo);
  await visitor.page.evaluate(() => {
    const share = window.fakeShare;
    share?.learn([
      { path: "a.txt", sizeBytes: 1 },
      { path: "b.bin", sizeBytes: 9 },
    ]);
    share?.become({ totalBytes: 10, doneBytes: 1, fileDoneBytes: [1, 0] });
    share?.fail("storage-full", "There is no room for these files: 12345678 bytes are missing.");
  });
  await says(visitor, /There is not enough space.*12\.3 MB are missing/);
  await says(visitor, "Try again");
  assert.equal((await visitor.page.$$(".trouble")).length, 0);
  assert.ok(await visitor.page.$("[aria-label='Download a.txt']"));
  await leave(visitor);
});

test("a wrong password is asked for again, but not for that of somebody else", async () => {
  const visitor = await demo.open(`/share.html${FAKE_TOKEN.replace("A", "P")}`);
  await visitor.page.waitForSelector("#password");
  const type = async (password: string): Promise<void> => {
    await visitor.page.type("#password", password);
    await visitor.page.keyboard.press("Enter");
    await visitor.page.waitForFunction((password) => window.fakePassword === password, {}, password);
    await visitor.page.waitForSelector(".state");
  };
  await type("first");
  await visitor.page.evaluate(() => window.fakeShare?.complain("password-wrong", "The password is wrong."));
  await says(visitor, "That is not the password. Type it again.");
  assert.equal(await visitor.page.$eval(":focus", ({ id }) => id), "password");
  await type("second");
  await visitor.page.evaluate(() => {
    const rates = {
      downloadBytesPerSecond: 0,
      uploadBytesPerSecond: 0,
      downloadedBytes: 0,
      uploadedBytes: 0,
    };
    window.fakeShare?.become({ state: "receiving", peers: [{ id: "a", complete: 1, ...rates }] });
    window.fakeShare?.complain("password-wrong", "The two ends have different passwords.");
  });
  await says(visitor, "Person 1");
  assert.equal(await visitor.page.$("#password"), null);
  await leave(visitor);
});

test("a sender is asked before those who receive are cut off: by the page, and by the browser", async () => {
  const visitor = await openFakeSender(demo);
  const { page } = visitor;
  await page.evaluate(() => {
    const rates = {
      downloadBytesPerSecond: 0,
      uploadBytesPerSecond: 0,
      downloadedBytes: 0,
      uploadedBytes: 0,
    };
    window.fakeShare?.become({ state: "seeding", peers: [{ id: "a", complete: 0.5, ...rates }] });
  });
  await says(visitor, "Sending to 1 person");
  const asked = new Promise<string>((resolve) => {
    page.once("dialog", (dialog) => {
      resolve(dialog.type());
      void dialog.dismiss();
    });
  });
  await page.reload({ timeout: 2_000 }).catch(() => undefined);
  assert.equal(await asked, "beforeunload");
  await press(visitor, "Stop");
  await press(visitor, "Go on");
  assert.deepEqual(await page.evaluate(() => window.fakeShare?.calls), []);
  await press(visitor, "Stop");
  await press(visitor, "Stop sending");
  await says(visitor, "Nobody gets these files from here any more.");
  assert.equal(await focused(visitor), "Send again");
  await press(visitor, "Send again");
  await says(visitor, "Create the link");
  await leave(visitor);
});

test("a file that was changed is named to its sender", async () => {
  const visitor = await openFakeSender(demo);
  await visitor.page.evaluate(() => {
    window.fakeShare?.complain("file-changed", '"notes.txt" was changed since it was shared.');
  });
  await says(visitor, '"notes.txt" was changed since it was shared.');
  await leave(visitor);
});

test("files that are pasted are added to those that were dropped, and can be taken away again", async () => {
  const visitor = await demo.open("/share.html");
  await visitor.page.waitForSelector(".staging");
  await drop(visitor, ["film.mp4"]);
  await says(visitor, "1 file, 5 B");
  await visitor.page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(["123"], "image.png"));
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
  });
  await says(visitor, "2 files, 8 B");
  await press(visitor, "Take film.mp4 away");
  await says(visitor, "1 file, 3 B");
  await leave(visitor);
});

test("files that are dropped while a share is open do not take the page's place", async () => {
  const visitor = await openFakeSender(demo);
  assert.equal(await drop(visitor, ["other.txt"]), true);
  assert.equal(await visitor.page.$(".full"), null);
  await leave(visitor);
});
