import { readFileSync } from "node:fs";
import type { Page } from "puppeteer-core";
import type { TestOrigin } from "../../support/test-origin.ts";

const WEBTORRENT = new URL(
  "../../incumbents/node_modules/webtorrent/dist/webtorrent.min.js",
  import.meta.url,
);

/** The little of WebTorrent that is used here. */
interface Torrent {
  readonly infoHash: string;
  readonly magnetURI: string;
  readonly announce: readonly string[];
  readonly files: readonly { readonly name: string; blob(): Promise<Blob> }[];
  on(event: "ready" | "done", listener: () => void): void;
  on(event: "warning", listener: (warning: unknown) => void): void;
}

interface TorrentClient {
  seed(file: File, options: object, seeded: (torrent: Torrent) => void): void;
  add(magnet: string, options: object): Torrent;
  on(event: "error", listener: (error: unknown) => void): void;
}

declare const window: { readonly WebTorrent: new (options: object) => TorrentClient };

export interface Seeded {
  readonly infoHash: string;
  readonly magnetURI: string;
  readonly announce: readonly string[];
}

export interface Downloaded {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Puts WebTorrent's own build for browsers, and a page that loads it, on a site. */
export function serveWebTorrent(origin: TestOrigin): void {
  origin.files.set("/webtorrent.js", readFileSync(WEBTORRENT));
  const page = `<!doctype html><meta charset="utf-8"><title>WebTorrent</title><link rel="icon" href="data:,">
<script type="module">import WebTorrent from "/webtorrent.js"; window.WebTorrent = WebTorrent;</script>`;
  origin.files.set("/webtorrent.html", new TextEncoder().encode(page));
}

/** Seeds the file at a path of the page's site, with one tracker. */
export function seed(page: Page, path: string, tracker: string): Promise<Seeded> {
  return page.evaluate(
    async (path, tracker) => {
      const bytes = await (await fetch(path)).arrayBuffer();
      const client = new window.WebTorrent({
        tracker: { rtcConfig: { iceServers: [] } },
        dht: false,
        lsd: false,
      });
      return new Promise<Seeded>((resolve, reject) => {
        client.on("error", reject);
        const file = new File([bytes], path.slice(1));
        client.seed(file, { announce: [tracker] }, ({ infoHash, magnetURI, announce }) =>
          resolve({ infoHash, magnetURI, announce }),
        );
      });
    },
    path,
    tracker,
  );
}

/** Downloads a torrent of one file by its magnet link, whose tracker is the only way to anybody. */
export function download(page: Page, magnet: string): Promise<Downloaded> {
  return page.evaluate(async (magnet) => {
    const client = new window.WebTorrent({
      tracker: { rtcConfig: { iceServers: [] } },
      dht: false,
      lsd: false,
    });
    const torrent = client.add(magnet, {});
    await new Promise<void>((resolve, reject) => {
      client.on("error", reject);
      torrent.on("warning", reject);
      torrent.on("done", resolve);
    });
    const [file] = torrent.files;
    if (!file) throw new Error("The torrent has no file.");
    const bytes = await (await file.blob()).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return { name: file.name, bytes: bytes.byteLength, sha256 };
  }, magnet);
}
