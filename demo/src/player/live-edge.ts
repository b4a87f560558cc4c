export interface EdgeSituation {
  /** Behind the newest that the playlist lists, as the player estimates it. */
  readonly latencySeconds: number;
  /** What the player aims at; null before it knows the playlist. */
  readonly targetSeconds: number | null;
  readonly isPaused: boolean;
}

/** A segment and a half: the latency swings by one whenever a playlist is read. */
const SLACK_SECONDS = 3;

/** Whether this is as live as the player would have it. */
export function isAtEdge({ latencySeconds, targetSeconds, isPaused }: EdgeSituation): boolean {
  if (isPaused || targetSeconds === null) return false;
  return latencySeconds <= targetSeconds + SLACK_SECONDS;
}
