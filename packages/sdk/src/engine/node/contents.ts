import type { ContentId } from "../../base/ids.ts";
import type { Bitfield } from "../../content/bitfield.ts";
import type { Geometry } from "../../content/geometry.ts";
import { ContentTransfer } from "../transfer/content-transfer.ts";
import { RarestFirst } from "../transfer/picker.ts";
import { openContent, withdraw } from "./connections.ts";
import { type NodeState, send } from "./state.ts";

export function addContent(
  state: NodeState,
  added: {
    readonly content: ContentId;
    readonly geometry: Geometry;
    readonly have: Bitfield;
    readonly origin?: boolean;
  },
): void {
  const { content, geometry, have, origin = true } = added;
  if (state.contents.get(content)?.transfer.geometry.awaited === false) return;
  const picker = new RarestFirst(state.random.below(2 ** 31), state.options.runPieces);
  const transfer = new ContentTransfer({ content, geometry, have, options: state.options, picker });
  state.contents.set(content, {
    transfer,
    origin,
    news: [],
    haveAt: 0,
    toldWants: 0,
    toldFetching: [],
    wakeAt: Number.POSITIVE_INFINITY,
    peersAt: Number.POSITIVE_INFINITY,
    originSoon: false,
    unfit: false,
    spreading: { spreader: undefined, dueAt: 0, doneAt: Number.NEGATIVE_INFINITY },
    originPlannedAt: Number.NEGATIVE_INFINITY,
  });
  state.announcer.add(content, state.now);
  state.roster.add(content);
  for (const session of state.sessions.values()) {
    const remote = session.remote(content);
    if (remote) transfer.availability.changeAll(remote.have, 1);
    openContent(state, session, content);
  }
  state.replan = true;
}

/** New pieces of a live content are known; as many of the oldest are forgotten. */
export function grewContent(state: NodeState, content: ContentId): void {
  const open = state.contents.get(content);
  if (!open) return;
  const haves = Array.from(state.sessions.values(), (session) => session.remote(content)?.have);
  open.transfer.grew(haves.filter((have) => have !== undefined));
  state.replan = true;
}

export function removeContent(state: NodeState, content: ContentId): void {
  const open = state.contents.get(content);
  if (!open) return;
  for (const { fetch } of open.transfer.origin.active) state.effects.push({ type: "cancel-origin", fetch });
  state.contents.delete(content);
  state.announcer.remove(content);
  state.trail.forget(content);
  state.membership.forget(content);
  state.roster.remove(content);
  state.effects.push({ type: "leave", content });
  state.rechoke = true;
  for (const session of state.sessions.values()) {
    withdraw(state, session, (ask) => ask.content === content);
    session.uploads.drop(content);
    const handle = session.close(content);
    if (handle !== undefined) send(state, session.peer, { type: "close", handle, request: 0 });
  }
}
