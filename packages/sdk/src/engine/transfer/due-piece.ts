/** A piece that somebody waits for, and when its first wanted byte is due. */
export interface DuePiece {
  readonly piece: number;
  readonly dueAt: number;
  /** When the first byte of the want is due. */
  readonly firstDueAt: number;
  /** When the want came. */
  readonly since: number;
}
