import { BrowserShareSource } from "../../adapters/share/browser-source.ts";
import { chosenFiles } from "../../adapters/share/chosen-files.ts";
import { forgetOldShares } from "../../adapters/share/kept-shares.ts";
import { openShareSink } from "../../adapters/share/open-sink.ts";
import { ShareWorker } from "../../adapters/share/share-worker.ts";
import { RivuletError } from "../../base/errors.ts";
import { watchPageEnd } from "../../client/page-end.ts";
import { checkShareSettings } from "../../client/share/check-settings.ts";
import { receiveShare } from "../../client/share/receive-share.ts";
import { sendShare } from "../../client/share/send-share.ts";
import { readShareLink } from "../../content/share/share-link.ts";
import type {
  ReceivedShare,
  ReceiveOptions,
  SendOptions,
  SentShare,
  Shareable,
  ShareOptions,
} from "./api.ts";
import { pageWorld } from "./page-world.ts";
import { receivedShare } from "./received-share.ts";

export { droppedFiles } from "../../adapters/share/dropped-files.ts";
export { type ErrorCode, RivuletError } from "../../base/errors.ts";
export type { ShareEvents, SharePeer, ShareProgress, ShareState } from "../../client/share/share-events.ts";
export type { SharedFile } from "../../content/share/file-stream.ts";
export { readShareLink, type ShareLink } from "../../content/share/share-link.ts";
export type {
  OpenShare,
  ReceivedShare,
  ReceiveOptions,
  SendOptions,
  SentShare,
  Shareable,
  ShareOptions,
} from "./api.ts";

/** What was received and not opened again for so long is taken off the disk. */
const KEPT_MS = 14 * 24 * 60 * 60 * 1000;

/**
 * Sends files and folders for as long as this page is open: those who open the link get them from here and from each other.
 * It resolves at once; what is not hashed yet is sent as soon as it is.
 * @throws RivuletError `bad-option`, `file-unreadable`, `share-malformed`, `insecure-context`, `unsupported-browser`.
 */
export async function share(
  files: Iterable<Shareable> | FileSystemDirectoryHandle,
  options: SendOptions,
): Promise<SentShare> {
  const settings = settingsOf(options, ["page", "workerUrl"]);
  const page = options.page ?? location.href;
  if (!URL.canParse(page, document.baseURI))
    throw new RivuletError("bad-option", `\`page\` must be a URL, not ${JSON.stringify(page)}.`);
  const link = new URL(page, document.baseURI);
  const chosen = await chosenFiles(Symbol.iterator in files ? files : [files]);
  const worker = workerOf(options);
  try {
    const source = new BrowserShareSource(chosen, worker);
    const running = await sendShare({ source, settings, world: pageWorld() });
    link.hash = running.token;
    // It has nothing to do any more, and holds what it read last.
    running.done.then(
      () => worker.close(),
      () => undefined,
    );
    const unwatch = watchPageEnd({ onEnd: () => running.leave() });
    return {
      link: link.href,
      get files() {
        return running.files;
      },
      get progress() {
        return running.progress;
      },
      on: running.on,
      stop: async () => {
        unwatch();
        await running.stop();
        worker.close();
      },
    };
  } catch (error) {
    worker.close();
    throw error;
  }
}

/**
 * Receives what a link leads to, or goes on where an earlier visit stopped.
 * @throws RivuletError `bad-link`, `password-needed`, `bad-option`, `insecure-context`, `unsupported-browser`,
 * `share-open-elsewhere`, `worker-unavailable`.
 */
export async function receive(link: string, options: ReceiveOptions): Promise<ReceivedShare> {
  const settings = settingsOf(options, ["seed", "workerUrl"]);
  const { token } = readShareLink(link);
  const world = pageWorld();
  const worker = workerOf(options);
  try {
    const running = await receiveShare({
      token,
      openSink: (id) => openShareSink(worker, id),
      settings,
      world,
      seed: options.seed ?? true,
    });
    // Not while the share that was asked for waits.
    void forgetOldShares(worker, KEPT_MS).catch(() => undefined);
    return receivedShare(running, worker);
  } catch (error) {
    worker.close();
    throw error;
  }
}

function settingsOf(options: ShareOptions, others: readonly string[]) {
  return checkShareSettings(options, { others, pageUrl: document.baseURI });
}

function workerOf({ workerUrl }: ShareOptions): ShareWorker {
  return new ShareWorker(workerUrl ?? new URL("./rivulet-share-worker.js", import.meta.url));
}
