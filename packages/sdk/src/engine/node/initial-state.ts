import type { PeerId } from "../../base/ids.ts";
import type { Random } from "../../base/random.ts";
import { TokenBucket } from "../../base/token-bucket.ts";
import { CHUNK_BYTES } from "../../content/limits.ts";
import { ENGINE_DEFAULTS, type EngineOptions } from "../options.ts";
import { TitForTat } from "../peers/choker.ts";
import { CreditThenReciprocity } from "../peers/standing.ts";
import { Trail } from "../peers/trail.ts";
import { UplinkEstimate } from "../peers/uplink.ts";
import { ContributorsFirst } from "../peers/upload-scheduler.ts";
import { Announcer } from "../swarm/announcer.ts";
import { Gossip } from "../swarm/gossip.ts";
import { Membership } from "../swarm/membership.ts";
import { Roster } from "../swarm/roster.ts";
import { Routes } from "../swarm/routes.ts";
import type { NodeState } from "./state.ts";

/** What an engine knows before anything has happened; the one place where its policies are chosen. */
export function initialState(parts: {
  readonly self: PeerId;
  readonly random: Random;
  readonly options?: Partial<EngineOptions>;
}): NodeState {
  const options = { ...ENGINE_DEFAULTS, ...parts.options };
  const { self, random } = parts;
  const uplink = new UplinkEstimate(options);
  const bucket = new TokenBucket({ leastBurst: CHUNK_BYTES, mostBurst: options.uploadBurstBytes });
  bucket.limit(Math.min(options.uploadBytesPerSecond, uplink.allowance), 0);
  return {
    self,
    options,
    random,
    contents: new Map(),
    sessions: new Map(),
    membership: new Membership({ self, options, random }),
    routes: new Routes(),
    roster: new Roster(self),
    gossip: new Gossip(options),
    announcer: new Announcer({ graceMs: options.announceGraceMs }),
    choker: new TitForTat({ optimisticEveryMs: options.optimisticEveryMs, random }),
    reads: new Map(),
    scheduler: new ContributorsFirst(options),
    standing: new CreditThenReciprocity(options),
    trail: new Trail(),
    uplink,
    bucket,
    waiting: new Set(),
    effects: [],
    now: 0,
    uploadAllowed: true,
    uploadLeftBytes: options.maxUploadBytes,
    full: false,
    replan: false,
    refill: false,
    replanSoon: false,
    plannedAt: Number.NEGATIVE_INFINITY,
    watchAt: Number.POSITIVE_INFINITY,
    rechoke: false,
    spreadSoon: false,
    requestedAt: 0,
    chokeAt: 0,
    fillAt: 0,
    serveAt: 0,
    nextId: 0,
  };
}
