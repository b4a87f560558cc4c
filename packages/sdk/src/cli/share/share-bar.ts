import cliProgress from "cli-progress";
import type { ShareProgress } from "../../client/share/share-events.ts";
import type { Terminal } from "../command.ts";
import { formatBytes } from "../format-bytes.ts";
import { formatSeconds } from "../progress.ts";

/** What a person sees of a share: a bar where somebody watches; in a log nothing but sentences. */
export interface ShareBar {
  show(progress: ShareProgress): void;
  /** Says something above the bar. */
  say(sentence: string): void;
  stop(): void;
}

const FORMAT = "{bar} {percentage}% | {done} of {whole} | {rate}/s | {left}{people}";

export function openShareBar(stream: Terminal["stderr"]): ShareBar {
  const say = (sentence: string) => void stream.write(`${sentence}\n`);
  if (stream.isTTY !== true) return { show: () => {}, say, stop: () => {} };
  const bar = new cliProgress.SingleBar({
    stream,
    format: FORMAT,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    // A hidden cursor would stay hidden after Ctrl-C.
    hideCursor: false,
    clearOnComplete: true,
    fps: 8,
  });
  let last: ShareProgress | undefined;
  const stop = () => {
    if (last) bar.stop();
    last = undefined;
  };
  const show = (progress: ShareProgress) => {
    if (progress.totalBytes === 0) return;
    if (!last) bar.start(progress.totalBytes, progress.doneBytes, payloadOf(progress));
    last = progress;
    bar.update(progress.doneBytes, payloadOf(progress));
  };
  return {
    show,
    stop,
    say: (sentence) => {
      const shown = last;
      stop();
      say(sentence);
      if (shown) show(shown);
    },
  };
}

function payloadOf(progress: ShareProgress): Readonly<Record<string, string>> {
  const { peers, remainingMs, state, missingBytes } = progress;
  return {
    done: formatBytes(progress.doneBytes),
    whole: formatBytes(progress.totalBytes),
    rate: formatBytes(Math.round(progress.bytesPerSecond)),
    left:
      state === "waiting"
        ? `waiting: nobody here has ${formatBytes(missingBytes)}`
        : remainingMs === undefined
          ? state
          : `${formatSeconds(remainingMs / 1000)} left`,
    people: peers.length === 0 ? "" : ` | ${peers.length} connected`,
  };
}
