import type { Catalogue } from "../../client/catalogue.ts";
import type { Asking, Telling } from "../../client/tabs/relay-messages.ts";

/*
 * What the leading page and the Service Worker say to each other. `rivulet` marks our own among a site's other messages.
 *
 *   page                          worker
 *     claim ─────────────────────▶       take pages that were loaded before there was a worker
 *           ◀─────────────────────  who  the worker began anew, and knows of no leader
 *     lead  ─────────────────────▶       with a port, for all that follows:
 *           ◀─────────────────────  serving: what is listed is answered from here on
 *           ◀─────────────────────  ask, more, cancel   (relay-messages.ts)
 *     taken, head, bytes … ──────▶
 *           ◀─────────────────────  adopt: bytes that came from the network
 *           ◀─────────────────────  used: bytes that the worker read from the store itself
 *     leave ─────────────────────▶       no engine here (any more)
 */

export type ToWorker =
  | {
      readonly rivulet: "claim";
      /** URLs of what the page's players have begun to load. */
      readonly media: readonly string[];
      readonly keep: boolean;
    }
  | {
      readonly rivulet: "lead";
      /** URL of the manifest. */
      readonly manifest: string;
      readonly catalogue: Catalogue;
      /** False: nothing may be written on disk. */
      readonly keep: boolean;
    }
  | { readonly rivulet: "leave"; readonly manifest: string };

export interface ToPage {
  readonly rivulet: "who";
}

/** From the worker, over the leader's port. */
export type WorkerMessage =
  | Asking
  /** What the page lists is answered from here on. */
  | { readonly type: "serving" }
  /** Bytes from byte `offset` on were given to a page as the network brought them. */
  | {
      readonly type: "adopt";
      readonly url: string;
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  /** Bytes [start, end) were given to a page from the store. */
  | {
      readonly type: "used";
      readonly url: string;
      readonly start: number;
      readonly end: number;
      readonly from: "store";
    };

/** To the worker, over the leader's port. */
export type PageMessage = Telling;
