import { formatBytes } from "../../panel/format.ts";
import { formatRate, formatRemaining } from "../figures.ts";
import type { StateWords } from "../parts/state-words.ts";
import type { ShareProgress } from "../sharing.ts";

/** So long it is ordinary that nobody was found yet. */
export const LOOKING_IS_LONG_MS = 8_000;

/** What the receiver's page says of what goes on; `lookingMs` is how long it has been looking for somebody. */
export function receiverWords(progress: ShareProgress, lookingMs: number, hasPassword = false): StateWords {
  const { state, missingBytes, totalBytes } = progress;
  switch (state) {
    case "looking":
      return looking(lookingMs, hasPassword);
    case "checking":
      return {
        tone: "busy",
        title: "Checking what is here already",
        detail: figures(progress),
        spoken: "Checking what is here already.",
      };
    case "receiving":
    case "hashing":
      return { tone: "busy", title: "Receiving", detail: figures(progress), spoken: "Receiving." };
    case "waiting": {
      const missing = `${formatBytes(missingBytes)} of ${formatBytes(totalBytes)} are missing`;
      const detail =
        missingBytes > 0
          ? `${missing}, and nobody who is here has them: waiting.`
          : "Whoever is here gives nothing at the moment.";
      return {
        tone: "wait",
        title: "Waiting",
        detail,
        spoken: "Waiting: nobody who is here has what is missing.",
      };
    }
    case "seeding":
      return {
        tone: "done",
        title: "All here",
        detail: "Keep the page open to give it to others.",
        spoken: "All here. Keep the page open to give it to others.",
      };
    case "failed":
      return { tone: "bad", title: "It cannot go on", detail: "", spoken: "It cannot go on." };
    case "stopped": {
      const detail = "What has come is kept in this browser. Open the link again to go on.";
      return { tone: "wait", title: "Stopped", detail, spoken: `Stopped. ${detail}` };
    }
    default:
      return state satisfies never;
  }
}

function looking(lookingMs: number, hasPassword: boolean): StateWords {
  if (lookingMs < LOOKING_IS_LONG_MS) {
    return {
      tone: "busy",
      title: "Looking for the sender",
      detail: "The files come straight from their browser.",
      spoken: "Looking for the sender.",
    };
  }
  const nobody = "Nobody who has these files is here. They come when the sender opens their page.";
  // Who knows another password may not say so.
  const detail = hasPassword ? `${nobody} Or the password is not the right one.` : nobody;
  return { tone: "wait", title: "Still looking for the sender", detail, spoken: detail };
}

/** "12 MB of 30 MB · 1.2 MB/s · about 2 min left". */
function figures({ doneBytes, totalBytes, bytesPerSecond, remainingMs }: ShareProgress): string {
  const parts = [`${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`];
  if (bytesPerSecond > 0) parts.push(formatRate(bytesPerSecond));
  if (remainingMs !== undefined) parts.push(formatRemaining(remainingMs));
  return parts.join(" · ");
}

/** The page's title, also seen while another tab is in front. */
export function tabTitle({ state, totalBytes, doneBytes }: ShareProgress, what: string): string {
  if (totalBytes === 0 || state === "looking") return "Receive files · Rivulet";
  if (doneBytes >= totalBytes) return `Here: ${what} · Rivulet`;
  return `${Math.floor((doneBytes / totalBytes) * 100)}% · ${what} · Rivulet`;
}
