import { formatBytes } from "../panel/format.ts";

const MS_PER_SECOND = 1000;
const SECONDS_PER_MINUTE = 60;
const MINUTES_PER_HOUR = 60;
const HOURS_PER_DAY = 24;

const whole = new Intl.NumberFormat("en");

/** "1 file", "9,800 files". */
export function count(number: number, one: string, several = `${one}s`): string {
  return `${whole.format(number)} ${number === 1 ? one : several}`;
}

/** In one piece: a line is not broken before the unit. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond).replace(" ", "\u00a0")}/s`;
}

/** Rough on purpose: a guess that names its seconds changes all the time. */
export function formatRemaining(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / MS_PER_SECOND));
  if (seconds < SECONDS_PER_MINUTE) return `${seconds <= 10 ? seconds : Math.ceil(seconds / 5) * 5} s left`;
  const minutes = Math.round(seconds / SECONDS_PER_MINUTE);
  if (minutes < MINUTES_PER_HOUR) return `about ${minutes} min left`;
  const hours = Math.floor(minutes / MINUTES_PER_HOUR);
  if (hours < HOURS_PER_DAY) return `about ${hours} h ${minutes % MINUTES_PER_HOUR} min left`;
  return "more than a day left";
}

/** 0 to 1, and 1 only when all is done. */
export function ratioOf(doneBytes: number, totalBytes: number): number {
  return totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
}
