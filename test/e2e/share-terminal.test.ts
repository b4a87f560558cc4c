import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { plant, startCli } from "../cli/run-cli.ts";
import { openShareStage, type ShareStage } from "./support/share-stage.ts";
import { progressOf, receiveOn, sendFrom, whole } from "./support/share-visit.ts";

const TEXT = "From here to there. ".repeat(40_000);

describe("files between a terminal and a browser", { timeout: 120_000 }, () => {
  let stage: ShareStage;
  before(async () => {
    stage = await openShareStage();
  });
  after(() => stage?.close());

  it("go from the terminal to the browser", async (context) => {
    const from = plant(context, { "trip/day 1/ü.txt": TEXT, "trip/empty": "" });
    const options = ["--page", stage.url, "--signal", stage.signalUrl];
    const sender = startCli(context, ["send", join(from, "trip"), ...options]);
    const [link] = await sender.said(/^http\S+$/m);
    const receiver = await stage.open();
    await receiveOn(receiver, link as string, stage);
    await whole(receiver);
    const got = await receiver.page.evaluate(async () => {
      const { received } = window as unknown as {
        received: import("#sdk/integrations/share/api.ts").ReceivedShare;
      };
      const files = await Promise.all(received.files.map((_, index) => received.file(index)));
      return Promise.all(files.map(async (file, at) => [received.files[at]?.path, await file?.text()]));
    });
    assert.deepEqual(got, [
      ["trip/day 1/ü.txt", TEXT],
      ["trip/empty", ""],
    ]);
    await receiver.close();
    assert.equal((await sender.stop("SIGINT")).status, 0);
  });

  it("go from the browser to the terminal", async (context) => {
    const sender = await stage.open();
    const sizeBytes = 3_000_000;
    const link = await sendFrom(sender, stage, { files: [{ path: "a/film.bin", sizeBytes, seed: 9 }] });
    const to = plant(context);
    const get = () => startCli(context, ["get", link, "--out", to, "--signal", stage.signalUrl]).ended;
    const { status, stderr } = await get();
    assert.equal(status, 0, stderr);
    const expected = await sender.page.evaluate(async () => {
      const { sent } = window as unknown as { sent: { files: readonly { sizeBytes: number }[] } };
      return sent.files[0]?.sizeBytes;
    });
    assert.equal(readFileSync(join(to, "a/film.bin")).byteLength, expected);
    // What is there already is compared, and not sent again.
    const uploaded = async () => (await progressOf(sender))?.uploadedBytes;
    const before = await uploaded();
    const again = await get();
    assert.equal(again.status, 0, again.stderr);
    assert.equal(again.stdout, "a/film.bin\n");
    assert.deepEqual(readdirSync(join(to, "a")), ["film.bin"]);
    assert.equal(await uploaded(), before);
    await sender.close();
  });
});
