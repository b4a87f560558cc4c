import { RivuletError, violation } from "../../base/errors.ts";
import type { Frame } from "../../protocol/frame.ts";
import type { ChunkFrame } from "../../protocol/frames/chunk.ts";
import type { HaveFrame } from "../../protocol/frames/have.ts";
import type { HelloFrame } from "../../protocol/frames/hello.ts";
import type { RejectFrame } from "../../protocol/frames/reject.ts";
import type { SuggestFrame } from "../../protocol/frames/suggest.ts";
import { MAX_LIVE_PIECES, PROTOCOL_VERSION } from "../../protocol/limits.ts";
import type { RemoteContent, Session } from "../peers/session.ts";
import type { ContentTransfer } from "../transfer/content-transfer.ts";
import { passedOn } from "./choke-round.ts";
import { disconnected, interested, strike } from "./connections.ts";
import { tellFetchingTo } from "./fetching.ts";
import { exchanged, rosterHeard } from "./gossip.ts";
import { relayed } from "./introductions.ts";
import { type NodeState, send } from "./state.ts";
import { usedElsewhere } from "./surroundings.ts";
import { claimFromPeers } from "./transfers.ts";
import { requested } from "./uploads.ts";

/**
 * One frame from a peer.
 * @throws RivuletError when the frame breaks the protocol; the caller hangs up.
 */
export function received(state: NodeState, session: Session, frame: Frame): void {
  session.heardAt = state.now;
  session.pinged = false;
  if (!session.greeted && frame.type !== "hello" && frame.type !== "bye") {
    throw violation("no hello");
  }
  switch (frame.type) {
    case "hello":
      return hello(session, frame);
    case "open": {
      const remote = session.remoteOpened(frame);
      const open = state.contents.get(remote.content);
      if (open && !open.transfer.geometry.fits(remote.have)) throw violation("another piece count");
      open?.transfer.availability.changeAll(remote.have, 1);
      if (open && open.toldFetching.length > 0) tellFetchingTo(state, session, open);
      state.replan = true;
      state.gossip.opened();
      return;
    }
    case "close": {
      const closed = session.remoteClosed(frame.handle);
      if (closed) {
        const { content, have } = closed;
        session.pipeline.withdraw((ask) => ask.content === content);
        const transfer = state.contents.get(content)?.transfer;
        transfer?.forsake(session.peer);
        transfer?.availability.changeAll(have, -1);
      }
      state.replan = true;
      state.rechoke = true;
      return;
    }
    case "have":
      return have(state, session, frame);
    case "interested":
      return interested(state, session, frame);
    case "fetching":
      session.byHandle(frame.handle).fetching = { runs: frame.runs, at: state.now };
      state.replan = true;
      return;
    case "suggest":
      return suggested(state, session, frame);
    case "choke":
      session.choked = true;
      // It rejects what it had queued, which it need not be told to drop.
      session.pipeline.withdraw();
      for (const { transfer } of state.contents.values()) transfer.forsake(session.peer);
      state.replan = true;
      return;
    case "unchoke":
      session.choked = false;
      state.replan = true;
      return;
    case "request":
      return requested(state, session, frame);
    case "cancel":
      return session.uploads.cancel(frame.request);
    case "chunk":
      return chunk(state, session, frame);
    case "reject":
      return rejected(state, session, frame);
    case "ping":
      return send(state, session.peer, { type: "pong", handle: 0, request: frame.request });
    case "pong":
      return;
    case "peers":
      return exchanged(state, session, frame);
    case "roster":
      return rosterHeard(state, session, frame);
    case "introduce":
      return relayed(state, session, frame);
    case "bye":
      state.effects.push({ type: "hang-up", peer: session.peer, reason: "leaving" });
      return disconnected(state, session.peer, `the peer said ${frame.reason}`);
    default:
      return frame satisfies never;
  }
}

function hello(session: Session, frame: HelloFrame): void {
  if (session.greeted) throw violation("two hellos");
  if (frame.version !== PROTOCOL_VERSION) {
    throw new RivuletError(
      "protocol-version",
      `The peer speaks version ${frame.version}, we speak ${PROTOCOL_VERSION}.`,
    );
  }
  if (frame.peer !== session.peer) throw violation("another peer id");
  session.greeted = true;
}

