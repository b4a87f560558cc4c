import { RivuletError, staleManifest } from "../../base/errors.ts";
import type { ContentId } from "../../base/ids.ts";
import type { Payload } from "../../protocol/payload.ts";
import type { PieceSource } from "../events.ts";
import type { OriginFailure, OriginFetchId, Want, WantId } from "../io.ts";
import type { ContentTransfer } from "../transfer/content-transfer.ts";
import type { Claim } from "../transfer/pieces.ts";
import { ban, withdraw } from "./connections.ts";
import { type NodeState, type OpenContent, planAtOnce, tell } from "./state.ts";

/** All chunks of a piece are here from peers: have it checked. */
export function claimFromPeers(state: NodeState, transfer: ContentTransfer, piece: number): void {
  const download = transfer.pieces.download(piece);
  if (!download) return;
  const { parts, senders } = download;
  transfer.pieces.claim(piece, new Set(senders));
  withdrawPiece(state, transfer.content, piece);
  state.effects.push({ type: "verify", content: transfer.content, piece, parts });
}

/** The origin sent a piece. */
export function originPiece(state: NodeState, id: OriginFetchId, piece: number, data: Payload): void {
  const found = byFetch(state, id);
  if (!found) return;
  const { transfer } = found;
  const fetch = transfer.origin.get(id);
  if (fetch) transfer.origin.arrived(fetch, piece, state.now);
  found.originSoon = true;
  state.replanSoon = true;
  if (!transfer.pieces.missing(piece)) return;
  transfer.pieces.claim(piece, new Set());
  withdrawPiece(state, transfer.content, piece);
  state.effects.push({ type: "verify", content: transfer.content, piece, parts: [data] });
}

export function originWhole(state: NodeState, id: OriginFetchId): void {
  const found = byFetch(state, id);
  const fetch = found?.transfer.origin.get(id);
  if (!found || !fetch) return;
  found.transfer.origin.becameWhole(fetch);
  // Other ranges of the same resource would each bring all of it again.
  for (const other of found.transfer.origin.active) {
    if (other.resource === fetch.resource && other.fetch !== id)
      cancelOrigin(state, found.transfer, other.fetch);
  }
  state.replan = true;
}

export function originEnded(state: NodeState, id: OriginFetchId, failure: OriginFailure | undefined): void {
  const found = byFetch(state, id);
  if (!found) return;
  const fetch = found.transfer.origin.end(id);
  // The line has room for something else at once.
  planAtOnce(found);
  state.replan = true;
  if (fetch && failure) originFailed(state, found.transfer, fetch.resource, failure);
}

function originFailed(
  state: NodeState,
  transfer: ContentTransfer,
  resource: number,
  failure: OriginFailure,
): void {
  const { content, origin } = transfer;
  const known = origin.view(resource).stale;
  origin.failed(resource, failure, state.now);
  if (failure.kind === "changed" && !known)
    tell(state, { type: "stale-resource", content, resource, error: failure.error });
}

export function verified(state: NodeState, content: ContentId, piece: number, data: Payload): void {
  const open = state.contents.get(content);
  const source = open?.transfer.pieces.accept(piece);
  if (open && source) hold(state, open, { piece, data, source });
}

/** A piece came some other way, and is verified: nobody need send it any more, and the peers may have it of us. */
export function found(state: NodeState, content: ContentId, piece: number, data?: Payload): void {
  const open = state.contents.get(content);
  if (!open?.transfer.geometry.has(piece) || !open.transfer.pieces.found(piece)) return;
  withdrawPiece(state, content, piece);
  // The origin may be sending it.
  open.originSoon = true;
  hold(state, open, { piece, data, source: open.transfer.pieces.source(piece) });
}

/** A piece is had from now on. */
function hold(
  state: NodeState,
  { transfer, news }: OpenContent,
  { piece, data, source }: { piece: number; data: Payload | undefined; source: PieceSource },
): void {
  const { content } = transfer;
  state.replanSoon = true;
  news.push(piece);
  if (data) state.effects.push({ type: "store", content, piece, data });
  const { resource, length } = transfer.geometry.place(piece);
  tell(state, { type: "piece", content, piece, resource, bytes: length, source });
  if (transfer.complete) state.announcer.hurry(content, state.now);
}

/** A piece is not what the manifest says. From one peer: it lied. From the origin: the manifest is out of date. */
export function corrupt(state: NodeState, content: ContentId, piece: number): void {
  const transfer = state.contents.get(content)?.transfer;
  const claim = transfer?.pieces.deny(piece);
  if (!transfer || !claim) return;
  transfer.wants.touch();
  state.replan = true;
  const culprit = guilty(claim);
  tell(state, { type: "corrupt-piece", content, piece, source: culprit });
  if (culprit.from === "peer") return ban(state, culprit.peer, "sent a wrong piece");
  if (culprit.from === "several") return;
  const { resource } = transfer.geometry.place(piece);
  const { path } = transfer.geometry.resource(resource);
  const error = staleManifest(path, "a piece has another hash");
  originFailed(state, transfer, resource, { kind: "changed", error });
  for (const { fetch, resource: other } of transfer.origin.active)
    if (other === resource) cancelOrigin(state, transfer, fetch);
}

/** Who sent a wrong piece. Of several it may be each of them: it is fetched again of one alone. */
function guilty({ senders }: Claim): PieceSource | { readonly from: "several" } {
  const [sender, another] = senders;
  if (!sender) return { from: "origin" };
  return another ? { from: "several" } : { from: "peer", peer: sender };
}

/** A piece that was had is gone from the store. */
export function lost(state: NodeState, content: ContentId, piece: number): void {
  const transfer = state.contents.get(content)?.transfer;
  transfer?.pieces.lose(piece);
  transfer?.wants.touch();
  state.replan = true;
}

/** The page waits for this from now on. */
export function addWant(state: NodeState, want: Want): void {
  const transfer = state.contents.get(want.content)?.transfer;
  if (!transfer) return;
  if (transfer.geometry.knows(want.resource)) transfer.wants.add(want, state.now);
  else {
    const error = new RivuletError("unknown-resource", "The live stream has gone on; ask for what is newer.");
    state.effects.push({ type: "want-failed", want: want.want, error });
  }
  state.replan = true;
}

/** The page no longer waits for this. */
export function cancelWant(state: NodeState, want: WantId): void {
  for (const { transfer } of state.contents.values()) {
    if (transfer.wants.remove(want)) abandon(state, transfer);
  }
  state.replan = true;
}

/** What no want covers any more is taken back from peers; the plan takes it back from the origin. */
export function abandon(state: NodeState, transfer: ContentTransfer): void {
  for (const piece of transfer.abandon()) withdrawPiece(state, transfer.content, piece);
}

/** Nobody needs to send this piece any more. */
function withdrawPiece(state: NodeState, content: ContentId, piece: number): void {
  for (const session of state.sessions.values()) {
    if (session.pipeline.size > 0)
      withdraw(state, session, (ask) => ask.piece === piece && ask.content === content);
  }
}

function cancelOrigin(state: NodeState, transfer: ContentTransfer, fetch: OriginFetchId): void {
  transfer.origin.end(fetch);
  state.effects.push({ type: "cancel-origin", fetch });
}

function byFetch(state: NodeState, fetch: OriginFetchId): OpenContent | undefined {
  for (const open of state.contents.values()) if (open.transfer.origin.get(fetch)) return open;
  return undefined;
}
