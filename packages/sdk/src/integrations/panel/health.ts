import type { RivuletError } from "../../base/errors.ts";
import { html, section, setText } from "./element.ts";
import type { Scene } from "./scene.ts";
import type { Part } from "./source.ts";

/** More would push everything else out of sight; the count goes on. */
const SHOWN_PROBLEMS = 10;

/** How it is: this tab's state, the tracker, what it gave and threw away, and what the site's owner can mend. */
export function healthPart({
  words,
  say,
  bytes,
  count,
}: Scene): Part & { problem(error: RivuletError): void } {
  const list = html("dl");
  const row = (name: string) => {
    const value = html("dd");
    list.append(html("div", {}, html("dt", {}, name), value));
    return value;
  };
  const lamp = (element: HTMLElement, kind: "state" | "tracker", name: string) => {
    element.className = `lamp ${name}`;
    setText(element, say(kind, name));
  };
  const state = row(words.state);
  const tab = row(words.tab);
  const tracker = row(words.tracker);
  const uploaded = row(words.uploaded);
  const wasted = row(words.wasted);
  const problems = row(words.problems);
  // The one thing that is worth to be read out when it comes.
  const notices = html("ul", { "aria-live": "polite" });
  const seen = new Set<string>();
  return {
    element: section(words.health, html("span"), list, notices),
    update(now) {
      const { tracker: link, uploadedBytes, wastedBytes } = now.stats;
      lamp(state, "state", now.state);
      setText(tab, say("role", now.role ?? ""));
      lamp(tracker, "tracker", link);
      setText(uploaded, bytes(uploadedBytes), uploadedBytes);
      setText(wasted, bytes(wastedBytes), wastedBytes);
      setText(problems, count(seen.size), seen.size);
    },
    problem({ code, message }) {
      if (seen.has(message)) return;
      seen.add(message);
      notices.append(html("li", {}, html("code", {}, code), ` ${message}`));
      if (notices.childElementCount > SHOWN_PROBLEMS) notices.firstElementChild?.remove();
    },
  };
}
