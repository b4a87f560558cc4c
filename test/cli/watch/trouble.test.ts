import assert from "node:assert/strict";
import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { listFiles } from "#sdk/cli/list-files.ts";
import { MIN_PIECE_BYTES } from "#sdk/content/limits.ts";
import { playlist, segment, stage } from "./live-stage.ts";

/** A signal that never aborts; whoever asks it, after the first piece that is hashed, sets something off. */
function atFirstPiece(act: () => void): AbortSignal {
  let isFirst = true;
  const { signal } = new AbortController();
  signal.throwIfAborted = () => {
    if (isFirst) act();
    isFirst = false;
  };
  return signal;
}

test("a file that vanishes before it is read is skipped, and so is one that vanishes while it is", async (context) => {
  const files = { "0.ts": new Uint8Array(3 * MIN_PIECE_BYTES), "1.ts": "x", "2.ts": "y" };
  const live = stage(context, { files: { ...files, "index.m3u8": playlist(Object.keys(files)) } });
  const vanish = atFirstPiece(() => {
    live.remove("0.ts");
    live.remove("1.ts");
  });
  assert.deepEqual(await live.look(10, vanish), ["2.ts"]);
  assert.deepEqual(await live.look(), ["2.ts"]);
  assert.deepEqual(live.told, []);
});

test("a file that grows while it is read is listed when it has been read whole", async (context) => {
  const files = { "0.ts": new Uint8Array(3 * MIN_PIECE_BYTES), "index.m3u8": playlist(["0.ts"]) };
  const live = stage(context, { files });
  const grow = atFirstPiece(() => appendFileSync(join(live.directory, "0.ts"), "more"));
  assert.deepEqual(await live.look(10, grow), []);
  assert.deepEqual(await live.look(), ["0.ts"]);
  assert.equal(live.manifest().resources[0]?.sizeBytes, 3 * MIN_PIECE_BYTES + 4);
  assert.deepEqual(live.told, []);
});

test("a folder from which files vanish while it is listed is listed all the same", async (context) => {
  const { directory } = stage(context, { files: { "stays.ts": segment(0) } });
  let isOver = false;
  const churn = async (name: string): Promise<void> => {
    while (!isOver) {
      await writeFile(join(directory, name), "x");
      await rm(join(directory, name));
    }
  };
  const churning = ["a.ts", "b.ts", "c.ts"].map(churn);
  try {
    for (let round = 0; round < 300; round++) {
      const { files } = await listFiles({ directory, skipVanished: true });
      assert.ok(files.some(({ path }) => path === "stays.ts"));
    }
  } finally {
    isOver = true;
    await Promise.all(churning);
  }
});

test("a file that may not be read is told about once, and listed when it may", async (context) => {
  const files = { "0.ts": segment(0), "1.ts": segment(1), "index.m3u8": playlist(["0.ts", "1.ts"]) };
  const live = stage(context, { files });
  chmodSync(live.directory, 0o777);
  chmodSync(join(live.directory, "0.ts"), 0);
  // The superuser may read everything, so it is somebody else for a while.
  const isSuperuser = process.geteuid?.() === 0;
  if (isSuperuser) process.seteuid?.(65_534);
  try {
    assert.deepEqual(await live.look(), ["1.ts"]);
    assert.deepEqual(await live.look(), ["1.ts"]);
  } finally {
    if (isSuperuser) process.seteuid?.(0);
  }
  assert.equal(live.told.length, 1, live.told.join("\n"));
  assert.match(live.told[0] ?? "", /"0\.ts" cannot be read \(EACCES/);
  chmodSync(join(live.directory, "0.ts"), 0o644);
  assert.deepEqual((await live.look()).sort(), ["0.ts", "1.ts"]);
});

test("a manifest that cannot be written is told about once each time, and written when it can be", async (context) => {
  const live = stage(context, { files: { "0.ts": segment(0), "index.m3u8": playlist(["0.ts"]) } });
  await live.look();
  for (let time = 1; time <= 2; time++) {
    live.remove("rivulet.json");
    mkdirSync(live.output);
    live.put("0.ts", segment(time));
    await assert.rejects(live.settle(), /EISDIR/, "the stage's own reading");
    await assert.rejects(live.settle(), /EISDIR/);
    assert.equal(live.told.length, time, live.told.join("\n"));
    assert.match(live.told[time - 1] ?? "", /rivulet\.json" cannot be written .* tried again/);
    rmSync(live.output, { recursive: true });
    assert.deepEqual(await live.settle(), ["0.ts"]);
  }
});

test("a folder that is taken away is told about once each time, and watched on when it is back", async (context) => {
  const live = stage(context, { files: { "0.ts": segment(0), "index.m3u8": playlist(["0.ts"]) } });
  await live.look();
  const before = live.text();
  for (let time = 1; time <= 2; time++) {
    renameSync(live.directory, `${live.directory}-away`);
    context.after(() => rmSync(`${live.directory}-away`, { recursive: true, force: true }));
    await assert.rejects(live.look(), /ENOENT/, "the stage's own reading");
    await assert.rejects(live.look(), /ENOENT/);
    assert.equal(live.told.length, time, live.told.join("\n"));
    assert.match(live.told[time - 1] ?? "", /no readable folder .* tried again/);
    renameSync(`${live.directory}-away`, live.directory);
    assert.deepEqual(await live.look(), ["0.ts"]);
  }
  assert.equal(live.text(), before);
});
