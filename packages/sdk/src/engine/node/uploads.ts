import type { RejectReason } from "../../protocol/frames/reject.ts";
import type { RequestFrame } from "../../protocol/frames/request.ts";
import type { Payload } from "../../protocol/payload.ts";
import type { ReadId } from "../io.ts";
import type { Session } from "../peers/session.ts";
import type { UploadRequest } from "../peers/upload-queue.ts";
import { strike } from "./connections.ts";
import { freshId, type NodeState, send, tell } from "./state.ts";
import { lost } from "./transfers.ts";

/** Uploading became allowed or forbidden: the peers learn what they may ask for, or are choked. */
export function allowUpload(state: NodeState, allowed: boolean): void {
  if (allowed && !state.uploadAllowed) {
    for (const open of state.contents.values()) open.news = [...open.transfer.pieces.have];
  }
  state.uploadAllowed = allowed;
  state.rechoke = true;
}

/** A peer asks for a chunk. */
export function requested(state: NodeState, session: Session, frame: RequestFrame): void {
  const { content } = session.byHandle(frame.handle);
  state.requestedAt = state.now;
  const open = state.contents.get(content);
  const request: UploadRequest = { ...frame, content };
  if (!open) return reject(state, session, request, "not-had");
  const { geometry, pieces } = open.transfer;
  if (
    frame.piece >= geometry.pieceCount ||
    frame.offset + frame.length > geometry.place(frame.piece).length
  ) {
    reject(state, session, request, "not-had");
    return strike(state, session, "requests beyond the end of a piece");
  }
  if (session.choking) return reject(state, session, request, "choked");
  if (!pieces.have.has(frame.piece)) return reject(state, session, request, "not-had");
  if (!session.uploads.push(request)) return reject(state, session, request, "busy");
  serve(state, session);
}

/** Reads what the peer asked for, as long as its channel takes it. */
export function serve(state: NodeState, session: Session): void {
  while (!session.congested) {
    const next = session.uploads.next();
    if (!next) return;
    const read = freshId(state);
    state.reads.set(read, { peer: session.peer, request: next.request });
    const { content, piece, offset, length } = next;
    state.effects.push({ type: "read", read, content, piece, offset, length });
  }
}

/** A read is done; `data` is undefined when the store no longer has the piece. */
export function readDone(state: NodeState, read: ReadId, data: Payload | undefined): void {
  const pending = state.reads.get(read);
  state.reads.delete(read);
  const session = pending && state.sessions.get(pending.peer);
  const request = session?.uploads.read(pending?.request ?? 0);
  if (!session || !request) return;
  const handle = session.handle(request.content);
  if (data === undefined) {
    lost(state, request.content, request.piece);
    reject(state, session, request, "not-had");
  } else if (handle !== undefined) {
    const { piece, offset } = request;
    send(state, session.peer, { type: "chunk", handle, request: request.request, piece, offset, data });
    session.sent.add(data.byteLength, state.now);
    tell(state, { type: "uploaded", peer: session.peer, bytes: data.byteLength });
  }
  serve(state, session);
}

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
  state.spreadSoon = true;
  send(state, session.peer, { type: choking ? "choke" : "unchoke", handle: 0, request: 0 });
  if (!choking) return;
  for (const request of session.uploads.drain()) reject(state, session, request, "choked");
}

function reject(state: NodeState, session: Session, request: UploadRequest, reason: RejectReason): void {
  const handle = session.handle(request.content) ?? 0;
  send(state, session.peer, { type: "reject", handle, request: request.request, reason });
}
