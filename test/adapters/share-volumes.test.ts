import { describe, it } from "node:test";
import { Volumes } from "#sdk/adapters/share/opfs-volumes.ts";
import { MIB } from "#sdk/base/bytes.ts";
import { FileStream } from "#sdk/content/share/file-stream.ts";
import { equal } from "../contract/share-bytes.ts";

function volumesOf(...sizes: readonly number[]): { volumes: Volumes; stream: FileStream } {
  const stream = new FileStream(sizes.map((sizeBytes, at) => ({ path: String(at), sizeBytes })));
  return { volumes: new Volumes(stream), stream };
}

describe("Volumes", () => {
  it("give a file of 1 MiB or more one of its own, so that nothing is written behind it once it is whole", () => {
    const { volumes } = volumesOf(10, MIB, 20, 0, 30, 3 * MIB, MIB - 1);
    equal(volumes.sizes.join(), [10, MIB, 50, 3 * MIB, MIB - 1].join());
    equal(volumes.placeOf(1)?.isShared, false);
    equal(volumes.placeOf(5)?.isShared, false);
    equal(volumes.placeOf(4)?.isShared, true);
    equal(volumes.placeOf(3), undefined);
  });

  it("hold many short files together, 16 MiB at most", () => {
    const { volumes } = volumesOf(...Array.from({ length: 10_000 }, () => 10_000));
    equal(volumes.sizes.length, 6);
    equal(
      volumes.sizes.every((size) => size <= 16 * MIB),
      true,
    );
  });

  it("are the stream, one after another", () => {
    const { volumes, stream } = volumesOf(...Array.from({ length: 500 }, (_, at) => (at * 7919) % (2 * MIB)));
    const starts = volumes.sizes.map((_, at) =>
      volumes.sizes.slice(0, at).reduce((sum, size) => sum + size, 0),
    );
    for (const [file, { sizeBytes }] of stream.files.entries()) {
      const place = volumes.placeOf(file);
      if (!place) equal(sizeBytes, 0);
      else {
        equal((starts[place.volume] ?? Number.NaN) + place.from, stream.startOf(file));
        equal(place.to - place.from, sizeBytes);
        equal(place.to <= (volumes.sizes[place.volume] ?? 0), true);
      }
    }
    equal(
      volumes.sizes.reduce((sum, size) => sum + size, 0),
      stream.totalBytes,
    );
  });
});
