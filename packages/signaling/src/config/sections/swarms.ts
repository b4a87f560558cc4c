import { MAX_DURATION_MS, MAX_PEERS_PER_REPLY, minute } from "@rivulet/sdk/protocol";
import { headerName } from "../readers.ts";
import { MANY, type RowsFor } from "../rows.ts";

export interface SwarmOptions {
  /** Swarms that exist at a time. */
  readonly maxRooms: number;
  /** Of those, how many one address has opened. */
  readonly maxRoomsPerAddress: number;
  /** Members of one swarm. */
  readonly maxMembersPerRoom: number;
  /** Swarms that one peer is in at a time. */
  readonly maxRoomsPerPeer: number;
  /** Peers that one announce is answered with. */
  readonly maxPeersPerReply: number;
  /** Part of each answer that is drawn at random rather than by nearness, in percent. */
  readonly randomPeersPercent: number;
  /** Request header by which callers count as near each other, such as a region's or a network's; from a trusted proxy only. */
  readonly regionHeader: string | undefined;
  /** Milliseconds after which a peer is asked to announce again. */
  readonly announceIntervalMs: number;
}

const count = { kind: "number", min: 1, max: MANY, value: "N" } as const;

export const SWARMS: RowsFor<SwarmOptions> = {
  maxRooms: { ...count, default: 10_000, help: "swarms at a time" },
  maxRoomsPerAddress: { ...count, default: 1000, help: "swarms at a time that one address has opened" },
  maxMembersPerRoom: { ...count, default: 10_000, flag: "max-members", help: "members of one swarm" },
  maxRoomsPerPeer: { ...count, default: 100, help: "swarms that one peer is in" },
  maxPeersPerReply: {
    ...count,
    default: MAX_PEERS_PER_REPLY,
    min: 0,
    max: MAX_PEERS_PER_REPLY,
    help: "peers that an announce is answered with",
  },
  randomPeersPercent: {
    ...count,
    default: 30,
    min: 0,
    max: 100,
    help: "part of each answer that is drawn at random, not by nearness",
  },
  regionHeader: {
    kind: "text",
    default: undefined,
    read: headerName,
    takes: "the name of a header",
    value: "NAME",
    help: "request header by which callers count as near each other; from a trusted proxy only",
  },
  announceIntervalMs: {
    kind: "number",
    default: 2 * minute,
    min: 1,
    max: MAX_DURATION_MS,
    value: "MS",
    help: "when peers announce again",
  },
};
