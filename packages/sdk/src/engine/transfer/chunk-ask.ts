import type { PeerId } from "../../base/ids.ts";

/** One chunk to ask of one peer. */
export interface ChunkAsk {
  readonly peer: PeerId;
  readonly piece: number;
  readonly chunk: number;
}
