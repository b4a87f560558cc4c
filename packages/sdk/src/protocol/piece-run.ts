/** A run of neighbouring pieces of one content: `count` of them from `first`. */
export interface PieceRun {
  readonly first: number;
  readonly count: number;
}

export function inRun({ first, count }: PieceRun, piece: number): boolean {
  return piece >= first && piece < first + count;
}

/** True when one of the runs, as `mergedRuns` returns them, has the piece. */
export function inRising(runs: readonly PieceRun[], piece: number): boolean {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const run = runs[middle] as PieceRun;
    if (piece < run.first) high = middle;
    else if (piece < run.first + run.count) return true;
    else low = middle + 1;
  }
  return false;
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
