import { MAX_DURATION_MS, second } from "@rivulet/sdk/protocol";
import type { RowsFor } from "../rows.ts";

export interface WebTorrentOptions {
  /** Whether the WebTorrent tracker protocol is served at `/announce`. */
  readonly webTorrent: boolean;
  /** Milliseconds after which a WebTorrent client is asked to announce again. */
  readonly webTorrentIntervalMs: number;
  /** Offers of one WebTorrent announce that are passed on; further ones are dropped. */
  readonly maxOffersPerAnnounce: number;
  /** Info hashes that one scrape may name. */
  readonly maxScrapeHashes: number;
}

export const WEBTORRENT: RowsFor<WebTorrentOptions> = {
  webTorrent: {
    kind: "boolean",
    default: true,
    value: "",
    help: "serve the WebTorrent tracker protocol at /announce",
  },
  webTorrentIntervalMs: {
    kind: "number",
    default: 120 * second,
    // The protocol counts in seconds.
    min: second,
    max: MAX_DURATION_MS,
    value: "MS",
    help: "when WebTorrent clients announce again",
  },
  maxOffersPerAnnounce: {
    kind: "number",
    default: 10,
    min: 0,
    max: 1_000,
    value: "N",
    help: "offers of one announce that are passed on",
  },
  maxScrapeHashes: {
    kind: "number",
    default: 50,
    min: 1,
    max: 10_000,
    value: "N",
    help: "info hashes in one scrape",
  },
};
