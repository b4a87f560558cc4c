import { MAX_HAVE_PIECES } from "../../protocol/limits.ts";
import { keepWatch, openingUntil, tellInterest, watchAgainAt } from "./connections.ts";
import { gossip } from "./gossip.ts";
import { type NodeState, type OpenContent, send } from "./state.ts";
import { deliver, proceed } from "./transfers.ts";
import { rechoke, serve } from "./uploads.ts";

/** Small news is planned for together, so that a busy node does not plan at each chunk. */
const PLAN_EVERY_MS = 20;

/** After every input: does all that is due now, and returns when something will be due without another input. */
export function settle(state: NodeState): number {
  const { now, membership, announcer } = state;
  keepWatch(state);
  for (const peer of membership.overdue(now)) {
    state.effects.push({ type: "hang-up", peer, reason: "silent" });
    state.replan = true;
  }
  for (const content of announcer.due(now)) {
    const complete = state.contents.get(content)?.transfer.complete ?? false;
    const room = state.options.targetConnections - membership.engaged;
    const want = complete ? 0 : Math.max(0, Math.min(state.options.announceWant, room * 2));
    // A seeder that serves nobody must not be handed out as one.
    state.effects.push({ type: "announce", content, want, complete: complete && state.uploadAllowed });
  }
  for (const [content, { transfer }] of state.contents) {
    // A peer that has everything waits to be dialled: the newcomer dials.
    if (transfer.complete) continue;
    for (const peer of membership.dial(content, now)) state.effects.push({ type: "dial", peer, content });
  }
  let wakeAt = Math.min(rechoke(state), gossip(state), membership.wakeAt, announcer.wakeAt);
  const planSoonAt = state.replanSoon ? state.plannedAt + PLAN_EVERY_MS : Number.POSITIVE_INFINITY;
  const replan = state.replan || now >= planSoonAt;
  if (replan) {
    state.replan = false;
    state.replanSoon = false;
    state.plannedAt = now;
  } else wakeAt = Math.min(wakeAt, planSoonAt);
  for (const open of state.contents.values()) {
    if (replan || open.wakeAt <= now) {
      proceed(state, open);
      open.wakeAt = Math.min(open.wakeAt, hopeEnds(state, open));
    }
    if (replan || open.news.length > 0) deliver(state, open);
    tellPeers(state, open);
    wakeAt = Math.min(wakeAt, open.wakeAt, open.news.length > 0 ? open.haveAt : Number.POSITIVE_INFINITY);
  }
  for (const session of state.sessions.values()) serve(state, session);
  // Last, as what was just asked of a peer is owed from now on.
  return Math.min(wakeAt, watchAgainAt(state));
}

/** What waits for peers that may come is looked at again when none may come any more. */
function hopeEnds(state: NodeState, { transfer }: OpenContent): number {
  if (transfer.wants.size === 0) return Number.POSITIVE_INFINITY;
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
  const due = state.now >= open.haveAt || open.transfer.complete;
  const news = due ? open.news.splice(0).filter(() => state.uploadAllowed) : [];
  if (news.length > 0) open.haveAt = state.now + state.options.haveEveryMs;
  const interestChanged = open.toldWants !== wants.version;
  open.toldWants = wants.version;
  if (news.length === 0 && !interestChanged) return;
  for (const session of state.sessions.values()) {
    const handle = session.handle(content);
    if (handle === undefined) continue;
    // Who has a piece need not know who else does: in a busy swarm that is half of all news.
    const theirs = session.remote(content)?.have;
    const fresh = theirs ? news.filter((piece) => !theirs.has(piece)) : news;
    for (let at = 0; at < fresh.length; at += MAX_HAVE_PIECES) {
      const pieces = fresh.slice(at, at + MAX_HAVE_PIECES);
      send(state, session.peer, { type: "have", handle, request: 0, pieces });
    }
    if (interestChanged) tellInterest(state, session, content);
  }
}
