import { KIB, MIB } from "../base/bytes.ts";
import { minute, second } from "../base/time.ts";

/** What the engine may use and how patient it is. Sizes are bytes, durations milliseconds. */
export interface EngineOptions {
  /** Open connections to peers, at most, whoever dialled. */
  readonly maxConnections: number;
  /** Below this many connections, the engine dials candidates and announces for more. */
  readonly targetConnections: number;
  /** Dials in progress at once. */
  readonly maxDials: number;
  /** A dial that has not become a connection by then has failed. */
  readonly dialTimeoutMs: number;
  /** A peer that could not be reached, or was full, is not dialled again before this. */
  readonly redialAfterMs: number;
  /** Peers that are served at once. */
  readonly uploadSlots: number;
  /** How often the served peers are chosen anew (BEP 3: 10 s). */
  readonly chokeEveryMs: number;
  /** How often the optimistic slot moves on (BEP 3: 30 s). */
  readonly optimisticEveryMs: number;
  /** Requests of one peer that wait to be served; further ones are rejected. */
  readonly maxQueuedUploads: number;
  /** Chunk requests in flight to one peer: never fewer, so that the channel does not idle. */
  readonly minPipeline: number;
  /** Chunk requests in flight to one peer: never more. */
  readonly maxPipeline: number;
  /** The pipeline holds what the peer delivers in this time. */
  readonly pipelineMs: number;
  /** A peer that owes chunks and sent none for so long is snubbed: its pieces are asked of others. */
  readonly snubAfterMs: number;
  /** A silent connection is pinged after this, and hung up after twice this. */
  readonly pingAfterMs: number;
  /** Offences short of a proven lie (bad requests, unasked chunks) before a peer is banned. */
  readonly maxStrikes: number;
  /** How long a banned peer stays banned. */
  readonly banMs: number;
  /** Origin fetches at once. */
  readonly maxOriginFetches: number;
  /** Resources up to this size come straight from the origin: a round trip to a peer would cost more than it saves. */
  readonly smallResourceBytes: number;
  /** How far past what the page has consumed a want is fetched. */
  readonly windowBytes: number;
  /** Bytes held that no hash has been checked against yet; no new piece is begun beyond it. */
  readonly maxUnverifiedBytes: number;
  /** Contents one connection may open. */
  readonly maxContentsPerPeer: number;
  /** How many peers an announce asks for. */
  readonly announceWant: number;
  /** How long an announce may stay unanswered and still count as hope for peers. */
  readonly announceGraceMs: number;
  /** How long the first byte of a want that came from nowhere yet may take from the origin, before it was measured. */
  readonly originLeadMs: number;
  /** Origin duty is shared in blocks of this size, so that ranges stay few and long. */
  readonly dutyBlockBytes: number;
  /** Peers tell each other who may share the origin's work; of no use where there is no origin. */
  readonly gossip: boolean;
  /** Connected peers are told at most once in so long who else is connected, ms (BEP 11: a minute). */
  readonly exchangeEveryMs: number;
  /** How often the neighbours hear who may share the origin's work, ms. */
  readonly rosterEveryMs: number;
  /** What was verified is told to a busy peer at most once in so long, ms. */
  readonly haveEveryMs: number;
}

export const ENGINE_DEFAULTS: EngineOptions = {
  maxConnections: 12,
  targetConnections: 8,
  maxDials: 6,
  dialTimeoutMs: 15 * second,
  redialAfterMs: 30 * second,
  uploadSlots: 8,
  chokeEveryMs: 10 * second,
  optimisticEveryMs: 30 * second,
  maxQueuedUploads: 256,
  minPipeline: 2,
  maxPipeline: 64,
  pipelineMs: 1 * second,
  snubAfterMs: 3 * second,
  pingAfterMs: 10 * second,
  maxStrikes: 5,
  banMs: 20 * minute,
  maxOriginFetches: 6,
  smallResourceBytes: 16 * KIB,
  windowBytes: 32 * MIB,
  maxUnverifiedBytes: 48 * MIB,
  maxContentsPerPeer: 64,
  announceWant: 20,
  announceGraceMs: 500,
  originLeadMs: 150,
  dutyBlockBytes: 1 * MIB,
  gossip: true,
  exchangeEveryMs: 1 * minute,
  rosterEveryMs: 2.5 * second,
  haveEveryMs: 50,
};
