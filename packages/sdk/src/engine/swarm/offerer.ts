import type { ContentId, PeerId } from "../../base/ids.ts";

/** Who offers a connection. */
export interface Offerer {
  readonly peer: PeerId;
  readonly content: ContentId;
  /** The neighbour that relayed the offer. */
  readonly via?: PeerId | undefined;
  /** How many connections it says it has. */
  readonly degree?: number | undefined;
}
