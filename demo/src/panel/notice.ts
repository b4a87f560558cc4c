import { html, setText } from "./element.ts";
import type { LiveStats } from "./live.ts";

/** The one thing worth saying about the present state, if any. */
export type Notice =
  | { readonly kind: "starting" }
  | { readonly kind: "error"; readonly message: string }
  | { readonly kind: "no-webrtc" }
  | { readonly kind: "origin-only"; readonly message: string }
  | { readonly kind: "tracker-down"; readonly peers: number }
  | { readonly kind: "alone" }
  | { readonly kind: "stored" }
  | { readonly kind: "none" };

export interface Situation {
  readonly stats: LiveStats | undefined;
  readonly webRtc: boolean;
  /** What keeps the page from working. */
  readonly problem: string | undefined;
  /** What keeps Rivulet from working; the page does without. */
  readonly originOnly: string | undefined;
}

/** Chooses what to say: the worst news first, and being alone only when nothing is wrong. */
export function chooseNotice({ stats, webRtc, problem, originOnly }: Situation): Notice {
  if (problem !== undefined) return { kind: "error", message: problem };
  if (!webRtc) return { kind: "no-webrtc" };
  if (originOnly !== undefined) return { kind: "origin-only", message: originOnly };
  if (!stats || stats.peer === "") return { kind: "starting" };
  if (stats.tracker === "down") return { kind: "tracker-down", peers: stats.peers.length };
  if (stats.peers.length === 0) return { kind: stats.storeBytes > stats.originBytes ? "stored" : "alone" };
  return { kind: "none" };
}

interface Words {
  readonly title: string;
  readonly text: string;
}

function wordsFor(notice: Notice): Words | undefined {
  switch (notice.kind) {
    case "starting":
      return { title: "Starting", text: "Reading the manifest and looking for other viewers." };
    case "error":
      return { title: "Something went wrong", text: notice.message };
    case "no-webrtc":
      return {
        title: "No WebRTC here",
        text: "This browser cannot connect to peers: the origin delivers everything.",
      };
    case "origin-only":
      return { title: "Everything comes from the origin", text: notice.message };
    case "tracker-down":
      return {
        title: "The tracker is out of reach",
        text:
          notice.peers > 0
            ? "Connected peers go on sharing; new ones can be found through them."
            : "No peers can be found for now: the origin delivers everything.",
      };
    case "alone":
      return {
        title: "You are the first one here",
        text: "The origin serves you. Open another viewer and it will load from this one.",
      };
    case "stored":
      return {
        title: "You had it already",
        text: "An earlier visit stored these files here: nobody needs to send them.",
      };
    case "none":
      return undefined;
  }
}

export class NoticeBox {
  readonly element = html("div", { class: "notice", role: "status", "aria-live": "polite", hidden: "" });
  readonly #title = html("strong");
  readonly #text = html("span");

  constructor() {
    this.element.append(this.#title, this.#text);
  }

  show(notice: Notice): void {
    const words = wordsFor(notice);
    this.element.hidden = words === undefined;
    this.element.dataset.kind = notice.kind;
    if (!words) return;
    setText(this.#title, words.title);
    setText(this.#text, words.text);
  }
}
