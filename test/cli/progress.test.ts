import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { startProgress } from "#sdk/cli/progress.ts";

function recorded(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 100 });
  let text = "";
  stream.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return { stream, text: () => text };
}

test("where nobody watches, one plain line is all", async () => {
  const { stream, text } = recorded(false);
  const progress = startProgress(stream, { files: 3, totalBytes: 2048 });
  progress.advance(2048);
  progress.stop();
  await new Promise(setImmediate);
  assert.equal(text(), "Hashing 3 file(s), 2.0 KiB.\n");
});

test("on a terminal there is a bar with bytes, rate and time left, which is cleared in the end", async () => {
  const { stream, text } = recorded(true);
  const progress = startProgress(stream, { files: 1, totalBytes: 4096 });
  progress.advance(1024);
  progress.stop();
  progress.stop();
  await new Promise(setImmediate);
  assert.match(text(), /25% \| 1\.0 KiB of 4\.0 KiB \| 4\.0 KiB\/s \| 1 s left/);
  assert.ok(text().endsWith("\u001b[2K"));
});
