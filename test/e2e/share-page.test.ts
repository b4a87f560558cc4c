import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import decodeQR from "qr/decode.js";
import { seededRandom } from "#sdk/base/random.ts";
import { type DemoPage, type DemoStage, openDemo } from "../demo/support/demo-stage.ts";
import {
  asksAgain,
  choose,
  chooseBy,
  dropFromDisk,
  focused,
  keepDownloads,
  pickOwnFolder,
  press,
  qrBitmap,
  readPicked,
  shownLink,
  TestFolder,
} from "../demo/support/share-visitors.ts";

let demo: DemoStage;
let disk: TestFolder;
before(async () => {
  demo = await openDemo();
  disk = await TestFolder.make();
});
after(async () => {
  await demo.close();
  await disk.remove();
});

/** Waits for what the page says in large letters. */
const reads = (visitor: DemoPage, wanted: string): Promise<string> =>
  visitor.until(
    // In between two pages there is none.
    () => visitor.page.evaluate(() => document.querySelector("h1")?.textContent ?? "").catch(() => ""),
    (text) => text === wanted,
  );

/** Opens a link on the page of another visitor, or in another tab of the same one. */
const follow = (link: string, visitor?: DemoPage): Promise<DemoPage> =>
  demo.open(link.slice(link.indexOf("/share.html")), visitor);

async function leave(...visitors: readonly DemoPage[]): Promise<void> {
  for (const visitor of visitors) {
    assert.deepEqual(visitor.errors, []);
    await visitor.context.close();
  }
}

function randomBytes(length: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => random.below(256));
}

/** A sender's page with one small file that is shared. */
async function openSender(password?: string): Promise<{ sender: DemoPage; link: string }> {
  const sender = await demo.open("/share.html");
  await choose(sender, [await disk.write("notes.txt", randomBytes(50_000, 7))]);
  if (password !== undefined) {
    await sender.page.click("#wants-password");
    await sender.page.type("#password", password);
  }
  await press(sender, "Create the link");
  return { sender, link: await shownLink(sender) };
}

describe("the demo's share page", () => {
  it("sends two files by a link to another visitor, who downloads them byte for byte", async () => {
    const files = [
      { name: "film of the day.bin", bytes: randomBytes(3_000_000, 1) },
      { name: "notes äöü.txt", bytes: randomBytes(1_234, 2) },
    ];
    const sender = await demo.open("/share.html");
    await choose(sender, await Promise.all(files.map(({ name, bytes }) => disk.write(name, bytes))));
    await press(sender, "Create the link");
    const link = await shownLink(sender);
    assert.equal(decodeQR(await qrBitmap(sender)), link);
    const receiver = await follow(link);
    const downloads = await TestFolder.make();
    await keepDownloads(receiver, downloads);
    await reads(receiver, "All here");
    for (const { name, bytes } of files) {
      await press(receiver, `Download ${name}`);
      const got = await receiver.until(
        () => downloads.read(name, bytes.length),
        (found) => found !== undefined,
      );
      assert.ok(got?.equals(bytes), `${name} is not what was sent`);
    }
    await reads(sender, "They have everything");
    await press(receiver, "Delete from this browser");
    await press(receiver, "Delete");
    await reads(receiver, "Deleted from this browser");
    await downloads.remove();
    await leave(sender, receiver);
  });

  it("sends a folder that was dropped; the receiver gets it as a folder, and as one archive", async () => {
    const folder = join(disk.path, "trip");
    await mkdir(join(folder, "raw"), { recursive: true });
    await writeFile(join(folder, "a.txt"), "first");
    await writeFile(join(folder, "raw", "b.txt"), "second".repeat(5_000));
    const sender = await demo.open("/share.html");
    await sender.page.waitForSelector(".staging");
    await dropFromDisk(sender, [folder]);
    assert.match(await sender.text(".staged"), /trip2 files · 30.0 kB/);
    await press(sender, "Create the link");
    const receiver = await follow(await shownLink(sender));
    const downloads = await TestFolder.make();
    await keepDownloads(receiver, downloads);
    await pickOwnFolder(receiver);
    await press(receiver, "Save to a folder…");
    await receiver.until(
      () => receiver.text(".save .hint"),
      (text) => text === "All files are in “picked”.",
    );
    assert.equal(await readPicked(receiver, ["trip", "a.txt"]), "first");
    await reads(receiver, "All here");
    await press(receiver, "Download all as .zip");
    const archive = await receiver.until(
      () => downloads.read("trip.zip"),
      (found) => found !== undefined && found.length > 30_000,
    );
    for (const part of ["trip/a.txt", "first", "trip/raw/b.txt", "secondsecond"])
      assert.ok(archive?.includes(part), `the archive has no ${part}`);
    await downloads.remove();
    await leave(sender, receiver);
  });

  it("can be sent with by the keyboard alone", async () => {
    const sender = await demo.open("/share.html");
    const { keyboard } = sender.page;
    await sender.page.waitForSelector(".staging");
    const order: string[] = [];
    for (let presses = 0; presses < 7; presses++) {
      await keyboard.press("Tab");
      order.push(await focused(sender));
    }
    const head = ["Skip to the content", "Rivulet", "Gallery", "Video", "Live", "Share"];
    assert.deepEqual(order, [...head, "Choose files"]);
    const path = await disk.write("typed.txt", randomBytes(2000, 3));
    await chooseBy(sender, [path], () => keyboard.press("Enter"));
    await sender.until(
      () => focused(sender),
      (name) => name === "Create the link",
    );
    await keyboard.press("Enter");
    await shownLink(sender);
    await sender.until(
      () => focused(sender),
      (name) => name === "Copy the link",
    );
    await keyboard.press("Enter");
    await sender.until(
      () => sender.text(".unseen .answer"),
      (said) => /^The link is (copied|selected)/.test(said),
    );
    await leave(sender);
  });

  it("asks for the password until it is right", async () => {
    const { sender, link } = await openSender("correct horse");
    const receiver = await follow(link);
    await reads(receiver, "These files have a password");
    await receiver.page.type("#password", "wrong horse");
    await receiver.page.keyboard.press("Enter");
    await asksAgain(receiver);
    await receiver.page.type("#password", "correct horse");
    await receiver.page.keyboard.press("Enter");
    await reads(receiver, "All here");
    await leave(sender, receiver);
  });

  it("says what is wrong with a link, and keeps it when the content is skipped to", async () => {
    const visitor = await demo.open("/share.html#half-a-link");
    await reads(visitor, "This link is not complete");
    await visitor.page.focus(".skip");
    await visitor.page.keyboard.press("Enter");
    assert.equal(await visitor.page.evaluate(() => location.hash), "#half-a-link");
    await press(visitor, "Send files yourself", "link");
    await reads(visitor, "Send files straight to another browser");
    await leave(visitor);
  });

  it("says that nobody is there, and that a link is open in another tab", async () => {
    const { sender, link } = await openSender();
    await leave(sender);
    const receiver = await follow(link);
    await reads(receiver, "Still looking for the sender");
    const again = await follow(link, receiver);
    await reads(again, "Open in another tab");
    await leave(receiver);
  });
});
