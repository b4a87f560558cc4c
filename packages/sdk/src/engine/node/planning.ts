import type { PeerId } from "../../base/ids.ts";
import { Committee } from "../swarm/committee.ts";
import type { ContentTransfer } from "../transfer/content-transfer.ts";
import { watchSoon } from "./connections.ts";
import { freshId, type NodeState, type OpenContent, send } from "./state.ts";
import { strangers, suppliersOf, usedElsewhere } from "./surroundings.ts";
import { abandon } from "./transfers.ts";

/** Who is waited for by those who only ask peers that are there. */
const NOBODY = { expected: [], peersMayCome: false };

/** Makes the plan of one content, with the origin's part in it or without, and carries it out. */
export function proceed(state: NodeState, open: OpenContent, withOrigin: boolean): void {
  const { transfer } = open;
  const { content } = transfer;
  open.peersAt = Number.POSITIVE_INFINITY;
  if (!withOrigin && !peersHaveRoom(state)) return;
  const suppliers = suppliersOf(state, transfer);
  const plan = transfer.plan({
    now: state.now,
    self: state.self,
    suppliers,
    committeeSize: Committee.size,
    committee: withOrigin ? committee(state, transfer) : [],
    ...(withOrigin ? strangers(state, content) : NOBODY),
    elsewhere: usedElsewhere(state, content),
    withOrigin,
  });
  if (withOrigin) {
    open.originSoon = false;
    open.originPlannedAt = state.now;
    open.wakeAt = plan.wakeAt;
  }
  for (const fetch of plan.stop) state.effects.push({ type: "cancel-origin", fetch });
  // Suggestions may fail to come; then we help ourselves.
  const waits = plan.asks.length === 0 && transfer.wants.size > 0;
  if (waits && suppliers.some(({ serving, suggested }) => serving && suggested))
    open.peersAt = state.now + state.options.idleAfterMs;
  for (const { peer, piece, chunk } of plan.asks) ask(state, transfer, { peer, piece, chunk });
  for (const { takenOver, ...run } of plan.runs) {
    const fetch = freshId(state);
    transfer.origin.start({ ...run, fetch, takenOver, at: state.now, next: run.first });
    state.effects.push({ type: "fetch-origin", fetch, content, ...run });
  }
  for (const { want, error } of plan.lost) state.effects.push({ type: "want-failed", want, error });
  if (plan.lost.length > 0) abandon(state, transfer);
}

/** Who shares the origin's work, as gossip has it. */
function committee(state: NodeState, { content, geometry, wants }: ContentTransfer): readonly PeerId[] {
  // Viewers of a film are at different places of it: who is on duty may not come to ours for an hour.
  if (!state.options.gossip || (wants.playing && !geometry.live)) return [];
  const members = state.roster.members(content, state.now);
  // Those of a live stream are at the same, but few of them need no committee: the first to ask tells the others.
  return wants.playing && members.length < Committee.size ? [] : members;
}

function peersHaveRoom(state: NodeState): boolean {
  for (const { choked, pipeline } of state.sessions.values())
    if (!choked && pipeline.room(state.now) > 0) return true;
  return false;
}

/** Hands the page what it waits for and is there. */
export function deliver(state: NodeState, { transfer }: OpenContent): void {
  const { content } = transfer;
  for (const delivery of transfer.wants.deliverable((piece) => transfer.pieces.have.has(piece), state.now)) {
    state.effects.push({
      type: "deliver",
      content,
      source: transfer.pieces.source(delivery.piece),
      ...delivery,
    });
  }
}

function ask(
  state: NodeState,
  transfer: ContentTransfer,
  one: { peer: PeerId; piece: number; chunk: number },
): void {
  const session = state.sessions.get(one.peer);
  const handle = session?.handle(transfer.content);
  if (!session || handle === undefined) return;
  const request = freshId(state);
  session.pipeline.ask(request, {
    content: transfer.content,
    piece: one.piece,
    chunk: one.chunk,
    at: state.now,
  });
  const { piece, chunk } = one;
  const length = transfer.pieces.download(piece)?.chunkLength(chunk) ?? 0;
  const offset = chunk * state.options.chunkBytes;
  watchSoon(state);
  send(state, one.peer, { type: "request", handle, request, piece, offset, length });
}
