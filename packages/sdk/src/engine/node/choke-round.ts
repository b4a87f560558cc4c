import type { ContentId } from "../../base/ids.ts";
import { second } from "../../base/time.ts";
import type { Session } from "../peers/session.ts";
import { type NodeState, send } from "./state.ts";
import { turnAway } from "./uploads.ts";

/** How often free riders are told from others, and slots that nobody uses given to others, ms. */
const FILL_EVERY_MS = 2 * second;

/** Chooses anew who is served, and says so to those for whom it changes. Returns when to choose again. */
export function rechoke(state: NodeState): number {
  const { now, options } = state;
  if (now >= state.chokeAt || now >= state.fillAt || state.rechoke) {
    const periodic = now >= state.chokeAt;
    if (periodic) state.chokeAt = now + options.chokeEveryMs;
    if (periodic || now >= state.fillAt) {
      judge(state);
      state.fillAt = now + FILL_EVERY_MS;
    }
    state.rechoke = false;
    const interested = [...state.sessions.values()].filter((session) => session.interestedIn(state.contents));
    const petitioners = interested.map((session) => ({
      peer: session.peer,
      givesBytesPerSecond: session.pipeline.meter.rate(now),
      takesBytesPerSecond: session.sent.rate(now),
      connectedAt: session.connectedAt,
      served: !session.choking,
      newcomer: session.sent.total < options.newcomerBytes,
      freeRider: session.freeRider,
    }));
    // Who asks for nothing, having all that we have, keeps no slot from those who would.
    const idle = interested.filter((session) => idles(session, now)).length;
    const slots = state.uploadAllowed ? options.uploadSlots + idle : 0;
    // Between the rounds only free slots are filled: whoever is served stays, so that uploads are not broken off.
    const kept = periodic ? [] : petitioners.filter(({ served }) => served).slice(0, slots);
    const others = kept.length === 0 ? petitioners : petitioners.filter(({ served }) => !served);
    const chosen = new Set(state.choker.choose(others, slots - kept.length, now));
    for (const { peer } of kept) chosen.add(peer);
    let spare = slots - chosen.size;
    for (const session of state.sessions.values()) {
      // A player asks for a segment every few seconds: who had to be let in each time would meanwhile ask the origin.
      const stays = !session.choking && !session.freeRider && !session.interestedIn(state.contents);
      const rests = stays && spare-- > 0;
      setChoking(state, session, !rests && !chosen.has(session.peer));
    }
  }
  // As long as somebody waits, free riders are told from the others, be there slots for all or not.
  const again = state.waiting.size > 0 || state.sessions.size > options.uploadSlots;
  if (!again) return Number.POSITIVE_INFINITY;
  return Math.min(state.chokeAt, state.fillAt);
}

/** Served for a while, the peer took nothing of late, and waits for nothing. */
function idles({ choking, servedSince, sent, uploads }: Session, now: number): boolean {
  if (choking || servedSince === undefined || now < servedSince + FILL_EVERY_MS) return false;
  return uploads.waiting + uploads.reading === 0 && sent.rate(now) === 0;
}

/** Tells free riders from those who give. */
function judge(state: NodeState): void {
  const seeding = [...state.contents.values()].every(({ transfer }) => transfer.complete);
  for (const session of state.sessions.values()) {
    const { pipeline, servedSince, sent } = session;
    // Once we need nothing, what it did when we last did stands.
    if (!seeding) session.withholds = (session.choked || pipeline.snubbed) && hasWhatWeNeed(state, session);
    session.freeRider = state.standing.freeRider({
      givenBytes: sent.total,
      receivedBytes: pipeline.meter.total,
      servedForMs: servedSince === undefined ? 0 : state.now - servedSince,
      withholds: session.withholds,
      seeding,
      entrustedBytes: session.entrustedBytes,
      passedOnBytes: session.passedOnBytes,
    });
  }
}

function hasWhatWeNeed(state: NodeState, session: Session): boolean {
  for (const [content, { transfer }] of state.contents) {
    const theirs = session.remote(content)?.have;
    if (!theirs || transfer.complete) continue;
    const { pieces, wants } = transfer;
    // A viewer has no use for other renditions, nor for what it has seen.
    const needed = (piece: number) => !pieces.have.has(piece) && (!wants.playing || wants.covers(piece));
    for (const piece of theirs) if (needed(piece)) return true;
  }
  return false;
}

/** A peer has a piece now: if it was given to one other alone, that one passed it on. */
export function passedOn(
  state: NodeState,
  session: Session,
  at: { readonly content: ContentId; readonly piece: number },
): void {
  const giver = state.trail.seen(at.content, at.piece, session.peer);
  const from = giver && state.sessions.get(giver);
  const transfer = state.contents.get(at.content)?.transfer;
  if (from && transfer?.geometry.has(at.piece))
    from.passedOnBytes += transfer.geometry.place(at.piece).length;
}

function setChoking(state: NodeState, session: Session, choking: boolean): void {
  if (session.choking === choking) return;
  session.choking = choking;
  state.spreadSoon = true;
  send(state, session.peer, { type: choking ? "choke" : "unchoke", handle: 0, request: 0 });
  if (choking) turnAway(state, session);
  else session.servedSince ??= state.now;
}
