import type { Figures } from "./operation/figures.ts";

/** What a server has in short: for `/healthz`, and for the program that embeds it. */
export interface SignalingStats {
  readonly [figure: string]: number;
  readonly connections: number;
  /** Peers that have said who they are. */
  readonly peers: number;
  readonly rooms: number;
  /** Memberships in all rooms together: a peer in two rooms counts twice. */
  readonly members: number;
  /** Messages received since the start, and how many of them were refused. */
  readonly messagesReceived: number;
  readonly messagesRefused: number;
  readonly messagesSent: number;
  /** Connections cut off since the start, because they were silent or read too slowly. */
  readonly connectionsCut: number;
  readonly uptimeMs: number;
}

export function brief(
  { counts, connections, peers, rooms, members }: Figures,
  uptimeMs: number,
): SignalingStats {
  return {
    connections: connections.rivulet + connections.webtorrent,
    peers,
    rooms: rooms.rivulet + rooms.webtorrent,
    members: members.rivulet + members.webtorrent,
    messagesReceived: counts.messagesReceived,
    messagesRefused: counts.refusals.total,
    messagesSent: counts.messagesSent,
    connectionsCut: counts.cuts.total,
    uptimeMs: Math.round(uptimeMs),
  };
}
