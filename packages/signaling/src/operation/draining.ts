export interface Draining {
  /** Connections when it began. */
  readonly atStart: number;
  /** Connections that are still open. */
  readonly open: number;
  /** Milliseconds over which they are to leave; with 0, all leave at once. */
  readonly drainMs: number;
  /** Milliseconds since it began. */
  readonly elapsedMs: number;
}

/**
 * How many clients to send away now, so that they leave evenly. All at once, they would come back all at once to the
 * servers that remain. Those that leave by themselves count.
 */
export function leavingNow({ atStart, open, drainMs, elapsedMs }: Draining): number {
  const gone = elapsedMs >= drainMs ? atStart : Math.ceil((atStart * Math.max(0, elapsedMs)) / drainMs);
  return Math.max(0, open - (atStart - gone));
}

const STEPS = 100;
const SHORTEST_STEP_MS = 20;

/** Milliseconds between two looks at who is to leave: groups of about a hundredth. */
export function drainStepMs(drainMs: number): number {
  return Math.max(SHORTEST_STEP_MS, Math.ceil(drainMs / STEPS));
}
