import type { RivuletError } from "../../base/errors.ts";
import type { ContentId, PeerId } from "../../base/ids.ts";
import { second } from "../../base/time.ts";
import { Bitfield } from "../../content/bitfield.ts";
import type { ByeReason } from "../../protocol/frames/bye.ts";
import type { InterestedFrame } from "../../protocol/frames/interested.ts";
import { MAX_INTEREST_RUNS, MAX_LIVE_PIECES, PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { Interest } from "../peers/interest.ts";
import type { Ask } from "../peers/pipeline.ts";
import { Session } from "../peers/session.ts";
import { freshId, type NodeState, planAtOnce, send, tell } from "./state.ts";

/** A new connection's peer has so long to open a content and to say what it wants of it. */
export const OPENING_GRACE_MS = 1 * second;

/** Why a connection is over whose peer closes its page. */
export const LEAVING = "the peer said leaving";

/** Until when the peer may yet open this content and say what it wants of it; in the past once it did. */
export function openingUntil(session: Session, content: ContentId): number {
  // What it has alone is not enough: what it wants is its share of the origin's work.
  return session.remote(content)?.interest ? 0 : session.connectedAt + OPENING_GRACE_MS;
}

export function connected(state: NodeState, peer: PeerId): void {
  if (state.sessions.has(peer)) return;
  state.membership.connected(peer);
  const session = new Session(peer, state.options, state.now);
  state.sessions.set(peer, session);
  watchSoon(state);
  send(state, peer, { type: "hello", handle: 0, request: 0, version: PROTOCOL_VERSION, peer: state.self });
  if (state.membership.connectionCount > state.options.maxConnections) {
    hangUp(state, session, "full", "over the connection cap");
    return;
  }
  tell(state, { type: "peer-connected", peer });
  for (const content of state.contents.keys()) openContent(state, session, content);
}

/** Tells a peer that we hold this content, what we have of it, and what we want. */
export function openContent(state: NodeState, session: Session, content: ContentId): void {
  const open = state.contents.get(content);
  if (!open || open.transfer.geometry.awaited) return;
  const all = open.transfer.pieces.have;
  // What is wanted still may be older than what a peer takes.
  const have = all.growing ? all.tail(MAX_LIVE_PIECES) : all;
  // Who gives nothing claims nothing: the others would wait for it in vain.
  const sliding = have.growing ? { first: have.first } : undefined;
  const bits = (state.uploadAllowed ? have : new Bitfield(have.length, sliding)).toBytes();
  const handle = session.open(content);
  send(state, session.peer, {
    type: "open",
    handle,
    request: 0,
    content,
    ...sliding,
    pieces: have.length,
    bits,
  });
  tellInterest(state, session, content);
}

export function tellInterest(state: NodeState, session: Session, content: ContentId): void {
  const handle = session.handle(content);
  const open = state.contents.get(content);
  if (handle === undefined || !open) return;
  const interest = open.transfer.wants.interest(MAX_INTEREST_RUNS / 2);
  send(state, session.peer, { type: "interested", handle, request: 0, ...interest });
}

/** Takes back what was asked of a peer: the chosen requests, or all. */
export function withdraw(state: NodeState, session: Session, chosen?: (ask: Ask) => boolean): void {
  for (const request of session.pipeline.withdraw(chosen)) {
    send(state, session.peer, { type: "cancel", handle: 0, request });
  }
}

/** Ends a connection from our side. */
export function hangUp(state: NodeState, session: Session, reason: ByeReason, why: string): void {
  send(state, session.peer, { type: "bye", handle: 0, request: 0, reason });
  state.effects.push({ type: "hang-up", peer: session.peer, reason });
  disconnected(state, session.peer, why);
}

/** A connection is over, whoever ended it: all that was asked of the peer is asked of others. */
export function disconnected(state: NodeState, peer: PeerId, why: string): void {
  const wasOpen = state.membership.disconnected(peer, state.now);
  if (wasOpen) state.roster.lost(peer, why === LEAVING, state.now);
  state.gossip.ended(peer);
  state.replan = true;
  state.rechoke = true;
  state.spreadSoon = true;
  const session = state.sessions.get(peer);
  if (!session) return;
  state.sessions.delete(peer);
  state.waiting.delete(session);
  for (const { content, have } of session.remotes)
    state.contents.get(content)?.transfer.availability.changeAll(have, -1);
  for (const { transfer } of state.contents.values()) transfer.forsake(peer);
  if (wasOpen) tell(state, { type: "peer-disconnected", peer, reason: why });
  if (state.membership.engaged < state.options.targetConnections / 2) {
    for (const content of state.contents.keys()) state.announcer.hurry(content, state.now + second);
  }
}

/** The peer proved to lie: it is cut, and stays away. */
export function ban(state: NodeState, peer: PeerId, reason: string): void {
  state.membership.ban(peer, state.now + state.options.banMs);
  tell(state, { type: "peer-banned", peer, reason });
  const session = state.sessions.get(peer);
  if (session) hangUp(state, session, "banned", reason);
}

/** An offence that could be a mistake; too many are none. */
export function strike(state: NodeState, session: Session, reason: string): void {
  session.strikes++;
  if (session.strikes >= state.options.maxStrikes) ban(state, session.peer, reason);
}

/** The peer broke the protocol in a way that leaves nothing to talk about. */
export function violated(state: NodeState, peer: PeerId, error: unknown): void {
  const session = state.sessions.get(peer);
  const { code, message } = error as Partial<RivuletError>;
  if (session) hangUp(state, session, code === "protocol-version" ? "version" : "violation", `${message}`);
}

/** A connection is new, or was asked for something: in so long at the earliest there is something to see to. */
export function watchSoon(state: NodeState): void {
  const { snubAfterMs, pingAfterMs } = state.options;
  state.watchAt = Math.min(state.watchAt, state.now + Math.min(snubAfterMs, pingAfterMs));
}

/** What time brings for each connection: pings, silence, snubs. */
export function keepWatch(state: NodeState): void {
  if (state.now < state.watchAt) return;
  const { pingAfterMs } = state.options;
  for (const session of [...state.sessions.values()]) {
    const { heardAt, pipeline } = session;
    if (state.now >= heardAt + 2 * pingAfterMs) {
      hangUp(state, session, "silent", "silent");
      continue;
    }
    if (state.now >= heardAt + pingAfterMs && !session.pinged) {
      session.pinged = true;
      send(state, session.peer, { type: "ping", handle: 0, request: freshId(state) });
    }
    if (pipeline.revive(state.now)) state.replan = true;
    else if (state.now >= pipeline.wakeAt) {
      withdraw(state, session);
      pipeline.snub(state.now);
      for (const { transfer } of state.contents.values()) transfer.forsake(session.peer);
      state.replan = true;
    }
  }
  state.watchAt = Number.POSITIVE_INFINITY;
  for (const { heardAt, pinged, pipeline } of state.sessions.values())
    state.watchAt = Math.min(state.watchAt, heardAt + (pinged ? 2 : 1) * pingAfterMs, pipeline.wakeAt);
}

/** The peer says what it wants. */
export function interested(state: NodeState, session: Session, frame: InterestedFrame): void {
  const remote = session.byHandle(frame.handle);
  const open = state.contents.get(remote.content);
  // From now on it shares in the origin's work.
  if (open && !remote.interest?.any) planAtOnce(open);
  remote.interest = new Interest(frame);
  state.spreadSoon = true;
  state.rechoke = true;
  state.replan = true;
}
