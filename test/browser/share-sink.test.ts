import { MemoryShareSink } from "#sdk/adapters/share/memory-sink.ts";
import { OpfsShareSink } from "#sdk/adapters/share/opfs-sink.ts";
import type { ShareSink } from "#sdk/client/share/ports.ts";
import { equal, failure, MODIFIED_AT, same } from "../contract/share-bytes.ts";
import { describeShareSink, write } from "../contract/share-sink.ts";
import { describe, it } from "./mocha.ts";
import { bytesOf, FILES, newPlace, newShare, newWorker, PIECES, STREAM, withSink } from "./share-stage.ts";

describeShareSink("OpfsShareSink", { place: async () => newPlace(), isKept: true, describe, it });

describeShareSink("MemoryShareSink", {
  place: async () => async () => new MemoryShareSink() satisfies ShareSink,
  isKept: false,
  describe,
  it,
});

async function checkFile(file: File, index: number): Promise<void> {
  same(await bytesOf(file), FILES[index]?.bytes);
  equal(file.name, `${index}.mp4`);
  equal(file.type, "video/mp4");
  equal(file.lastModified, MODIFIED_AT);
}

describe("a file out of OpfsShareSink", () => {
  it("is right as soon as it is whole, and stays so while others are written", async () => {
    await withSink(async (sink) => {
      await sink.open(STREAM);
      const taken = new Map<number, File>();
      for (const [piece] of PIECES.entries()) {
        await write(sink, PIECES, piece);
        for (const [index] of FILES.entries()) {
          if (taken.has(index) || STREAM.piecesOf(index).end > piece + 1) continue;
          taken.set(index, await sink.file(index));
        }
        for (const [index, file] of taken) equal(file.size, FILES[index]?.bytes.byteLength);
      }
      equal(taken.size, FILES.length);
      for (const [index, file] of taken) await checkFile(file, index);
      await sink.finish();
      for (const [index, file] of taken) await checkFile(file, index);
      for (const [index] of FILES.entries()) await checkFile(await sink.file(index), index);
    });
  });

  it("is good after the share was closed, and at the next visit", async () => {
    const share = newShare();
    const sink = await OpfsShareSink.claim(newWorker(), share);
    await sink.open(STREAM);
    for (const [piece] of PIECES.entries()) await write(sink, PIECES, piece);
    await sink.finish();
    const files = await Promise.all(FILES.map((_, index) => sink.file(index)));
    for (const [piece, bytes] of PIECES.entries()) same(await sink.read(piece), bytes);
    await sink.close();
    for (const [index, file] of files.entries()) await checkFile(file, index);
    const next = await OpfsShareSink.claim(newWorker(), share);
    equal(await next.open(STREAM), PIECES.length);
    for (const [piece, bytes] of PIECES.entries()) same(await next.read(piece), bytes);
    for (const [index, file] of files.entries()) await checkFile(file, index);
    for (const [index] of FILES.entries()) await checkFile(await next.file(index), index);
    await next.remove();
  });

  it("is refused while some of it is missing", async () => {
    await withSink(async (sink) => {
      await sink.open(STREAM);
      await failure("file-unreadable", sink.file(0));
      await failure("file-unreadable", sink.file(1));
      await failure("file-unreadable", sink.file(6));
      equal((await sink.file(3)).size, 0);
    });
  });
});
