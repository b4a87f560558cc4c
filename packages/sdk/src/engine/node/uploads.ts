import type { RejectReason } from "../../protocol/frames/reject.ts";
import type { RequestFrame } from "../../protocol/frames/request.ts";
import type { Payload } from "../../protocol/payload.ts";
import type { ReadId } from "../io.ts";
import type { Session } from "../peers/session.ts";
import type { Availability, UploadRequest } from "../peers/upload-queue.ts";
import { strike } from "./connections.ts";
import { freshId, type NodeState, send, tell } from "./state.ts";
import { lost } from "./transfers.ts";

/** Uploading became allowed or forbidden: the peers learn what they may ask for, or are choked. */
export function allowUpload(state: NodeState, given: boolean): void {
  const allowed = given && state.uploadLeftBytes > 0;
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
  state.contents.get(content)?.spreading.spreader?.taken(session.peer, frame.piece, state.now);
  const open = state.contents.get(content);
  const request: UploadRequest = { ...frame, content, at: state.now };
  if (!open) return reject(state, session, request, "not-had");
  const { geometry, pieces } = open.transfer;
  // What a live content forgot, or we have not heard of yet, an honest peer may well ask for.
  if (geometry.live && !geometry.has(frame.piece)) return reject(state, session, request, "not-had");
  if (!geometry.has(frame.piece) || frame.offset + frame.length > geometry.place(frame.piece).length) {
    reject(state, session, request, "not-had");
    return strike(state, session, "requests beyond the end of a piece");
  }
  if (session.choking) return reject(state, session, request, "choked");
  if (!pieces.have.has(frame.piece)) return reject(state, session, request, "not-had");
  if (session.uploads.waiting === 0) session.turnAt = state.now;
  if (!session.uploads.push(request)) return reject(state, session, request, "busy");
  state.waiting.add(session);
}

/** Reads what is next of all that peers asked for, as the bucket has tokens. Returns when it has more. */
export function serve(state: NodeState): number {
  const { now, options, waiting, bucket } = state;
  if (waiting.size === 0) return Number.POSITIVE_INFINITY;
  if (now < state.serveAt) return state.serveAt;
  if (state.serveAt > 0) state.uplink.late(now - state.serveAt);
  state.serveAt = 0;
  const availability: Availability = (content, piece) =>
    state.contents.get(content)?.transfer.availability.of(piece) ?? 0;
  if (options.shedAfterMs < Number.POSITIVE_INFINITY) shed(state);
  while (state.reads.size < options.maxReads) {
    const session = state.scheduler.next(waiting, availability, now);
    if (!session) break;
    const { freeRider, uploads } = session;
    if ((uploads.front?.length ?? 0) > state.uploadLeftBytes) {
      state.uploadLeftBytes = 0;
      allowUpload(state, false);
      // The next round chokes everybody.
      return now;
    }
    const waitMs = freeRider ? riderWaitMs(state) : bucket.waitMs(uploads.front?.length ?? 0, now);
    if (waitMs > 0) {
      if (!freeRider && state.uplink.allowance < options.uploadBytesPerSecond) state.uplink.held();
      const at = Math.floor(now) + Math.ceil(waitMs);
      // A contributor that asks meanwhile does not wait as long.
      if (!freeRider) state.serveAt = at;
      return at;
    }
    const next = uploads.next();
    if (!next) break;
    session.turnAt = now;
    bucket.take(next.length, now);
    state.uploadLeftBytes -= next.length;
    const read = freshId(state);
    state.reads.set(read, { peer: session.peer, request: next.request });
    const { content, piece, offset, length } = next;
    state.effects.push({ type: "read", read, content, piece, offset, length });
  }
  state.spreadSoon = true;
  for (const session of waiting) if (session.uploads.waiting === 0) waiting.delete(session);
  return Number.POSITIVE_INFINITY;
}

/** A contributor that was served so lately asks again soon, ms. */
const RIDER_PAUSE_MS = 1500;

/**
 * A free rider waits until the bucket is full, and no contributor was served for a while: its chunk must not be under way
 * when one asks next.
 */
function riderWaitMs({ bucket, sessions, now }: NodeState): number {
  let gaveAt = Number.NEGATIVE_INFINITY;
  for (const { freeRider, turnAt } of sessions.values()) if (!freeRider) gaveAt = Math.max(gaveAt, turnAt);
  return Math.max(bucket.waitMs(Number.POSITIVE_INFINITY, now), gaveAt + RIDER_PAUSE_MS - now);
}

/** Sends away what has waited too long behind rarer pieces: by now others have it, who may have nothing to do. */
function shed(state: NodeState): void {
  let waiting = 0;
  for (const session of state.waiting) waiting += session.uploads.waiting;
  if (waiting <= 2) return;
  for (const session of state.waiting)
    for (const request of session.uploads.shed(state.now - state.options.shedAfterMs))
      reject(state, session, request, "busy");
}

/** The channels hold so many bytes: the pace of uploads follows. */
export function uplinkHolds(state: NodeState, queuedBytes: number | undefined): void {
  const { now, bucket, uplink } = state;
  const { uploadBytesPerSecond } = state.options;
  if (queuedBytes === undefined) return bucket.limit(uploadBytesPerSecond, now);
  const excess = uplink.queued(queuedBytes, now);
  bucket.limit(Math.min(uploadBytesPerSecond, uplink.allowance), now);
  if (excess > 0) bucket.take(excess, now);
  state.serveAt = 0;
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
    if (state.trail.gave(request.content, piece, session.peer)) session.entrustedBytes += data.byteLength;
    state.uplink.sent(data.byteLength);
    tell(state, { type: "uploaded", peer: session.peer, bytes: data.byteLength });
  }
}

/** Nothing more is read for this peer. */
export function turnAway(state: NodeState, session: Session): void {
  state.waiting.delete(session);
  for (const request of session.uploads.drain()) reject(state, session, request, "choked");
}

function reject(state: NodeState, session: Session, request: UploadRequest, reason: RejectReason): void {
  const handle = session.handle(request.content) ?? 0;
  send(state, session.peer, { type: "reject", handle, request: request.request, reason });
}
