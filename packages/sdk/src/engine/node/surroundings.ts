import type { ContentId, PeerId } from "../../base/ids.ts";
import { second } from "../../base/time.ts";
import type { Bitfield } from "../../content/bitfield.ts";
import { lacks, type RemoteContent, type Session } from "../peers/session.ts";
import type { ContentTransfer } from "../transfer/content-transfer.ts";
import type { Surroundings } from "../transfer/outlook.ts";
import type { Supplier } from "../transfer/supplier.ts";
import { OPENING_GRACE_MS, openingUntil } from "./connections.ts";
import { fetches } from "./fetching.ts";
import type { NodeState } from "./state.ts";

/** Who is on the way to us for this content, dialled or not heard yet; and whether somebody else may yet turn up. */
export function strangers(
  state: NodeState,
  content: ContentId,
): Pick<Surroundings, "expected" | "peersMayCome"> {
  const expected = state.membership.dialling(content);
  for (const session of state.sessions.values())
    if (state.now < openingUntil(session, content)) expected.push(session.peer);
  return { expected, peersMayCome: expected.length > 0 || state.now < state.announcer.hopeUntil(content) };
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
  const at = { now: state.now, full: lineFull(state), backupAfterMs: state.options.backupAfterMs };
  for (const session of state.sessions.values()) {
    const remote = session.remote(transfer.content);
    if (remote && transfer.geometry.fits(remote.have))
      suppliers.push(new SessionSupplier(session, remote, at));
  }
  return suppliers;
}

class SessionSupplier implements Supplier {
  readonly #session: Session;
  readonly #remote: RemoteContent;
  readonly #now: number;
  readonly #fetchingSince: number;
  readonly serving: boolean;
  readonly room: number;
  #bytesPerSecond: number | undefined;

  constructor(
    session: Session,
    remote: RemoteContent,
    at: { readonly now: number; readonly full: boolean; readonly backupAfterMs: number },
  ) {
    const { now, full } = at;
    this.#fetchingSince = now - at.backupAfterMs;
    this.#session = session;
    this.#remote = remote;
    this.#now = now;
    this.serving = this.promising && !session.choked && session.handle(remote.content) !== undefined;
    const most = full ? 1 - session.pipeline.size : Number.POSITIVE_INFINITY;
    this.room = this.serving ? Math.min(session.pipeline.room(now), most) : 0;
  }

  get peer(): PeerId {
    return this.#session.peer;
  }

  get have(): Bitfield {
    return this.#remote.have;
  }

  get promising(): boolean {
    return !this.#session.pipeline.snubbed;
  }

  get suggested(): ReadonlySet<number> | undefined {
    return this.#remote.suggested;
  }

  get bytesPerSecond(): number {
    this.#bytesPerSecond ??= this.#session.pipeline.meter.rate(this.#now);
    return this.#bytesPerSecond;
  }

  /** Who does not serve us has no duty to us either; a new one has not got round to it yet. */
  get #expected(): boolean {
    return this.serving || this.#now < this.#session.connectedAt + OPENING_GRACE_MS;
  }

  wants(piece: number): boolean {
    return this.#expected && lacks(this.#remote, piece);
  }

  fetches(piece: number): boolean {
    return this.#expected && fetches(this.#remote, piece, this.#fetchingSince);
  }
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
