import type { RivuletError } from "../base/errors.ts";
import type { ContentId, PeerId } from "../base/ids.ts";

/** Where a verified piece came from. `store`: this browser had it, from an earlier visit or by other ways than ours. */
export type PieceSource =
  | { readonly from: "origin" }
  | { readonly from: "peer"; readonly peer: PeerId }
  | { readonly from: "store" };

/** What the engine tells the outside for show: stats, the panel, logs. Nothing is decided by it. */
export type EngineEvent =
  | { readonly type: "peer-connected"; readonly peer: PeerId }
  | { readonly type: "peer-disconnected"; readonly peer: PeerId; readonly reason: string }
  | { readonly type: "peer-banned"; readonly peer: PeerId; readonly reason: string }
  | {
      readonly type: "piece";
      readonly content: ContentId;
      readonly piece: number;
      readonly resource: number;
      readonly bytes: number;
      readonly source: PieceSource;
    }
  | {
      readonly type: "corrupt-piece";
      readonly content: ContentId;
      readonly piece: number;
      readonly source: PieceSource | { readonly from: "several" };
    }
  | { readonly type: "uploaded"; readonly peer: PeerId; readonly bytes: number }
  | {
      readonly type: "stale-resource";
      readonly content: ContentId;
      readonly resource: number;
      readonly error: RivuletError;
    };
