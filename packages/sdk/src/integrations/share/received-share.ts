import type { MemoryShareSink } from "../../adapters/share/memory-sink.ts";
import type { OpfsShareSink } from "../../adapters/share/opfs-sink.ts";
import { saveInto } from "../../adapters/share/save-into.ts";
import type { ShareWorker } from "../../adapters/share/share-worker.ts";
import { zipFile } from "../../adapters/share/zip-file.ts";
import { watchPageEnd } from "../../client/page-end.ts";
import type { ReceivingShare } from "../../client/share/receive-share.ts";
import type { RunningShare } from "../../client/share/running-share.ts";
import type { ReceivedShare } from "./api.ts";

/** What a page can do with a share that it receives. */
export function receivedShare(
  running: ReceivingShare<OpfsShareSink | MemoryShareSink>,
  worker: ShareWorker,
): ReceivedShare {
  const { sink } = running;
  /** Settles when one file is whole; rejects when it will never be. */
  const whole = (index: number) =>
    new Promise<void>((resolve, reject) => {
      if (running.has(index)) return resolve();
      const off = running.on("file", ({ file }) => {
        if (file !== index) return;
        off();
        resolve();
      });
      running.done.then(resolve, reject);
    });
  const fileWhenWhole = async (index: number) => {
    await whole(index);
    return sink.file(index);
  };
  const unwatch = watchPageEnd({ onEnd: () => running.leave() });
  /** The disk's side outlives the connections: the worker ends with it. */
  const ended = async (end: Promise<void>) => {
    unwatch();
    await end;
    worker.close();
  };
  return {
    get files() {
      return running.files;
    },
    get progress() {
      return running.progress;
    },
    on: running.on,
    done: running.done,
    stop: () => ended(running.stop()),
    discard: () => ended(running.discard()),
    file: async (index) => (running.has(index) ? sink.file(index) : undefined),
    saveTo: async (folder) => {
      await known(running);
      await saveInto({ folder, files: running.files, file: fileWhenWhole });
    },
    zip: async () => {
      await running.done;
      const { files } = running;
      return zipFile({ name: `${nameOf(files[0]?.path ?? "")}.zip`, files, file: fileWhenWhole, worker });
    },
  };
}

/** Settles when the files are known. */
function known(running: RunningShare): Promise<void> {
  if (running.files.length > 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    running.on("files", () => resolve());
    running.done.then(resolve, reject);
  });
}

/** An archive is called after the folder that all is in, or after its first file. */
function nameOf(path: string): string {
  const [first = ""] = path.split("/");
  return first.includes(".") && !path.includes("/") ? first.replace(/\.[^.]+$/, "") : first || "files";
}
