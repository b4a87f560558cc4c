import { OpfsShareSink } from "#sdk/adapters/share/opfs-sink.ts";
import { FolderWriter, saveInto } from "#sdk/adapters/share/save-into.ts";
import { zipFile } from "#sdk/adapters/share/zip-file.ts";
import {
  bytesFor,
  CROSSING,
  equal,
  failure,
  MODIFIED_AT,
  piecesOf,
  same,
  streamOf,
} from "../contract/share-bytes.ts";
import { write } from "../contract/share-sink.ts";
import { unzip } from "../contract/zip-reader.ts";
import { describe, it } from "./mocha.ts";
import { bytesOf, contents, inFolder, newShare, newWorker, put } from "./share-stage.ts";

const { files } = streamOf(CROSSING, 1000);

/** A share that is received whole. */
async function received(run: (sink: OpfsShareSink) => Promise<void>): Promise<void> {
  const sink = await OpfsShareSink.claim(newWorker(), newShare());
  try {
    await sink.open(streamOf(CROSSING, 1000));
    const pieces = piecesOf(CROSSING, 1000);
    for (const [piece] of pieces.entries()) await write(sink, pieces, piece);
    await sink.finish();
    await run(sink);
  } finally {
    await sink.remove();
  }
}

describe("saveInto", () => {
  it("writes every file with its folders, twice when it is asked twice", async () => {
    await received((sink) =>
      inFolder(async (folder) => {
        const file = (index: number) => sink.file(index);
        await saveInto({ folder, files, file });
        const once = await contents(folder);
        equal(once.size, CROSSING.length);
        for (const { path, bytes } of CROSSING) same(once.get(path), bytes);
        await saveInto({ folder, files, file });
        const twice = await contents(folder);
        equal(twice.size, 2 * CROSSING.length);
        same(twice.get("trip/one (2).jpg"), CROSSING[1]?.bytes);
      }),
    );
  });

  it("writes over nothing that is there, be it a file or a folder", async () => {
    await inFolder(async (folder) => {
      await put(folder, "a.txt", bytesFor(1, 10));
      await put(folder, "a (2).txt", bytesFor(2, 10));
      await put(folder, "b/inside", bytesFor(3, 10));
      await put(folder, "c", bytesFor(4, 10));
      const writer = new FolderWriter(folder);
      for (const path of ["a.txt", "b", "c/one", "c/two"]) await writer.save(path, new File([path], "x"));
      const found = await contents(folder);
      equal(
        [...found.keys()].sort().join("|"),
        "a (2).txt|a (3).txt|a.txt|b (2)|b/inside|c|c (2)/one|c (2)/two",
      );
      same(found.get("a.txt"), bytesFor(1, 10));
      same(found.get("c"), bytesFor(4, 10));
    });
  });

  it("leaves nothing of a file that could not be written whole", async () => {
    await inFolder(async (folder) => {
      const source = await put(folder, "source.bin", bytesFor(1, 100_000));
      const gone = await source.getFile();
      await folder.removeEntry("source.bin");
      await failure("file-unwritable", new FolderWriter(folder).save("copy.bin", gone));
      equal((await contents(folder)).size, 0);
    });
  });

  it("stops when it is told to, and leaves what was whole", async () => {
    await inFolder(async (folder) => {
      const stop = new AbortController();
      const file = async (index: number) => {
        if (index === 2) stop.abort();
        return new File([CROSSING[index]?.bytes ?? ""], "x");
      };
      await failure("aborted", saveInto({ folder, files, file, signal: stop.signal }));
      equal([...(await contents(folder)).keys()].sort().join("|"), "nothing.txt|trip/one.jpg");
    });
  });

  it("finds another name where the browser refuses one", async () => {
    await inFolder(async (folder) => {
      // The page's own folder refuses no more than these two; on a person's disk there are more.
      const refusing = new Proxy(folder, {
        get: (target, member) => {
          const value: unknown = Reflect.get(target, member);
          if (typeof value !== "function") return value;
          return (name: string, ...rest: unknown[]) =>
            member === "getFileHandle" && /[:?]|\.lnk$/.test(name)
              ? Promise.reject(new TypeError("Name is not allowed."))
              : value.call(target, name, ...rest);
        },
      });
      const writer = new FolderWriter(refusing);
      for (const name of ["what?.txt", "a:b", "link.lnk"]) await writer.save(name, new File(["x"], "x"));
      equal([...(await contents(folder)).keys()].sort().join("|"), "a_b|link.lnk_|what_.txt");
    });
  });
});

describe("zipFile of files on disk", () => {
  it("has all their bytes, without copying them", async () => {
    await received(async (sink) => {
      const before = (await navigator.storage.estimate()).usage;
      const archive = await zipFile({
        name: "all.zip",
        files,
        file: (index) => sink.file(index),
        worker: newWorker(),
      });
      equal((await navigator.storage.estimate()).usage, before);
      const found = unzip(await bytesOf(archive));
      equal(found.map(({ name }) => name).join("|"), CROSSING.map(({ path }) => path).join("|"));
      for (const [index, { bytes, modifiedAt }] of found.entries()) {
        same(bytes, CROSSING[index]?.bytes);
        equal(modifiedAt, MODIFIED_AT / 1000);
      }
    });
  });
});
