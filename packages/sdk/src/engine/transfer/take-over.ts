import type { Geometry } from "../../content/geometry.ts";
import type { EngineOptions } from "../options.ts";
import type { DuePiece } from "./due-piece.ts";
import type { Outlook } from "./outlook.ts";
import type { Wants } from "./wants.ts";

/** While a page's other files move on, one that stands still is waited for so many times longer. */
const PATIENCE_WITH_ONE = 4;

/**
 * When the work that others are to do is taken from them before it is late: by rank, by those whose page cannot read on
 * for want of it. Who has work of its own left does that first: its line would be as full, and the swarm gets two blocks
 * for it instead of one twice.
 */
export class TakeOver {
  readonly #outlook: Pick<Outlook, "rank">;
  readonly #ownWork: boolean;
  readonly #backupAfterMs: number;
  /** Since when some want stands still for a block that the piece is in. */
  readonly #stuckSince = new Map<number, number>();
  /** When any want last moved. */
  readonly #pageMovedAt: number;

  constructor(parts: {
    readonly geometry: Geometry;
    readonly options: EngineOptions;
    readonly outlook: Pick<Outlook, "rank">;
    readonly fronts: ReturnType<Wants["fronts"]>;
    /** The line has something to do that is nobody else's. */
    readonly ownWork: boolean;
    /** What would be asked of it now would come no sooner. */
    readonly lineFull: boolean;
  }) {
    const { geometry, options, fronts } = parts;
    this.#outlook = parts.outlook;
    this.#ownWork = parts.ownWork;
    this.#backupAfterMs = options.backupAfterMs;
    this.#pageMovedAt = Math.max(...fronts.values());
    if (parts.lineFull) return;
    for (const [front, since] of fronts) {
      // Not the length of the piece itself: a last one may have a single byte.
      const { pieceBytes } = geometry.resource(geometry.resourceOf(front));
      const end = front + Math.max(1, options.dutyBlockBytes / pieceBytes);
      for (let piece = front; piece < end; piece++)
        this.#stuckSince.set(piece, Math.min(since, this.#stuckSince.get(piece) ?? since));
    }
  }

  /** `Infinity`: not before its deadline. */
  time({ piece, hopeUntil }: Pick<DuePiece, "piece" | "hopeUntil">): number {
    const rank = this.#outlook.rank(piece);
    // Nobody is here yet whose work it is.
    if (rank === 0) return this.#ownWork ? Number.POSITIVE_INFINITY : hopeUntil;
    const since = this.#stuckSince.get(piece) ?? Number.POSITIVE_INFINITY;
    const patience = rank * this.#backupAfterMs;
    // One file of many that stands still while others move has its turn yet.
    const alone = this.#ownWork ? Number.POSITIVE_INFINITY : since + patience * PATIENCE_WITH_ONE;
    return Math.min(Math.max(since, this.#pageMovedAt) + patience, alone);
  }
}
