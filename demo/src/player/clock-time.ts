/** The time of day as the channel's picture shows it, in UTC: a clock that is the same for every viewer. */
export function clockTime(date: Date): string {
  return date.toISOString().slice("2026-01-01T".length, -"00Z".length);
}

/** "6.3 s" */
export function formatSeconds(seconds: number): string {
  return `${seconds.toFixed(1)} s`;
}
