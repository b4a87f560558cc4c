import type { Geometry } from "../../content/geometry.ts";
import { mergedRuns, type PieceRun } from "../../protocol/piece-run.ts";
import type { Want, WantId } from "../io.ts";
import type { Delivery } from "./delivery.ts";
import { type DuePiece, duePieces } from "./due-piece.ts";
import { type ActiveWant, type Edge, toldEnd, type WindowOptions, windowEnd } from "./window.ts";

/** The list of what is due is brought up to date after so many looks at the latest. */
const ROUGH_LOOKS = 16;

/** What the page waits for in one content: windows, deadlines, and delivery in order. */
export class Wants {
  readonly #geometry: Geometry;
  readonly #options: WindowOptions;
  readonly #wants = new Map<WantId, ActiveWant>();
  /** Grows whenever `interest` may have changed. */
  version = 0;
  #due: DuePiece[] = [];
  #touched = false;
  /** Looks at the list since it was brought up to date. */
  #looked = 0;
  #alone = false;
  #playing = 0;

  constructor(geometry: Geometry, options: WindowOptions) {
    this.#geometry = geometry;
    this.#options = options;
  }

  /** True while there is nobody whose uplink could be missed elsewhere: windows are as wide as they may be. */
  get alone(): boolean {
    return this.#alone;
  }

  set alone(alone: boolean) {
    if (alone === this.#alone) return;
    this.#alone = alone;
    this.version++;
    this.touch();
  }

  get size(): number {
    return this.#wants.size;
  }

  /** True while some want is media that is being played. */
  get playing(): boolean {
    return this.#playing > 0;
  }

  /** How many pieces were due at the last look. */
  get dueCount(): number {
    return this.#due.length;
  }

  /** The first piece of all wants; `Infinity`: there is none. */
  get firstPiece(): number {
    const first = ({ want }: ActiveWant) => this.#geometry.piecesOf(want.resource).first;
    return Math.min(...Array.from(this.#wants.values(), first));
  }

  add(want: Want, now: number): void {
    const { start } = want;
    let backlogBytes = 0;
    for (const other of this.#wants.values()) backlogBytes += other.want.end - other.cursor;
    const active = { want, since: now, backlogBytes, cursor: start, movedAt: now, consumed: start };
    this.#wants.set(want.want, active);
    if (want.playing) this.#playing++;
    this.version++;
    this.touch();
  }

  remove(want: WantId): boolean {
    this.touch();
    const had = this.#wants.get(want);
    if (!had) return false;
    this.version++;
    if (had.want.playing) this.#playing--;
    return this.#wants.delete(want);
  }

  /** The page has read so far; true when that lets the window reach further. */
  consumed(want: WantId, position: number): boolean {
    const active = this.#wants.get(want);
    if (!active) return false;
    const [reached, told] = [this.#reach(active), toldEnd(active, this.#reach(active))];
    active.consumed = Math.max(active.consumed, position);
    if (this.#reach(active) === reached) return false;
    if (toldEnd(active, this.#reach(active)) !== told) this.version++;
    this.touch();
    return true;
  }

  ofResource(resource: number): WantId[] {
    return [...this.#wants.values()].flatMap(({ want }) => (want.resource === resource ? [want.want] : []));
  }

  /**
   * The pieces in all windows that `missing` says are missing, each once, the earliest due first. Between two calls
   * pieces may only stop missing, or `touch` must tell; the list stands until the next call.
   */
  due(missing: (piece: number) => boolean): readonly DuePiece[] {
    this.#looked = 0;
    if (this.#touched) {
      this.#touched = false;
      this.#due = duePieces(this.#geometry, this.#wants.values(), {
        missing,
        reach: (active) => this.#reach(active),
      });
    } else {
      let kept = 0;
      for (const one of this.#due) if (missing(one.piece)) this.#due[kept++] = one;
      this.#due.length = kept;
    }
    return this.#due;
  }

  /** As `due`, but what is no longer missing may still be listed: for who looks at few of them. */
  roughlyDue(missing: (piece: number) => boolean): readonly DuePiece[] {
    this.#looked++;
    if (this.#touched || this.#looked >= ROUGH_LOOKS) this.due(missing);
    return this.#due;
  }

  /** A piece that was there, or being checked, is missing again. */
  touch(): void {
    this.#touched = true;
  }

  /** For each want that reaches further than its window, the first piece beyond that, and beyond what peers are told. */
  edges(): Edge[] {
    const edges: Edge[] = [];
    for (const active of this.#wants.values()) {
      const { want } = active;
      const reach = this.#reach(active);
      const after = (end: number) =>
        end < want.end ? this.#geometry.piecesIn(want.resource, end, want.end).first : undefined;
      const piece = after(reach);
      if (piece !== undefined) edges.push({ piece, told: after(toldEnd(active, reach)) });
    }
    return edges;
  }

  /** The pieces that hold the very next byte of a want, each with the time since when it does. */
  fronts(): ReadonlyMap<number, number> {
    const first = ({ want, cursor }: ActiveWant) =>
      this.#geometry.piecesIn(want.resource, cursor, want.end).first;
    return new Map(Array.from(this.#wants.values(), (active) => [first(active), active.movedAt]));
  }

  #reach(active: ActiveWant): number {
    return windowEnd(active, this.#options, this.#alone);
  }

  /** Deliveries that are possible now, in order; each is given once, and a want whose last byte it is ends. */
  deliverable(have: (piece: number) => boolean, now: number): Delivery[] {
    const deliveries: Delivery[] = [];
    for (const active of this.#wants.values()) {
      const { want } = active;
      const { first } = this.#geometry.piecesOf(want.resource);
      const { pieceBytes } = this.#geometry.resource(want.resource);
      while (active.cursor < this.#reach(active)) {
        const index = Math.floor(active.cursor / pieceBytes);
        if (!have(first + index)) break;
        const end = Math.min(want.end, (index + 1) * pieceBytes);
        deliveries.push({ want: want.want, piece: first + index, start: active.cursor, end });
        active.cursor = end;
        active.movedAt = now;
      }
      if (active.cursor >= want.end) this.remove(want.want);
    }
    return deliveries;
  }

  /** The pieces in all windows, then all that are wanted, as runs; at most `limit` of each. `now` counts the first ones. */
  interest(limit: number): { readonly now: number; readonly runs: readonly PieceRun[] } {
    const upTo = (end: (active: ActiveWant) => number) =>
      mergedRuns(
        Array.from(this.#wants.values(), (active) =>
          this.#geometry.piecesIn(active.want.resource, active.want.start, end(active)),
        ),
      ).slice(0, limit);
    const now = upTo((active) => toldEnd(active, this.#reach(active)));
    return { now: now.length, runs: [...now, ...upTo(({ want }) => want.end)] };
  }

  /** True when any want covers the piece. */
  covers(piece: number): boolean {
    for (const { want } of this.#wants.values()) {
      const run = this.#geometry.piecesIn(want.resource, want.start, want.end);
      if (piece >= run.first && piece < run.first + run.count) return true;
    }
    return false;
  }
}
