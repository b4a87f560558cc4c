import type { ContentId, PeerId } from "../../base/ids.ts";
import { second } from "../../base/time.ts";
import type { ExchangedPeer, PeersFrame } from "../../protocol/frames/peers.ts";
import type { RosterEntry, RosterFrame } from "../../protocol/frames/roster.ts";
import { MAX_EXCHANGED_PEERS } from "../../protocol/limits.ts";
import type { Session } from "../peers/session.ts";
import { Committee } from "../swarm/committee.ts";
import type { ContentTransfer } from "../transfer/content-transfer.ts";
import { strike } from "./connections.ts";
import { type NodeState, type OpenContent, send } from "./state.ts";

/** New members of a committee are told this soon, several at once, and not again before the other. */
const PROMPT_MS = 150;
const PROMPT_AGAIN_MS = 1000;
/** A newcomer tells nobody whom it knows until it has had time to meet some: one message has to do for a minute. */
const SETTLING_MS = 5000;

/** Somebody on duty passes a block on at least this fast, once, if others can, ms. */
const DUTY_UPLOAD_MS = 1500;
/** The last part of a window. */
const TAIL_SHARE = 1 / 4;

/** A neighbour tells whom it is connected to: more to choose from when one of ours fails, and nothing else. */
export function exchanged(state: NodeState, session: Session, frame: PeersFrame): void {
  const { content } = session.byHandle(frame.handle);
  const correspondent = state.gossip.of(session.peer, state.now);
  if (!correspondent.mayExchange(content, state.now)) return strike(state, session, "gossips too often");
  correspondent.told(content, frame);
  if (!state.contents.has(content)) return;
  state.membership.learn(content, frame.added, session.peer);
  state.membership.dropped(content, frame.dropped, session.peer);
}

export function rosterHeard(state: NodeState, session: Session, frame: RosterFrame): void {
  const { content } = session.byHandle(frame.handle);
  // A busy channel brings several at once: what is too much is left, and only a flood is an offence.
  const allowed = state.gossip.of(session.peer, state.now).mayRoster(state.now);
  if (allowed === "flood") return strike(state, session, "gossips too often");
  if (allowed === "yes" && state.options.gossip)
    state.roster.heard(content, frame.entries, session.peer, state.now);
}

/** Tells the neighbours what is due. Returns when something will be due next. */
export function gossip(state: NodeState): number {
  const { gossip, now, options } = state;
  if (now >= gossip.exchangeAt) exchange(state);
  if (!options.gossip) return gossip.exchangeAt;
  for (const [content, open] of state.contents) {
    const { transfer } = open;
    if (now >= gossip.rosterAt) open.unfit = unfit(state, open);
    const able = state.uploadAllowed && !transfer.complete;
    // Between two wants, or when others are fitter, it stays a member until it is forgotten: by all at the same time.
    if (able && transfer.wants.size > 0) {
      const due = now >= gossip.rosterAt || !state.roster.enlisted(content);
      if (due && !open.unfit) state.roster.enlist(content, now);
    } else if (!able && state.roster.enlisted(content) && state.roster.withdraw(content, now))
      tellRoster(state, content, () => state.roster.withdrawal());
  }
  if (now >= gossip.rosterAt || now >= gossip.promptAt) {
    const all = now >= gossip.rosterAt;
    for (const content of state.contents.keys())
      tellRoster(state, content, (to) => state.roster.entries(content, to, now, !all));
    state.roster.told();
    if (all) gossip.rosterAt = now + options.rosterEveryMs * (0.75 + state.random.next() / 2);
    gossip.promptedAt = now;
    gossip.promptAt = Number.POSITIVE_INFINITY;
  } else if (gossip.promptAt === Number.POSITIVE_INFINITY && state.roster.fresh)
    gossip.promptAt = Math.max(now + PROMPT_MS, gossip.promptedAt + PROMPT_AGAIN_MS);
  const idle = state.sessions.size === 0;
  // Alone there is nobody to tell.
  return idle ? Number.POSITIVE_INFINITY : Math.min(gossip.exchangeAt, gossip.rosterAt, gossip.promptAt);
}

