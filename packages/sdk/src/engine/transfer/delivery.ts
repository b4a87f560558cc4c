import type { WantId } from "../io.ts";

/** A delivery that can be made now. */
export interface Delivery {
  readonly want: WantId;
  readonly piece: number;
  readonly start: number;
  readonly end: number;
}
