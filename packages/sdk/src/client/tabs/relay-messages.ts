import type { Playback } from "../playback.ts";

/*
 * What a tab without an engine, or the Service Worker, says to the tab that has one, and what that answers. The messages
 * are structured clones over a BroadcastChannel or a MessagePort, between scripts of one site: they are not checked as
 * those of strangers are.
 *
 *   asker                      leader
 *     ask  ──────────────────▶        url, range, room for so many bytes
 *          ◀──────────────────  taken    at once: the leader is awake and on it
 *          ◀──────────────────  head     status and headers of the answer
 *          ◀──────────────────  bytes …  never more than there is room for
 *     more ──────────────────▶        room for so many bytes more
 *          ◀──────────────────  end      or `refused`: the origin has to answer, or `failed`: in the middle
 */

export type Asking =
  | {
      readonly type: "ask";
      readonly id: number;
      readonly url: string;
      /** The Range header; null: there is none. */
      readonly range: string | null;
      readonly playback?: Playback | undefined;
      /** How many bytes of the body may be sent unasked. */
      readonly room: number;
    }
  | { readonly type: "more"; readonly id: number; readonly bytes: number }
  | { readonly type: "cancel"; readonly id: number };

export type Telling =
  | { readonly type: "taken"; readonly id: number }
  | {
      readonly type: "head";
      readonly id: number;
      readonly status: number;
      readonly headers: readonly (readonly [string, string])[];
    }
  | { readonly type: "bytes"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly type: "end"; readonly id: number }
  | { readonly type: "refused"; readonly id: number }
  | { readonly type: "failed"; readonly id: number; readonly message: string };

/** Either end of a wire between two scripts of one site. */
export interface Wire<Out> {
  /** `transfer`: what the other side is given rather than copied, where the wire can. */
  post(message: Out, transfer?: readonly ArrayBuffer[]): void;
}
