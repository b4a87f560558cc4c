import { BrowserShareSource } from "#sdk/adapters/share/browser-source.ts";
import { chosenFiles } from "#sdk/adapters/share/chosen-files.ts";
import { droppedFiles } from "#sdk/adapters/share/dropped-files.ts";
import { ShareWorker } from "#sdk/adapters/share/share-worker.ts";
import type { ShareSource } from "#sdk/client/share/ports.ts";
import { bytesFor, CROSSING, equal, failure, same, streamOf } from "../contract/share-bytes.ts";
import { describeShareSource } from "../contract/share-source.ts";
import { describe, it } from "./mocha.ts";
import { bytesOf, inFolder, newWorker, put } from "./share-stage.ts";

describeShareSource("BrowserShareSource", {
  open: async (files) => {
    const worker = newWorker();
    const chosen = files.map(({ path, bytes }) => ({ path, file: new File([bytes], path) }));
    const source = new BrowserShareSource(chosen, worker) satisfies ShareSource;
    return { source: closing(source, worker) };
  },
  describe,
  it,
});

/** Files of a disk, which others can write to; OPFS is the only one that a page has without asking. */
describeShareSource("BrowserShareSource of files on a disk", {
  open: async (files) => {
    const worker = newWorker();
    const root = await navigator.storage.getDirectory();
    const name = `source-${crypto.randomUUID()}`;
    const folder = await root.getDirectoryHandle(name, { create: true });
    const handles = new Map<string, FileSystemFileHandle>();
    // Thousands take long to make, and what they would show, the suite above does.
    for (const { path, bytes } of files.slice(0, 50))
      handles.set(path, await put(folder, path.replaceAll("/", "-"), bytes));
    const chosen = await Promise.all(
      files.map(async ({ path, bytes }) => ({
        path,
        file: (await handles.get(path)?.getFile()) ?? new File([bytes], path),
      })),
    );
    return {
      source: closing(new BrowserShareSource(chosen, worker), worker, () =>
        root.removeEntry(name, { recursive: true }),
      ),
      change: async (path) => {
        const { size = 0 } = chosen.find((each) => each.path === path)?.file ?? {};
        await put(folder, path.replaceAll("/", "-"), bytesFor(99, size));
      },
    };
  },
  describe,
  it,
});

function closing(source: ShareSource, worker: ShareWorker, then?: () => Promise<void>): ShareSource {
  return {
    files: source.files,
    hashes: (stream, signal) => source.hashes(stream, signal),
    read: (...asked) => source.read(...asked),
    close: async () => {
      await source.close();
      worker.close();
      await then?.();
    },
  };
}

describe("ShareWorker", () => {
  it("says what to do where its script is missing", async () => {
    const worker = new ShareWorker("/nowhere/rivulet-share-worker.js");
    const chosen = CROSSING.map(({ path, bytes }) => ({ path, file: new File([bytes], path) }));
    const source = new BrowserShareSource(chosen, worker);
    const hashing = async () => {
      for await (const _ of source.hashes(streamOf(CROSSING, 1000), new AbortController().signal)) return;
    };
    const { message } = await failure("worker-unavailable", hashing());
    equal(message.includes("/nowhere/rivulet-share-worker.js"), true);
    // Whoever asks later is told the same.
    await failure("worker-unavailable", worker.ask("list", {}));
  });

  it("says so where the browser refuses a script of another origin", async () => {
    const worker = new ShareWorker("https://elsewhere.example/rivulet-share-worker.js");
    await failure("worker-unavailable", worker.ask("list", {}));
  });

  it("fails what it was asked when it is closed", async () => {
    const worker = newWorker();
    const asked = worker.ask("list", {});
    worker.close();
    await failure("aborted", asked);
    await failure("aborted", worker.ask("list", {}));
  });
});

describe("what a person chose", () => {
  it("is the files of a folder and of those inside, by name", async () => {
    await inFolder(async (folder) => {
      for (const path of ["trip/b.txt", "trip/a/2.txt", "trip/a/1.txt", "trip/c/写真.jpg", "alone.txt"])
        await put(folder, path, bytesFor(path.length, 10));
      const trip = await folder.getDirectoryHandle("trip");
      const alone = await folder.getFileHandle("alone.txt");
      const chosen = await chosenFiles([alone, trip, alone]);
      equal(
        chosen.map(({ path }) => path).join("|"),
        "alone.txt|trip/a/1.txt|trip/a/2.txt|trip/b.txt|trip/c/写真.jpg|alone (2).txt",
      );
      same(await bytesOf(chosen[4]?.file ?? new Blob()), bytesFor(13, 10));
    });
  });

  it("is what was dropped, by handles where the browser gives them", async () => {
    await inFolder(async (folder) => {
      await put(folder, "trip/a.txt", bytesFor(1, 10));
      const trip = await folder.getDirectoryHandle("trip");
      const dropped = dropOf([
        { getAsFileSystemHandle: async () => trip },
        { file: new File(["x"], "b.txt") },
      ]);
      equal((await droppedFiles(dropped)).map(({ path }) => path).join("|"), "trip/a.txt|b.txt");
    });
  });

  it("is what was dropped, by entries where there are no handles", async () => {
    const names = Array.from({ length: 250 }, (_, at) => `${1000 + at}.txt`);
    const folder = entryOf("trip", [
      entryOf("a.txt"),
      entryOf(
        "many",
        names.map((name) => entryOf(name)),
      ),
    ]);
    const found = await droppedFiles(dropOf([{ entry: folder }, { entry: entryOf("b.txt") }]));
    equal(found.length, 252);
    equal(found[0]?.path, "trip/a.txt");
    equal(found[250]?.path, "trip/many/1249.txt");
    equal(found[251]?.path, "b.txt");
  });
});

/** A drop; a page cannot make one of folders. */
function dropOf(
  items: readonly { file?: File; entry?: object; getAsFileSystemHandle?: unknown }[],
): DataTransfer {
  const made = items.map(({ file = null, entry = null, ...handle }) => ({
    kind: "file",
    getAsFile: () => file,
    webkitGetAsEntry: () => entry,
    ...handle,
  }));
  return { items: made } as unknown as DataTransfer;
}

/** A file, or a folder of these, whose reader gives a hundred at a time. */
function entryOf(name: string, inside?: readonly object[]): object {
  if (!inside) {
    const file = (resolve: (file: File) => void) => resolve(new File([name], name));
    return { name, isFile: true, isDirectory: false, file };
  }
  const createReader = () => {
    const left = [...inside];
    return { readEntries: (resolve: (some: readonly object[]) => void) => resolve(left.splice(0, 100)) };
  };
  return { name, isFile: false, isDirectory: true, createReader };
}