/** Whether others are better fit for the duty than we are. */
function unfit(state: NodeState, { transfer }: OpenContent): boolean {
  const { uplink, options, roster, now } = state;
  const slow = uplink.allowance * DUTY_UPLOAD_MS < options.dutyBlockBytes * second;
  const enough = roster.members(transfer.content, now).length >= Committee.size;
  return (slow && enough) || lags(state, transfer);
}

/**
 * True when most neighbours have most of what is last in our window, and theirs reach further: what they need next lies
 * beyond ours. When all windows end at the same piece nobody lags: they wait for one that is missing in all of them.
 */
function lags({ sessions, options }: NodeState, { content, geometry, wants }: ContentTransfer): boolean {
  const tail = Math.ceil((options.windowBytes * TAIL_SHARE) / geometry.pieceBytes);
  return wants.edges().some(({ piece: edge, told }) => {
    if (told === undefined) return false;
    let [others, ahead] = [0, 0];
    for (const session of sessions.values()) {
      const have = session.remote(content)?.have;
      if (!have || have.complete) continue;
      others++;
      if (!have.has(told) && !session.wants(content, told, true)) continue;
      let had = 0;
      for (let piece = Math.max(0, edge - tail); piece < edge; piece++) if (have.has(piece)) had++;
      if (2 * had > tail) ahead++;
    }
    return 2 * ahead > others;
  });
}

function tellRoster(state: NodeState, content: ContentId, entriesFor: (to: PeerId) => RosterEntry[]): void {
  for (const session of state.sessions.values()) {
    const handle = session.handle(content);
    if (handle === undefined || !session.remote(content)) continue;
    const entries = entriesFor(session.peer);
    if (entries.length > 0) send(state, session.peer, { type: "roster", handle, request: 0, entries });
  }
}

/** Tells each neighbour whose minute is over what changed among the others (BEP 11). */
function exchange(state: NodeState): void {
  const { gossip, now } = state;
  gossip.exchangeAt = Number.POSITIVE_INFINITY;
  let settledAt = Number.POSITIVE_INFINITY;
  for (const { connectedAt } of state.sessions.values())
    settledAt = Math.min(settledAt, connectedAt + SETTLING_MS);
  for (const session of state.sessions.values()) {
    const correspondent = gossip.of(session.peer, now);
    for (const content of state.contents.keys()) {
      const handle = session.handle(content);
      if (handle === undefined || !session.remote(content)) continue;
      const dueAt = Math.max(settledAt, correspondent.exchangeDueAt(content));
      if (now >= dueAt) {
        const { added, dropped } = correspondent.changes(content, live(state, content, session.peer), now);
        if (added.length + dropped.length > 0)
          send(state, session.peer, { type: "peers", handle, request: 0, added, dropped });
      }
      const nextAt = Math.max(settledAt, correspondent.exchangeDueAt(content));
      gossip.exchangeAt = Math.min(gossip.exchangeAt, nextAt);
    }
  }
}

/** Who is connected over this content and was heard lately: no hearsay is passed on, nor anybody who fell silent. */
function live(state: NodeState, content: ContentId, except: PeerId): ExchangedPeer[] {
  const peers: ExchangedPeer[] = [];
  for (const { peer, heardAt, remote } of listed(state, content)) {
    if (peer === except || state.now > heardAt + state.options.pingAfterMs) continue;
    peers.push({ peer, complete: remote });
    if (peers.length === MAX_EXCHANGED_PEERS) break;
  }
  return peers;
}

function* listed(state: NodeState, content: ContentId) {
  for (const session of state.sessions.values()) {
    const have = session.remote(content)?.have;
    if (have) yield { peer: session.peer, heardAt: session.heardAt, remote: have.count === have.length };
  }
}
