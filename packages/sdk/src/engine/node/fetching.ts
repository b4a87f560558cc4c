import { MAX_FETCHING_RUNS } from "../../protocol/limits.ts";
import { inRun, mergedRuns, type PieceRun } from "../../protocol/piece-run.ts";
import type { RemoteContent, Session } from "../peers/session.ts";
import { type NodeState, type OpenContent, send } from "./state.ts";

/*
 * Players ask for the same segment at almost the same time. Whoever asked first tells the others that it is on its way
 * from the origin, and they wait for it: a rule by which they took turns would have the first wait for the last.
 */

/** Tells all who opened the content what we are getting from the origin, when that changed. */
export function tellFetching(state: NodeState, open: OpenContent): void {
  const { transfer, toldFetching } = open;
  if (toldFetching.length === 0 && transfer.origin.count === 0) return;
  const runs = state.uploadAllowed ? fetchingNow(open) : [];
  if (same(runs, toldFetching)) return;
  open.toldFetching = runs;
  for (const session of state.sessions.values())
    if (session.remote(transfer.content)) tellFetchingTo(state, session, open);
}

export function tellFetchingTo(state: NodeState, session: Session, open: OpenContent): void {
  const handle = session.handle(open.transfer.content);
  if (handle !== undefined)
    send(state, session.peer, { type: "fetching", handle, request: 0, runs: open.toldFetching });
}

/** What is on its way, and what was and is not known to be there yet: nobody may take it for free in between. */
function fetchingNow({ transfer, toldFetching, news }: OpenContent): readonly PieceRun[] {
  const { pieces, origin, wants } = transfer;
  const settling = toldFetching.filter(
    (run) => pieces.checking(run) || news.some((piece) => inRun(run, piece)),
  );
  return mergedRuns([...(wants.playing ? origin.active : []), ...settling]).slice(0, MAX_FETCHING_RUNS);
}

/** True when the peer gets the piece from the origin, and got on with it lately. */
export function fetches({ have, fetching }: RemoteContent, piece: number, since: number): boolean {
  if (!fetching || fetching.at <= since || have.has(piece)) return false;
  return fetching.runs.some((run) => inRun(run, piece));
}

function same(some: readonly PieceRun[], others: readonly PieceRun[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ first, count }, at) => first === others[at]?.first && count === others[at]?.count)
  );
}
