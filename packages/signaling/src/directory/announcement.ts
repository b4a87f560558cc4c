import type { ContentId, PeerId, PeerListing, SignalErrorCode } from "@rivulet/sdk/protocol";

/** What a member says of itself. */
export interface Announcement {
  readonly content: ContentId;
  readonly want: number;
  readonly complete: boolean;
  readonly have?: string;
  readonly free?: number;
}

/** Who announces, as the server knows it. */
export interface Announcer {
  readonly peer: PeerId;
  /** Under which its connections are counted. */
  readonly address: string;
  readonly group: string;
  readonly isSuperPeer: boolean;
}

export type AnnounceResult =
  | { readonly outcome: "listed"; readonly peers: readonly PeerListing[]; readonly members: number }
  | { readonly outcome: "refused"; readonly code: SignalErrorCode; readonly message: string };
