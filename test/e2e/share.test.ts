import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { launchChromium } from "../support/chromium.ts";
import { type Firefox, launchFirefox } from "../support/firefox.ts";
import { openShareStage, type SharePage, type ShareStage } from "./support/share-stage.ts";
import { progressOf, receiveOn, sendFrom, whole, wrongBytes } from "./support/share-visit.ts";
import { IN_PARALLEL } from "./support/stage.ts";
import { waitFor } from "./support/wait-for.ts";

const FILES = [
  { path: "Urlaub/film.bin", sizeBytes: 8_000_000, seed: 1 },
  { path: "Urlaub/фото/a.jpg", sizeBytes: 70_000, seed: 2 },
  { path: "Urlaub/leer.txt", sizeBytes: 0, seed: 3 },
];
const FILM = [{ path: "film.bin", sizeBytes: 40_000_000, seed: 4 }];
/** So that there is a midst to be stopped in. */
const SLOW = { uploadBytesPerSecond: 8_000_000 };

function doneIs(page: SharePage, share: number): Promise<number> {
  return waitFor({
    look: async () => (await progressOf(page))?.doneBytes ?? 0,
    wished: (done) => done >= share * (FILM[0]?.sizeBytes ?? 0),
    seconds: 60,
    otherwise: `Not ${share} of it`,
  });
}

describe("files that are shared between browsers", () => {
  let stage: ShareStage;
  let firefox: Firefox;
  before(async () => {
    [stage, firefox] = await Promise.all([openShareStage(), launchFirefox()]);
  });
  after(async () => {
    await firefox?.close();
    await stage?.close();
  });

  for (const [from, to] of [
    ["Chromium", "Firefox"],
    ["Firefox", "Chromium"],
  ] as const) {
    it(`${to} gets a folder from ${from}, every byte right, and keeps it on disk`, async () => {
      const browserOf = (name: "Chromium" | "Firefox") =>
        name === "Firefox" ? { browser: firefox.browser } : {};
      const [sender, receiver] = [await stage.open(browserOf(from)), await stage.open(browserOf(to))];
      const link = await sendFrom(sender, stage, { files: FILES });
      await receiveOn(receiver, link, stage);
      await whole(receiver);
      assert.deepEqual(await wrongBytes(receiver, FILES), [0, 0, 0]);
      await receiver.page.evaluate(() => Reflect.get(window, "received").stop());
      await sender.close();
      // Nobody is there any more: what the disk has is all there is.
      const again = await stage.open({ context: receiver.context });
      await receiveOn(again, link, stage);
      await whole(again);
      assert.deepEqual(await wrongBytes(again, FILES), [0, 0, 0]);
      await receiver.close();
    });
  }

  it("a browser that is killed in the midst goes on from there, and fetches at most 1 % again", async () => {
    const profile = await mkdtemp(join(tmpdir(), "rivulet-receiver-"));
    const sender = await stage.open();
    const link = await sendFrom(sender, stage, { files: FILM, ...SLOW });
    let receiver = await launchChromium({ args: IN_PARALLEL, profile });
    try {
      const first = await stage.open({ context: receiver.browser.defaultBrowserContext() });
      await receiveOn(first, link, stage);
      const done = await doneIs(first, 0.5);
      const ended = new Promise((resolve) => receiver.browser.process()?.once("exit", resolve));
      receiver.browser.process()?.kill("SIGKILL");
      await ended;
      receiver = await launchChromium({ args: IN_PARALLEL, profile });
      const second = await stage.open({ context: receiver.browser.defaultBrowserContext() });
      await receiveOn(second, link, stage);
      await whole(second);
      assert.deepEqual(await wrongBytes(second, FILM), [0]);
      const { peers = [] } = (await progressOf(second)) ?? {};
      const fetched = peers.reduce((sum, { downloadedBytes }) => sum + downloadedBytes, 0);
      assert.ok(fetched + done <= 1.01 * 40_000_000, `${done} were there, and ${fetched} came after that.`);
    } finally {
      await receiver.close();
      await sender.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  });

  it("a sender that goes away when one has it all is not missed by another, who has half", async () => {
    const [sender, first, second] = [await stage.open(), await stage.open(), await stage.open()];
    const link = await sendFrom(sender, stage, { files: FILM, ...SLOW });
    await receiveOn(first, link, { ...stage, ...SLOW });
    await whole(first);
    await receiveOn(second, link, stage);
    const done = await doneIs(second, 0.25);
    await sender.close();
    await whole(second);
    assert.deepEqual(await wrongBytes(second, FILM), [0]);
    assert.ok(done < 40_000_000, "It had all of it before the sender went.");
    const { peers = [] } = (await progressOf(second)) ?? {};
    assert.equal(peers.length, 1);
    await Promise.all([first.close(), second.close()]);
  });

  it("a receiver that flips bits for the others is cut, and nothing wrong is written", async () => {
    const [sender, liar, victim] = [await stage.open(), await stage.open(), await stage.open()];
    const link = await sendFrom(sender, stage, {
      files: FILM.map((file) => ({ ...file, sizeBytes: 16_000_000 })),
    });
    await receiveOn(liar, link, stage);
    await whole(liar);
    const liars = await liar.page.evaluate(() => {
      const { prototype } = RTCDataChannel;
      const send = prototype.send as (data: ArrayBufferView) => void;
      let lies = 0;
      prototype.send = function (this: RTCDataChannel, data: unknown) {
        if (data instanceof Uint8Array && data[0] === 0x0a) {
          data[data.byteLength - 1] = (data[data.byteLength - 1] as number) ^ 1;
          lies++;
        }
        send.call(this, data as Uint8Array);
      };
      Reflect.set(window, "lies", () => lies);
      return (window as unknown as { received: { progress: { state: string } } }).received.progress.state;
    });
    assert.equal(liars, "seeding");
    await receiveOn(victim, link, stage);
    await whole(victim);
    assert.deepEqual(
      await wrongBytes(
        victim,
        FILM.map((file) => ({ ...file, sizeBytes: 16_000_000 })),
      ),
      [0],
    );
    const lies = await liar.page.evaluate(() => Reflect.get(window, "lies")() as number);
    assert.ok(lies > 0, "It was asked for nothing.");
    const { peers = [] } = (await progressOf(victim)) ?? {};
    assert.equal(peers.length, 1, "The liar is still connected.");
    await Promise.all([sender.close(), liar.close(), victim.close()]);
  });
});