function have(state: NodeState, session: Session, frame: HaveFrame): void {
  const remote = session.byHandle(frame.handle);
  const ours = state.contents.get(remote.content)?.transfer;
  const transfer = ours?.geometry.fits(remote.have) ? ours : undefined;
  for (const piece of frame.pieces) {
    // That of a live content may have been published after we last looked.
    if (remote.have.growing && piece >= remote.have.end) reach(remote, piece, transfer);
    if (piece >= remote.have.end) throw violation("no such piece");
    if (!remote.have.add(piece)) continue;
    transfer?.availability.change(piece, 1);
    passedOn(state, session, { content: remote.content, piece });
    if (remote.fetching) remote.fetching.at = state.now;
    state.spreadSoon = true;
    // What somebody else is sending already changes little.
    if (transfer?.pieces.missing(piece) && !transfer.pieces.download(piece)) state.replanSoon = true;
  }
}

/** A peer's view of a live content goes on: what it thereby forgets counts no more. */
function reach({ have }: RemoteContent, piece: number, transfer: ContentTransfer | undefined): void {
  const forgets = piece + 1 - have.first > MAX_LIVE_PIECES;
  if (forgets) transfer?.availability.changeAll(have, -1);
  have.slide(piece + 1 - MAX_LIVE_PIECES, piece + 1);
  if (forgets) transfer?.availability.changeAll(have, 1);
}

function suggested(state: NodeState, session: Session, { handle, pieces }: SuggestFrame): void {
  const remote = session.byHandle(handle);
  remote.suggested = pieces.length > 0 ? (remote.suggested ?? new Set()) : undefined;
  for (const piece of pieces) {
    if (piece >= remote.have.end) throw violation("no such piece");
    remote.suggested?.add(piece);
  }
  state.refill = true;
}

function chunk(state: NodeState, session: Session, frame: ChunkFrame): void {
  const ask = session.pipeline.delivered(frame.request, frame.data.byteLength, state.now);
  if (!ask) return strike(state, session, "chunks that nobody asked for");
  // A peer that has nothing left to send is asked for more at once.
  if (session.pipeline.size <= 1) state.refill = true;
  else state.replanSoon = true;
  const transfer = state.contents.get(ask.content)?.transfer;
  if (!transfer) return;
  if (frame.piece !== ask.piece || frame.offset !== ask.chunk * state.options.chunkBytes) {
    transfer.pieces.download(ask.piece)?.unask(ask.chunk, session.peer);
    return strike(state, session, "a chunk other than the one asked for");
  }
  // It may be late, asked of others by now or not at all: what is still missing is welcome all the same.
  if (
    !transfer.pieces.download(ask.piece) &&
    transfer.pieces.missing(ask.piece) &&
    transfer.wants.covers(ask.piece) &&
    transfer.mayBegin(ask.piece, usedElsewhere(state, ask.content).unverifiedBytes)
  )
    transfer.pieces.begin(ask.piece);
  const outcome = transfer.pieces.receive(ask.piece, ask.chunk, frame.data, session.peer);
  if (outcome === "complete") claimFromPeers(state, transfer, ask.piece);
  else if (outcome === "unneeded") transfer.pieces.download(ask.piece)?.unask(ask.chunk, session.peer);
}

function rejected(state: NodeState, session: Session, frame: RejectFrame): void {
  const owed = session.pipeline.owes(frame.request);
  const ask = session.pipeline.refused(frame.request, state.now);
  if (!ask) return;
  // What was taken back may have been asked anew: it is the new request that counts.
  if (owed)
    state.contents.get(ask.content)?.transfer.pieces.download(ask.piece)?.unask(ask.chunk, session.peer);
  if (frame.reason === "busy") session.pipeline.busy(state.now);
  if (frame.reason === "not-had" && session.remote(ask.content)?.have.delete(ask.piece))
    state.contents.get(ask.content)?.transfer.availability.change(ask.piece, -1);
  state.replan = true;
}
