import { second } from "../../base/time.ts";
import { MAX_HAVE_PIECES } from "../../protocol/limits.ts";
import { MAX_FREE_CONNECTIONS } from "../../protocol/signaling/limits.ts";
import { rechoke } from "./choke-round.ts";
import { keepWatch, openingUntil, tellInterest } from "./connections.ts";
import { tellFetching } from "./fetching.ts";
import { gossip } from "./gossip.ts";
import { redundant } from "./introductions.ts";
import { deliver, proceed } from "./planning.ts";
import { spread } from "./spreading.ts";
import { type NodeState, type OpenContent, send } from "./state.ts";
import { serve } from "./uploads.ts";

/** What hardly changes the origin's part, as a chunk of many, has it planned anew at most so often. */
const ORIGIN_EVERY_MS = 100;
/**
 * The more pieces are due, the more a plan with the origin's part in it costs, and the less any one piece of news changes
 * of it: after one it rests so long for each of them beyond a few, ms, and at most so long. Peers are asked meanwhile.
 */
const REST_PER_PIECE_MS = 0.3;
const FEW_PIECES = 100;
const MOST_REST_MS = 100;

/** A peer that becomes full, or has room again, says so; one that goes back and forth does at most so often. */
const FULL_EVERY_MS = 10 * second;

/** After every input: does all that is due now, and returns when something will be due without another input. */
export function settle(state: NodeState): number {
  const { now, membership, announcer } = state;
  keepWatch(state);
  for (const peer of now < membership.wakeAt ? [] : membership.overdue(now)) {
    state.effects.push({ type: "hang-up", peer, reason: "silent" });
    state.replan = true;
  }
  announceDue(state);
  for (const [content, { transfer }] of state.contents) {
    // A peer that has everything waits to be dialled: the newcomer dials.
    if (transfer.complete) continue;
    for (const peer of membership.dial(content, now)) state.effects.push({ type: "dial", peer, content });
  }
  let wakeAt = Math.min(rechoke(state), gossip(state), membership.wakeAt, announcer.wakeAt);
  const planSoonAt = state.replanSoon
    ? state.plannedAt + state.options.planEveryMs
    : Number.POSITIVE_INFINITY;
  const whole = state.replan;
  const replan = whole || state.refill || now >= planSoonAt;
  if (replan) {
    state.replan = false;
    state.refill = false;
    state.replanSoon = false;
    state.plannedAt = now;
  } else wakeAt = Math.min(wakeAt, planSoonAt);
  for (const open of state.contents.values()) {
    const due = replan || open.peersAt <= now;
    const wished = whole || (due && (open.originSoon || now >= originAgainAt(open))) || open.wakeAt <= now;
    const restUntil = open.originPlannedAt + restMs(open);
    const originDue = wished && now >= restUntil;
    if (wished && !originDue) open.wakeAt = restUntil;
    if (due || originDue) {
      proceed(state, open, originDue && open.origin);
      if (originDue) open.wakeAt = Math.min(open.wakeAt, hopeEnds(state, open));
      else open.wakeAt = Math.min(open.wakeAt, originAgainAt(open));
    }
    if (replan || open.news.length > 0) deliver(state, open);
    tellPeers(state, open);
    tellFetching(state, open);
    wakeAt = Math.min(
      wakeAt,
      open.wakeAt,
      open.peersAt,
      open.news.length > 0 ? open.haveAt : Number.POSITIVE_INFINITY,
    );
  }
  return Math.min(wakeAt, spread(state), serve(state), state.watchAt);
}

function announceDue(state: NodeState): void {
  const { now, membership, announcer, options, uploadAllowed } = state;
  // Who serves nobody counts as full: nobody is to be told of it.
  const room = (of: number, most: number) => Math.max(0, Math.min(most, of - membership.engaged));
  const left = room(options.maxConnections, MAX_FREE_CONNECTIONS);
  // Who would let somebody go for a newcomer is not full.
  const free = uploadAllowed ? left || Number(redundant(state) !== undefined) : 0;
  if (state.full === free > 0) {
    state.full = !state.full;
    for (const content of state.contents.keys()) announcer.hurry(content, now, FULL_EVERY_MS);
  }
  for (const content of now < announcer.wakeAt ? [] : announcer.due(now)) {
    const open = state.contents.get(content);
    if (!open) continue;
    const { complete, sketch } = open.transfer.pieces.have;
    const want = complete
      ? 0
      : Math.min(options.announceWant, 2 * room(options.targetConnections, options.announceWant));
    // A seeder that serves nobody must not be handed out as one.
    const seeder = complete && uploadAllowed;
    state.effects.push({ type: "announce", content, want, complete: seeder, have: sketch, free });
  }
}

function restMs({ transfer }: OpenContent): number {
  return Math.min(MOST_REST_MS, (transfer.wants.dueCount - FEW_PIECES) * REST_PER_PIECE_MS);
}

/** When small news lets the origin's part be planned anew. */
function originAgainAt({ origin, originPlannedAt }: OpenContent): number {
  return origin ? originPlannedAt + ORIGIN_EVERY_MS : Number.POSITIVE_INFINITY;
}

/** What waits for peers that may come is looked at again when none may come any more. */
function hopeEnds(state: NodeState, { transfer, origin }: OpenContent): number {
  if (transfer.wants.size === 0 || !origin) return Number.POSITIVE_INFINITY;
  let at = Number.POSITIVE_INFINITY;
  const hopeUntil = state.announcer.hopeUntil(transfer.content);
  if (hopeUntil > state.now) at = hopeUntil;
  for (const session of state.sessions.values()) {
    const until = openingUntil(session, transfer.content);
    if (until > state.now) at = Math.min(at, until);
  }
  return at;
}

/** Batched news for all who opened the content: new pieces, and changed interest. */
function tellPeers(state: NodeState, open: OpenContent): void {
  const { content, wants } = open.transfer;
  const due = open.news.length > 0 && (state.now >= open.haveAt || open.transfer.complete);
  const interestChanged = open.toldWants !== wants.version;
  if (!due && !interestChanged) return;
  open.toldWants = wants.version;
  const news = due ? open.news.splice(0).filter(() => state.uploadAllowed) : [];
  if (due) open.haveAt = state.now + state.options.haveEveryMs;
  for (const session of state.sessions.values()) {
    const handle = session.handle(content);
    if (handle === undefined) continue;
    // Who has a piece need not know who else does: in a busy swarm that is half of all news. A seeder does: it gives
    // what is rare, and to those who pass it on.
    const theirs = session.remote(content)?.have;
    const fresh = theirs && !theirs.complete ? news.filter((piece) => !theirs.has(piece)) : news;
    for (let at = 0; at < fresh.length; at += MAX_HAVE_PIECES) {
      const pieces = fresh.slice(at, at + MAX_HAVE_PIECES);
      send(state, session.peer, { type: "have", handle, request: 0, pieces });
    }
    if (interestChanged) tellInterest(state, session, content);
  }
}
