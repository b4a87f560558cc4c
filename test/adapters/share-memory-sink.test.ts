import { describe, it } from "node:test";
import { MemoryShareSink } from "#sdk/adapters/share/memory-sink.ts";
import type { ShareSink } from "#sdk/client/share/ports.ts";
import { FileStream } from "#sdk/content/share/file-stream.ts";
import { CROSSING, equal, failure, MODIFIED_AT, piecesOf, same, streamOf } from "../contract/share-bytes.ts";
import { describeShareSink, write } from "../contract/share-sink.ts";

describeShareSink("MemoryShareSink", {
  place: async () => async () => new MemoryShareSink() satisfies ShareSink,
  isKept: false,
  describe,
  it,
});

describe("MemoryShareSink", () => {
  it("takes as much as it may, and says how much more that is", async () => {
    const stream = streamOf(CROSSING, 1000);
    await new MemoryShareSink({ limitBytes: stream.totalBytes }).open(stream);
    const tooSmall = new MemoryShareSink({ limitBytes: stream.totalBytes - 21 });
    const { message } = await failure("storage-full", tooSmall.open(stream));
    equal(message.includes(" 21 too many"), true);
  });

  it("says 256 MiB where nobody said otherwise", async () => {
    const files = [{ path: "a", sizeBytes: 256 * 1024 * 1024 + 1 }];
    const { message } = await failure("storage-full", new MemoryShareSink().open(new FileStream(files)));
    equal(message.includes(" 256 MiB"), true);
  });

  it("gives a file as soon as it is whole, with its name, kind and date", async () => {
    const sink = new MemoryShareSink();
    await sink.open(streamOf(CROSSING, 1000));
    const pieces = piecesOf(CROSSING, 1000);
    for (const piece of [0, 1, 2]) await write(sink, pieces, piece);
    const file = await sink.file(1);
    same(new Uint8Array(await file.arrayBuffer()), CROSSING[1]?.bytes);
    equal(file.name, "one.jpg");
    equal(file.type, "image/jpeg");
    equal(file.lastModified, MODIFIED_AT);
    equal((await sink.file(0)).size, 0);
    await failure("file-unreadable", sink.file(6));
    for (const piece of pieces.keys()) await write(sink, pieces, piece);
    for (const [index, { bytes }] of CROSSING.entries())
      same(new Uint8Array(await (await sink.file(index)).arrayBuffer()), bytes);
    await failure("file-unreadable", sink.file(8));
  });
});
