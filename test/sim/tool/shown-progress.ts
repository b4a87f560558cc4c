import cliProgress from "cli-progress";
import { second } from "#sdk/base/time.ts";
import type { Progress } from "./scenario.ts";

const LINE_EVERY_MS = 10 * second;

/** A bar where somebody watches, a plain line now and then where it goes to a file. */
export function shownProgress(stream: NodeJS.WriteStream): {
  readonly progress: Progress;
  readonly stop: () => void;
} {
  const startedAt = performance.now();
  if (!stream.isTTY) {
    let toldAt = startedAt;
    return {
      progress(share, doing) {
        const now = performance.now();
        if (now - toldAt < LINE_EVERY_MS) return;
        toldAt = now;
        stream.write(
          `${((now - startedAt) / second).toFixed(0)} s: ${(100 * share).toFixed(1)} %, ${doing}\n`,
        );
      },
      stop: () => {},
    };
  }
  const bar = new cliProgress.SingleBar({
    stream,
    format: "{bar} {percentage}% | {doing} | {duration_formatted}, {eta_formatted} left",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    // A hidden cursor would stay hidden after Ctrl-C.
    hideCursor: false,
    clearOnComplete: true,
    // The simulation never lets go of the thread, so that no timer of the bar would fire.
    synchronousUpdate: true,
    noTTYOutput: false,
    fps: 5,
  });
  bar.start(1000, 0, { doing: "…" });
  return {
    progress: (share, doing) => bar.update(Math.floor(1000 * Math.min(1, share)), { doing }),
    stop: () => bar.stop(),
  };
}
