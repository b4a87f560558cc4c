import type { Page } from "puppeteer-core";
import type { BenchPage } from "./bench-page.ts";
import { makeUp } from "./made-up-files.ts";
import type { FileShape } from "./share-figures.ts";

/** The little of WebTorrent that is used here. */
interface Torrent {
  readonly magnetURI: string;
  readonly uploaded: number;
  readonly downloaded: number;
  on(event: "done", listener: () => void): void;
}

interface TorrentClient {
  seed(file: File, options: object, seeded: (torrent: Torrent) => void): void;
  add(magnet: string, options: object): Torrent;
  on(event: "error", listener: (error: unknown) => void): void;
}

interface TorrentPage extends BenchPage {
  readonly WebTorrent: new (options: object) => TorrentClient;
  torrent?: Torrent;
  /** How long the download took, ms. */
  torrentMs?: number;
  torrentError?: string;
}

declare const window: TorrentPage;

/** Has a page seed a file that it makes up; returns the magnet link once it is hashed. */
export async function seedMade(page: Page, file: FileShape, tracker: string): Promise<string> {
  await makeUp(page, [file]);
  return page.evaluate((tracker) => {
    const rtcConfig = { iceServers: [] };
    const client = new window.WebTorrent({ tracker: { rtcConfig }, dht: false, lsd: false });
    return new Promise<string>((resolve, reject) => {
      client.on("error", reject);
      const [made] = window.made ?? [];
      if (!made) throw new Error("The page made up nothing.");
      client.seed(made.file, { announce: [tracker] }, (torrent) => {
        window.torrent = torrent;
        resolve(torrent.magnetURI);
      });
    });
  }, tracker);
}

/** Has a page download by a magnet link; it does not wait for the end. */
export async function openMagnet(page: Page, magnet: string): Promise<void> {
  await page.evaluate((magnet) => {
    const startedAt = performance.now();
    const rtcConfig = { iceServers: [] };
    const client = new window.WebTorrent({ tracker: { rtcConfig }, dht: false, lsd: false });
    client.on("error", (error) => {
      window.torrentError = String(error);
    });
    const torrent = client.add(magnet, {});
    window.torrent = torrent;
    torrent.on("done", () => {
      window.torrentMs = performance.now() - startedAt;
    });
  }, magnet);
}

/** How long a page's download took, ms; undefined: it is not over. */
export async function torrentMs(page: Page): Promise<number | undefined> {
  const { ms, error } = await page.evaluate(() => ({ ms: window.torrentMs, error: window.torrentError }));
  if (error !== undefined) throw new Error(`WebTorrent failed: ${error}`);
  return ms;
}

export function torrentUploaded(page: Page): Promise<number> {
  return page.evaluate(() => window.torrent?.uploaded ?? 0);
}

export function torrentDownloaded(page: Page): Promise<number> {
  return page.evaluate(() => window.torrent?.downloaded ?? 0);
}
