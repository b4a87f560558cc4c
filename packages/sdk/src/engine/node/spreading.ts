import { identityOf } from "../../base/rendezvous.ts";
import { second } from "../../base/time.ts";
import { MAX_SUGGESTED_PIECES } from "../../protocol/limits.ts";
import type { Session } from "../peers/session.ts";
import { type Audience, Spreader } from "../transfer/spreader.ts";
import { type NodeState, type OpenContent, send } from "./state.ts";

/** Pieces on offer at once, to all peers together: never fewer, so that the uplink does not idle. */
const LEAST_OFFERS = 3;
/** When nobody has asked for anything for so long, there is capacity to spare. */
const SPARE_AFTER_MS = second / 2;

/** Chunks leave within milliseconds, or, to a slow peer, within a few hundred. */
const GONE_AFTER_MS = second;

/**
 * Suggests to the peers of each content that we have all of what they had better ask us for. Returns when to look
 * again.
 */
export function spread(state: NodeState): number {
  let wakeAt = Number.POSITIVE_INFINITY;
  for (const open of state.contents.values()) {
    const { spreading, transfer } = open;
    if (!transfer.complete) continue;
    if (state.spreadSoon)
      spreading.dueAt = Math.min(spreading.dueAt, spreading.doneAt + state.options.planEveryMs);
    if (state.now >= spreading.dueAt) suggest(state, open);
    wakeAt = Math.min(wakeAt, spreading.dueAt);
  }
  state.spreadSoon = false;
  return wakeAt;
}

function suggest(state: NodeState, { transfer, spreading }: OpenContent): void {
  const { content, geometry } = transfer;
  spreading.doneAt = state.now;
  const served = [...state.sessions.values()].filter((session) => waits(session, transfer, state.now));
  if (served.length < 2) {
    // Alone, a peer need not care what it takes from us.
    if (spreading.spreader) for (const session of served) tell(state, session, transfer, []);
    spreading.spreader = undefined;
    spreading.dueAt = Number.POSITIVE_INFINITY;
    return;
  }
  spreading.spreader ??= new Spreader(geometry.pieceCount, identityOf(state.self, content) >>> 0);
  const { now, options } = state;
  let bytesPerSecond = 0;
  let queued = 0;
  for (const session of served) {
    bytesPerSecond += session.sent.rate(now);
    queued += session.uploads.waiting * options.chunkBytes;
  }
  // What the uplink is known to carry: from what is sent alone a seeder would not learn that it could send more.
  const able = Math.min(state.uplink.allowance, options.uplinkFreeBytesPerSecond);
  bytesPerSecond = Math.max(bytesPerSecond, able);
  const flowing = Math.ceil((bytesPerSecond * options.offersMs) / second / geometry.length(0));
  // What others wait for is not entrusted to those who keep it.
  const trusted = served.filter((session) => !session.freeRider && state.standing.trusts(session));
  const audience = (trusted.length > 0 ? trusted : served).map(
    (session): Audience => ({ peer: session.peer, lacks: (piece) => session.wants(content, piece, true) }),
  );
  const offers = spreading.spreader.offers(audience, {
    room:
      Math.min(MAX_SUGGESTED_PIECES, Math.max(LEAST_OFFERS, flowing + 1)) -
      Math.floor(queued / geometry.length(0)),
    availability: (piece) => transfer.availability.of(piece),
    again: now >= state.requestedAt + SPARE_AFTER_MS,
    offerMs: options.offerMs,
    now,
  });
  for (const session of served) {
    const pieces = offers.get(session.peer);
    if (pieces) tell(state, session, transfer, pieces);
  }
  spreading.dueAt = now + Math.min(SPARE_AFTER_MS, options.offerMs);
}

/** True when we serve the peer, and it lacks some of the content and wants it. */
function waits(session: Session, { content, geometry }: OpenContent["transfer"], now: number): boolean {
  const remote = session.remote(content);
  // Whose channel has been full for so long may be gone: what it was given others would wait for.
  if (session.congested && now > session.turnAt + GONE_AFTER_MS) return false;
  if (session.choking || !remote?.interest?.any || session.handle(content) === undefined) return false;
  return geometry.fits(remote.have) && !remote.have.complete;
}

function tell(
  state: NodeState,
  session: Session,
  { content }: OpenContent["transfer"],
  pieces: readonly number[],
): void {
  const handle = session.handle(content);
  if (handle !== undefined) send(state, session.peer, { type: "suggest", handle, request: 0, pieces });
}
