import assert from "node:assert/strict";
import { test } from "node:test";
import { ShareLab, someBytes } from "./support/share-lab.ts";

test("files arrive whole, with their paths, empty ones too, in names of any script", async () => {
  const lab = new ShareLab();
  try {
    const files = {
      "Reise/Zürich.jpg": someBytes(200_000),
      "Reise/空.txt": new Uint8Array(0),
      "Reise/тест/a.bin": someBytes(70_000),
    };
    const sender = await lab.send(files);
    const receiver = await lab.receive(sender.token);
    await receiver.done;
    assert.deepEqual(
      receiver.files.map(({ path, sizeBytes }) => [path, sizeBytes]),
      Object.entries(files).map(([path, bytes]) => [path, bytes.byteLength]),
    );
    for (const [index, bytes] of Object.values(files).entries())
      assert.deepEqual(receiver.sink.file(index), bytes);
    assert.equal(receiver.progress.state, "seeding");
    assert.equal(receiver.progress.doneBytes, 270_000);
    assert.equal(receiver.sink.finished, 1);
  } finally {
    await lab.close();
  }
});

test("a share of a few bytes arrives like any other", async () => {
  const lab = new ShareLab();
  try {
    for (const length of [1, 1000, 16_384]) {
      const bytes = someBytes(length);
      const sender = await lab.send({ "note.txt": bytes });
      const receiver = await lab.receive(sender.token);
      await receiver.done;
      assert.deepEqual(receiver.sink.file(0), bytes);
    }
  } finally {
    await lab.close();
  }
});
