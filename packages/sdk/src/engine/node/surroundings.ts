import type { ContentId } from "../../base/ids.ts";
import { second } from "../../base/time.ts";
import type { ContentTransfer } from "../transfer/content-transfer.ts";
import type { Surroundings } from "../transfer/outlook.ts";
import type { Supplier } from "../transfer/supplier.ts";
import { OPENING_GRACE_MS, openingUntil } from "./connections.ts";
import type { NodeState } from "./state.ts";

/** True while peers that nobody knows yet may turn up for this content. */
export function peersMayCome(state: NodeState, content: ContentId): boolean {
  if (state.now < state.announcer.hopeUntil(content) || state.membership.dialling(content)) return true;
  for (const session of state.sessions.values()) if (state.now < openingUntil(session, content)) return true;
  return false;
}

/** More than what all peers together deliver in this time only queues on our own line, ms. */
const OWED_MS = 800;
/** So many chunks may be owed in any case. */
const LEAST_OWED_CHUNKS = 8;

/** True when peers owe us as much as our line takes in for now: a peer that owes nothing may still be asked for a chunk. */
function lineFull({ sessions, options, now }: NodeState): boolean {
  let owedChunks = 0;
  let bytesPerSecond = 0;
  for (const { pipeline } of sessions.values()) {
    owedChunks += pipeline.size;
    bytesPerSecond += pipeline.meter.rate(now);
  }
  const flowing = (bytesPerSecond * OWED_MS) / second / options.chunkBytes;
  return owedChunks >= Math.max(LEAST_OWED_CHUNKS, flowing);
}

/** The connected peers that opened the content, as its transfer sees them. */
export function suppliersOf(state: NodeState, transfer: ContentTransfer): Supplier[] {
  const suppliers: Supplier[] = [];
  const full = lineFull(state);
  for (const session of state.sessions.values()) {
    const remote = session.remote(transfer.content);
    if (!remote || remote.have.length !== transfer.geometry.pieceCount) continue;
    const promising = !session.pipeline.snubbed;
    const serving = promising && !session.choked && session.handle(transfer.content) !== undefined;
    suppliers.push({
      peer: session.peer,
      have: remote.have,
      serving,
      promising,
      room: serving
        ? Math.min(session.pipeline.room, full ? 1 - session.pipeline.size : Number.POSITIVE_INFINITY)
        : 0,
      suggested: remote.suggested,
      bytesPerSecond: session.pipeline.meter.rate(state.now),
      // Who does not serve us has no duty to us either; a new one has not got round to it yet.
      wants: (piece) =>
        (serving || state.now < session.connectedAt + OPENING_GRACE_MS) &&
        session.wants(transfer.content, piece),
    });
  }
  return suppliers;
}

/** What the other contents use of the limits that all contents share. */
export function usedElsewhere(state: NodeState, content: ContentId): Surroundings["elsewhere"] {
  let originFetches = 0;
  let unverifiedBytes = 0;
  for (const { transfer } of state.contents.values()) {
    if (transfer.content === content) continue;
    originFetches += transfer.origin.count;
    unverifiedBytes += transfer.pieces.unverifiedBytes;
  }
  return { originFetches, unverifiedBytes };
}
