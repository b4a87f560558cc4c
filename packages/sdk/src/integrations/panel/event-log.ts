import { second } from "../../base/time.ts";
import { html, section } from "./element.ts";
import { type Scene, shortPeer } from "./scene.ts";
import type { Listen } from "./source.ts";
import { fill } from "./words.ts";

const KEPT = 100;
const SAID = ["peer-connected", "peer-disconnected", "peer-banned", "tracker"] as const;

/** What happened, newest first: the last hundred lines. */
export function eventLog({ words, say, bytes, count, time }: Scene) {
  const list = html("ol");
  /** For copying: oldest first, with the date. */
  const lines: string[] = [];
  const button = html("button", {}, words.copy);

  const add = (kind: string, text: string) => {
    const now = new Date();
    lines.push(`${now.toISOString()} ${text}`);
    list.prepend(html("li", { class: kind }, html("time", {}, time(now)), ` ${text}`));
    if (lines.length <= KEPT) return;
    lines.shift();
    list.lastChild?.remove();
  };

  /** There may be hundreds of pieces a second: they make one line. */
  const pieces = { count: 0, bytes: 0, peer: 0, origin: 0, store: 0 };
  let telling: ReturnType<typeof setTimeout> | undefined;
  const tellPieces = () => {
    clearTimeout(telling);
    telling = undefined;
    const said: Record<string, string> = {};
    for (const name of Object.keys(pieces) as (keyof typeof pieces)[]) {
      said[name] = (name === "bytes" ? bytes : count)(pieces[name]);
      pieces[name] = 0;
    }
    add("pieces", fill(words["event:pieces"], said));
  };

  button.onclick = async () => {
    const text = lines.join("\n");
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = words.copied;
    } catch {
      // The page may not write to the clipboard: the text is shown, selected, to be copied by hand.
      const area = html("textarea", { readonly: "", "aria-label": words.events }, text);
      area.onblur = () => area.remove();
      list.before(area);
      area.select();
      button.textContent = words.pressCopy;
    }
  };
  return {
    element: section(words.events, button, list),
    follow(on: Listen): void {
      for (const name of SAID)
        on(name, (event: { peer?: string; reason?: string; state?: string }) => {
          const { peer = "", state = "" } = event;
          const said = { ...event, peer: shortPeer(peer), state: say("tracker", state) };
          add(name, fill(words[`event:${name}`], said));
        });
      on("problem", ({ code, message }) => add("problem", `${code}: ${message}`));
      on("piece", ({ bytes, source }) => {
        telling ??= setTimeout(tellPieces, second);
        pieces.count++;
        pieces.bytes += bytes;
        pieces[source.from]++;
      });
    },
    /** Says what is counted and not said yet. */
    stop(): void {
      if (telling !== undefined) tellPieces();
    },
  };
}
