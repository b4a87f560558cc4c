import { formatBytes, formatPercent } from "../../panel/format.ts";
import { count, formatRate, ratioOf } from "../figures.ts";
import type { StateWords } from "../parts/state-words.ts";
import type { ShareProgress } from "../sharing.ts";

/** What the sender's page says of what goes on. */
export function senderWords(progress: ShareProgress): StateWords {
  const { state, peers, bytesPerSecond, uploadedBytes, doneBytes, totalBytes } = progress;
  switch (state) {
    case "hashing": {
      const rate = bytesPerSecond > 0 ? ` · ${formatRate(bytesPerSecond)}` : "";
      return {
        tone: "busy",
        title: `Reading the files: ${formatPercent(ratioOf(doneBytes, totalBytes))}%`,
        detail: `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}${rate}. The link works already.`,
        spoken: "Reading the files. The link works already.",
      };
    }
    case "failed":
      return { tone: "bad", title: "Sending has stopped", detail: "", spoken: "Sending has stopped." };
    case "stopped":
      return {
        tone: "wait",
        title: "Stopped",
        detail: "Nobody gets these files from here any more.",
        spoken: "Stopped.",
      };
    case "looking":
    case "checking":
    case "receiving":
    case "waiting":
    case "seeding":
      break;
    default:
      return state satisfies never;
  }
  const sent = uploadedBytes > 0 ? `${formatBytes(uploadedBytes)} sent` : "";
  if (peers.length === 0) {
    const title = uploadedBytes > 0 ? "Nobody is connected now" : "Ready: send the link";
    return { tone: "wait", title, detail: sent, spoken: title };
  }
  const getting = peers.filter(({ complete }) => complete < 1).length;
  if (getting === 0) {
    const title = peers.length === 1 ? "They have everything" : `All ${peers.length} have everything`;
    return { tone: "done", title, detail: sent, spoken: title };
  }
  const title = `Sending to ${count(getting, "person", "people")}`;
  const rate = bytesPerSecond > 0 ? formatRate(bytesPerSecond) : "";
  return { tone: "busy", title, detail: [sent, rate].filter(Boolean).join(" · "), spoken: title };
}
