import { KIB, MIB } from "../base/bytes.ts";
import { minute, second } from "../base/time.ts";
import { CHUNK_BYTES } from "../content/limits.ts";

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
  /**
   * The unit of request. Peers answer any length up to what their link carries in one frame; browsers' data channels
   * take 64 KiB (docs/decisions/0003), other links and simulations may take more.
   */
  readonly chunkBytes: number;
  /** A seeder has so much of what it sends on offer ahead, in time; a piece that is offered goes to nobody else meanwhile. */
  readonly offersMs: number;
  /** How long a piece that a seeder suggests to a peer stays on offer to it alone. */
  readonly offerMs: number;
  /** Who has had nothing under way for so long asks a seeder for what it was not suggested, too. */
  readonly idleAfterMs: number;
  /** Chunks being read from the store for uploads at once. */
  readonly maxReads: number;
  /** A request that has waited so long for pieces that others need more is sent away, to be made to somebody else. */
  readonly shedAfterMs: number;
  /** A peer that sent a request away is asked for nothing for so long. */
  readonly busyPauseMs: number;
  /** Of these, for one peer: enough to keep the wire busy. */
  readonly maxReadsPerPeer: number;
  /** A served peer whose requests have waited so long goes before those with rarer pieces. */
  readonly uploadTurnMs: number;
  /** Uploads together, at most, bytes per second; `Infinity`: only what the uplink bears. */
  readonly uploadBytesPerSecond: number;
  /** Uploads altogether, at most, bytes; then none are allowed any more. */
  readonly maxUploadBytes: number;
  /** Uploads may exceed their pace by so much at once; no less than a chunk. */
  readonly uploadBurstBytes: number;
  /** What the uplink is first tried with, bytes per second; from there it doubles until a queue grows. */
  readonly uplinkStartBytesPerSecond: number;
  /** The share of the measured uplink that uploads take, 0 to 1. */
  readonly uplinkShare: number;
  /** An uplink that carries this many bytes per second is left to its channels: a full one delays by milliseconds. */
  readonly uplinkFreeBytesPerSecond: number;
  /** A peer may take so much before it counts as a free rider. */
  readonly newcomerBytes: number;
  /** And it has so long, from when it is first served. */
  readonly newcomerMs: number;
  /** Chunk requests in flight to one peer: never fewer, so that the channel does not idle. */
  readonly minPipeline: number;
  /** Chunk requests in flight to one peer: never more. */
  readonly maxPipeline: number;
  /** The pipeline holds what the peer delivers in one round trip and this time, which bridges the gap between plans. */
  readonly pipelineMs: number;
  /** Small news (a chunk came, a peer has a piece more) is planned for together, at most so often. */
  readonly planEveryMs: number;
  /** A chunk that was asked so long ago, with nothing else left to ask, is asked of a second, faster peer too. */
  readonly endgameAfterMs: number;
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
  /** How far past what the page has consumed a want is fetched, at most. */
  readonly windowBytes: number;
  /**
   * How far at first; more if the first byte may take long, and each byte that the page reads widens the window by one. In
   * a crowd whose viewers all need the next bytes soonest, uplinks that carry what is due in a minute are missed for those.
   */
  readonly firstWindowBytes: number;
  /** Pieces in a row that are asked for in their order where nothing else decides: who reads them can read them together. */
  readonly runPieces: number;
  /** Bytes held that no hash has been checked against yet; no new piece is begun beyond it. */
  readonly maxUnverifiedBytes: number;
  /** Contents one connection may open. */
  readonly maxContentsPerPeer: number;
  /** Who lacks something and is connected to nobody asks the tracker again after so long, if that is sooner; no less than 5 s. */
  readonly aloneMs: number;
  /** How many peers an announce asks for. */
  readonly announceWant: number;
  /** How long an announce, or the greeting of a reached tracker, may stay unanswered and still count as hope for peers. */
  readonly announceGraceMs: number;
  /** How long before a piece is due the origin is asked for it, at least; longer where it was seen to take longer. */
  readonly originLeadMs: number;
  /**
   * Who has nothing else to do, or whose page cannot read on, takes over the duty of others: the first backup after so
   * long, the second after twice …
   */
  readonly backupAfterMs: number;
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
  chunkBytes: CHUNK_BYTES,
  offersMs: 300,
  offerMs: 2 * second,
  idleAfterMs: second / 2,
  maxReads: 16,
  shedAfterMs: Number.POSITIVE_INFINITY,
  busyPauseMs: 0,
  maxReadsPerPeer: 4,
  uploadTurnMs: second / 2,
  uploadBytesPerSecond: Number.POSITIVE_INFINITY,
  maxUploadBytes: Number.POSITIVE_INFINITY,
  uploadBurstBytes: 256 * KIB,
  uplinkStartBytesPerSecond: 1_000_000,
  uplinkShare: 0.87,
  uplinkFreeBytesPerSecond: 10_000_000,
  newcomerBytes: 512 * KIB,
  newcomerMs: 4 * second,
  minPipeline: 2,
  maxPipeline: 64,
  pipelineMs: 300,
  planEveryMs: 20,
  endgameAfterMs: 1 * second,
  snubAfterMs: 3 * second,
  pingAfterMs: 10 * second,
  maxStrikes: 5,
  banMs: 20 * minute,
  maxOriginFetches: 6,
  smallResourceBytes: 16 * KIB,
  windowBytes: 32 * MIB,
  firstWindowBytes: 2 * MIB,
  runPieces: 1,
  maxUnverifiedBytes: 48 * MIB,
  maxContentsPerPeer: 64,
  aloneMs: Number.POSITIVE_INFINITY,
  announceWant: 20,
  announceGraceMs: 500,
  originLeadMs: 150,
  backupAfterMs: 3 * second,
  dutyBlockBytes: 1 * MIB,
  gossip: true,
  exchangeEveryMs: 1 * minute,
  rosterEveryMs: 2.5 * second,
  haveEveryMs: 50,
};
