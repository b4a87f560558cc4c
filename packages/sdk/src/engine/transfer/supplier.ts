import type { PeerId } from "../../base/ids.ts";
import type { Bitfield } from "../../content/bitfield.ts";

/** A connected peer as a transfer sees it: what it has of this content, and how much may be asked of it now. */
export interface Supplier {
  readonly peer: PeerId;
  /** The pieces it says it has. */
  readonly have: Bitfield;
  /** True when it serves us and answers: neither choking nor snubbed. */
  readonly serving: boolean;
  /** True while it may yet serve: not snubbed. */
  readonly promising: boolean;
  /** How many more chunks may be asked of it now. */
  readonly room: number;
  /** What it delivers to us, bytes per second; 0 before anything was measured. */
  readonly bytesPerSecond: number;
  /** The pieces that it would rather give us, when it says so: others get the rest from it, and we from them. */
  readonly suggested: ReadonlySet<number> | undefined;
  /** True when it is itself about to get this piece, and may then pass it on. */
  wants(piece: number): boolean;
  /** True when it is getting this piece from the origin, and will pass it on. */
  fetches(piece: number): boolean;
}
