/** A run of neighbouring pieces of one content: `count` of them from `first`. */
export interface PieceRun {
  readonly first: number;
  readonly count: number;
}

export function inRun({ first, count }: PieceRun, piece: number): boolean {
  return piece >= first && piece < first + count;
}

/** Runs in rising order, those that touch made one. */
export function mergedRuns(runs: readonly PieceRun[]): PieceRun[] {
  const apart: { first: number; count: number }[] = [];
  for (const { first, count } of [...runs].sort((a, b) => a.first - b.first)) {
    const last = apart.at(-1);
    if (last && first <= last.first + last.count)
      last.count = Math.max(last.count, first + count - last.first);
    else if (count > 0) apart.push({ first, count });
  }
  return apart;
}
