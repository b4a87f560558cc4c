import type { PeerId } from "../../base/ids.ts";
import type { IntroduceFrame } from "../../protocol/frames/introduce.ts";
import { MAX_INTRODUCTION_BYTES } from "../../protocol/limits.ts";
import type { Input, Introduction } from "../io.ts";
import type { Session } from "../peers/session.ts";
import type { Route } from "../swarm/routes.ts";
import { hangUp, strike } from "./connections.ts";
import { degreeIn, fromBytes, isOffer, REFUSE, toBytes, withDegree } from "./signal-json.ts";
import { type NodeState, send } from "./state.ts";

/** A connection is redundant only when its peer has so many others. */
const SAFE_DEGREE = 3;

/** Our side of a dial has something to tell the other: by the tracker, or by the neighbour that knows both. */
export function signalled(state: NodeState, input: Extract<Input, { type: "signal" }>): void {
  const { peer, content, dial, signal } = input;
  let route = state.routes.get(peer, dial);
  if (!route) {
    const via = state.membership.introducer(content, peer);
    if (via === "nobody") return unreachable(state, input);
    route = via ? { by: "neighbour", via } : { by: "tracker" };
    state.routes.set(peer, dial, route);
    state.membership.dialsVia(peer, via);
  }
  const said = withDegree(signal, state.membership.connectionCount);
  if (route.by === "tracker") {
    state.effects.push({ type: "introduce", to: peer, content, dial, signal: said });
    return;
  }
  const session = state.sessions.get(route.via);
  const handle = session?.handle(content);
  const bytes = toBytes(said);
  if (!session || handle === undefined || bytes.byteLength > MAX_INTRODUCTION_BYTES)
    return unreachable(state, input);
  send(state, route.via, { type: "introduce", handle, request: 0, way: "to", peer, dial, signal: bytes });
}

/** The tracker brought something. */
export function introduced(state: NodeState, input: Extract<Input, { type: "introduced" }>): void {
  take(state, input.from, input, { by: "tracker" });
}

/** A neighbour wants something handed on, or hands something on to us. */
export function relayed(state: NodeState, session: Session, frame: IntroduceFrame): void {
  const { content } = session.byHandle(frame.handle);
  const allowed = state.gossip.mayIntroduce(session.peer, frame.signal.byteLength, state.now);
  if (allowed === "flood") return strike(state, session, "floods with introductions");
  if (allowed === "no") return;
  if (frame.way === "to") {
    const target = state.sessions.get(frame.peer);
    const handle = target?.handle(content);
    // One hop, between two of our own live connections. Whom it is from is not for the sender to say.
    if (!target?.greeted || target === session || handle === undefined || !target.remote(content))
      return answer(state, session, frame, REFUSE);
    // However much media waits on that link: a dial that misses one word is over in vain, and is not tried again soon.
    const { dial, signal } = frame;
    return send(state, frame.peer, {
      type: "introduce",
      handle,
      request: 0,
      way: "from",
      peer: session.peer,
      dial,
      signal,
    });
  }
  const from = frame.peer;
  const signal = fromBytes(frame.signal);
  if (!signal || from === state.self || from === session.peer || !state.contents.has(content)) return;
  // Nothing that somebody else relays touches a connection that stands.
  if (state.sessions.has(from)) {
    if (isOffer(signal)) answer(state, session, frame, REFUSE);
    return;
  }
  take(state, from, { content, dial: frame.dial, signal }, { by: "neighbour", via: session.peer });
}

/** A peer offers a connection: taken if there is room, or if a newcomer needs it more than somebody else does. */
export function offered(state: NodeState, input: Extract<Input, { type: "offered" }>): void {
  const { peer, content, dial } = input;
  const route = dial && state.routes.get(peer, dial);
  const via = route?.by === "neighbour" ? route.via : undefined;
  const offerer = { peer, content, via, degree: dial && state.routes.degree(peer, dial) };
  let taken = state.membership.offered(offerer, state.now);
  const spare = taken === "full" ? redundant(state) : undefined;
  if (spare && state.gossip.mayDisplace(state.now)) {
    hangUp(state, spare, "full", "made room for a newcomer");
    taken = state.membership.offered(offerer, state.now);
  }
  state.effects.push({ type: taken === "yes" ? "accept" : "refuse", peer });
}

/** The connection that both sides miss least: idle, and its peer has enough others. */
export function redundant(state: NodeState): Session | undefined {
  let chosen: Session | undefined;
  const worth = (session: Session) => session.pipeline.meter.rate(state.now) + session.sent.rate(state.now);
  for (const session of state.sessions.values()) {
    if (state.gossip.degree(session.peer) < SAFE_DEGREE || session.pipeline.size > 0) continue;
    const better = chosen ? worth(session) - worth(chosen) || (session.peer < chosen.peer ? -1 : 1) : -1;
    if (better < 0) chosen = session;
  }
  return chosen;
}

function take(state: NodeState, from: PeerId, { content, dial, signal }: Introduction, route: Route): void {
  if (isOffer(signal)) state.routes.set(from, dial, route, degreeIn(signal));
  else if (!sameRoute(state.routes.get(from, dial), route)) return;
  state.effects.push({ type: "introduced", from, content, dial, signal });
}

/** What belongs to a dial comes the way that the dial went: no other neighbour can speak in it. */
function sameRoute(known: Route | undefined, route: Route): boolean {
  if (!known || known.by === "tracker") return route.by === "tracker";
  return route.by === "neighbour" && route.via === known.via;
}

function answer(
  state: NodeState,
  session: Session,
  { dial, peer, handle: theirs }: IntroduceFrame,
  signal: object,
): void {
  const handle = session.handle(session.byHandle(theirs).content);
  if (handle !== undefined)
    send(state, session.peer, {
      type: "introduce",
      handle,
      request: 0,
      way: "from",
      peer,
      dial,
      signal: toBytes(signal),
    });
}

/** Nobody can hand it on: the dial is over. */
function unreachable(state: NodeState, { peer, content, dial }: Extract<Input, { type: "signal" }>): void {
  state.effects.push({ type: "introduced", from: peer, content, dial, signal: REFUSE });
}
