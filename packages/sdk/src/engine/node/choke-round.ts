import type { Session } from "../peers/session.ts";
import { type NodeState, send } from "./state.ts";
import { turnAway } from "./uploads.ts";

/** Chooses anew who is served, and says so to those for whom it changes. Returns when to choose again. */
export function rechoke(state: NodeState): number {
  const { now, options } = state;
  if (now >= state.chokeAt || state.rechoke) {
    const periodic = now >= state.chokeAt;
    if (periodic) state.chokeAt = now + options.chokeEveryMs;
    state.rechoke = false;
    const interested = [...state.sessions.values()].filter((session) => session.interestedIn(state.contents));
    const petitioners = interested.map((session) => ({
      peer: session.peer,
      givesBytesPerSecond: session.pipeline.meter.rate(now),
      takesBytesPerSecond: session.sent.rate(now),
      connectedAt: session.connectedAt,
      served: !session.choking,
    }));
    const slots = state.uploadAllowed ? options.uploadSlots : 0;
    // Between the rounds only free slots are filled: whoever is served stays, so that uploads are not broken off.
    const kept = periodic ? [] : petitioners.filter(({ served }) => served).slice(0, slots);
    const others = kept.length === 0 ? petitioners : petitioners.filter(({ served }) => !served);
    const chosen = new Set(state.choker.choose(others, slots - kept.length, now));
    for (const { peer } of kept) chosen.add(peer);
    for (const session of state.sessions.values()) setChoking(state, session, !chosen.has(session.peer));
  }
  return state.sessions.size > options.uploadSlots ? state.chokeAt : Number.POSITIVE_INFINITY;
}

function setChoking(state: NodeState, session: Session, choking: boolean): void {
  if (session.choking === choking) return;
  session.choking = choking;
  send(state, session.peer, { type: choking ? "choke" : "unchoke", handle: 0, request: 0 });
  if (choking) turnAway(state, session);
  else session.servedSince ??= state.now;
}
