import type { RivuletError } from "../../base/errors.ts";
import { second } from "../../base/time.ts";
import type { Geometry } from "../../content/geometry.ts";
import type { OriginFailure, OriginFetchId } from "../io.ts";

/** A range that the origin is sending. `next` is the first piece that has not come yet. */
export interface OriginFetch {
  readonly fetch: OriginFetchId;
  readonly resource: number;
  readonly whole: boolean;
  /** When it was asked for. */
  readonly at: number;
  /** It was somebody else's duty, and we took over. */
  readonly takenOver: boolean;
  first: number;
  count: number;
  next: number;
}

/** What is known of the origin's way with one resource. */
interface OriginView {
  /** It answers ranges with the whole resource. */
  wholeOnly: boolean;
  failures: number;
  /** Not asked again before this. */
  retryAt: number;
  lastError: RivuletError | undefined;
  /** It has other bytes than the manifest says. */
  stale: boolean;
}

const RETRY_FIRST_MS = 2 * second;
const RETRY_MOST_MS = 60 * second;

/** The origin's side of a transfer: which fetches run, and how the origin behaved for each resource. */
export class OriginFetches {
  readonly #geometry: Geometry;
  readonly #active = new Map<OriginFetchId, OriginFetch>();
  readonly #views = new Map<number, OriginView>();
  #firstPieceMs: number | undefined;

  constructor(geometry: Geometry) {
    this.#geometry = geometry;
  }

  get active(): readonly OriginFetch[] {
    return [...this.#active.values()];
  }

  get count(): number {
    return this.#active.size;
  }

  get(fetch: OriginFetchId): OriginFetch | undefined {
    return this.#active.get(fetch);
  }

  /** The first piece of all fetches; `Infinity`: there is none. */
  get firstPiece(): number {
    return Math.min(...Array.from(this.#active.values(), ({ first }) => first));
  }

  /** Forgets what the geometry forgot. */
  forget(): void {
    for (const resource of this.#views.keys())
      if (!this.#geometry.knows(resource)) this.#views.delete(resource);
  }

  start(fetch: OriginFetch): void {
    this.#active.set(fetch.fetch, fetch);
  }

  end(fetch: OriginFetchId): OriginFetch | undefined {
    const ended = this.#active.get(fetch);
    this.#active.delete(fetch);
    return ended;
  }

  /** The fetch that will still bring this piece, if any. */
  covering(piece: number): OriginFetch | undefined {
    for (const fetch of this.#active.values()) {
      if (piece >= fetch.next && piece < fetch.first + fetch.count) return fetch;
    }
    return undefined;
  }

  /** From asking for a range until its first piece is here, ms, smoothed; undefined before there was one. */
  get firstPieceMs(): number | undefined {
    return this.#firstPieceMs;
  }

  /** A piece has come: the origin works. */
  arrived(fetch: OriginFetch, piece: number, now: number): void {
    if (fetch.next === fetch.first) {
      const ms = now - fetch.at;
      this.#firstPieceMs = this.#firstPieceMs === undefined ? ms : (this.#firstPieceMs + ms) / 2;
    }
    fetch.next = Math.max(fetch.next, piece + 1);
    const view = this.view(fetch.resource);
    view.failures = 0;
    view.lastError = undefined;
  }

  /** The origin sends the whole resource from its first byte, whatever was asked. */
  becameWhole(fetch: OriginFetch): void {
    this.view(fetch.resource).wholeOnly = true;
    const { first, count } = this.#geometry.piecesOf(fetch.resource);
    fetch.first = first;
    fetch.next = first;
    fetch.count = count;
  }

  failed(resource: number, failure: OriginFailure, now: number): void {
    const view = this.view(resource);
    view.failures++;
    view.lastError = failure.error;
    const backOff = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** (view.failures - 1));
    view.retryAt = now + (failure.kind === "unreachable" ? backOff : RETRY_MOST_MS);
    if (failure.kind === "changed") view.stale = true;
  }

  /** True while the last word on some resource was an error. */
  get troubled(): boolean {
    for (const { lastError } of this.#views.values()) if (lastError) return true;
    return false;
  }

  /** What is known of a resource's fetches. */
  view(resource: number): OriginView {
    let view = this.#views.get(resource);
    if (!view) {
      view = { wholeOnly: false, failures: 0, retryAt: 0, lastError: undefined, stale: false };
      this.#views.set(resource, view);
    }
    return view;
  }
}
