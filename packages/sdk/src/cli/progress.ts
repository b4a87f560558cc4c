import cliProgress from "cli-progress";
import { RateMeter } from "../base/rate.ts";
import type { Terminal } from "./command.ts";
import { formatBytes } from "./format-bytes.ts";

export interface Progress {
  advance(bytes: number): void;
  /** Takes the bar off the screen; may be called twice. */
  stop(): void;
}

/** A bar with bytes, rate and time left where somebody watches; one plain line in a log. */
export function startProgress(
  stream: Terminal["stderr"],
  { files, totalBytes }: { readonly files: number; readonly totalBytes: number },
): Progress {
  if (stream.isTTY !== true) {
    stream.write(`Hashing ${files} file(s), ${formatBytes(totalBytes)}.\n`);
    return { advance: () => {}, stop: () => {} };
  }
  const bar = new cliProgress.SingleBar({
    stream,
    format: "{bar} {percentage}% | {done} of {whole} | {rate}/s | {left}",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    // A hidden cursor would stay hidden after Ctrl-C.
    hideCursor: false,
    clearOnComplete: true,
    fps: 8,
  });
  const rate = new RateMeter();
  const payload = (done: number) => {
    const bytesPerSecond = rate.rate(performance.now());
    return {
      done: formatBytes(done),
      whole: formatBytes(totalBytes),
      rate: formatBytes(Math.round(bytesPerSecond)),
      left: bytesPerSecond === 0 ? "…" : `${formatSeconds((totalBytes - done) / bytesPerSecond)} left`,
    };
  };
  let done = 0;
  bar.start(totalBytes, 0, payload(0));
  return {
    advance(bytes) {
      done += bytes;
      rate.add(bytes, performance.now());
      bar.update(done, payload(done));
    },
    stop: () => bar.stop(),
  };
}

/** For people: `3 min 20 s`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
