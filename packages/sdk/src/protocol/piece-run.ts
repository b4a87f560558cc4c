/** A run of neighbouring pieces of one content: `count` of them from `first`. */
export interface PieceRun {
  readonly first: number;
  readonly count: number;
}
