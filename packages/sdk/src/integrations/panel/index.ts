import { second } from "../../base/time.ts";
import { html, setText } from "./element.ts";
import { eventLog } from "./event-log.ts";
import { deliveredPart, peersPart, resourcesPart } from "./figures.ts";
import { healthPart } from "./health.ts";
import { createHost, putOnPage } from "./host.ts";
import { createScene, shortPeer } from "./scene.ts";
import type { Listen, PanelSource } from "./source.ts";
import { chooseWords, type Words } from "./words.ts";

export type { PanelSource } from "./source.ts";
export type { Words } from "./words.ts";

export interface PanelOptions {
  /** A language tag such as `de`. Default: the page's language or the browser's, if the panel speaks it; else English. */
  readonly language?: string;
  /** Words to use in place of the built-in ones. */
  readonly words?: Partial<Words>;
  /** False leaves the focus where it is when the panel opens: for one that nobody pressed a key for. Default: true. */
  readonly focus?: boolean;
}

/** At most this often something is drawn, ms. */
const DRAW_EVERY_MS = second / 2;
/** Nobody tells of some things, such as that this tab leads now. */
const LOOK_EVERY_MS = 2 * second;

/** Opens the debug panel over the page. A page has one: another one that is open is closed. */
export function openPanel(
  source: PanelSource,
  options: PanelOptions = {},
): { close(): void; toggle(): void } {
  const chosen = chooseWords(options, [document.documentElement.lang, navigator.language]);
  const { words } = chosen;
  const scene = createScene(chosen.language, words);
  const health = healthPart(scene);
  const log = eventLog(scene);
  const parts = [deliveredPart(scene), health, peersPart(scene), resourcesPart(scene)];
  const own = html("code");
  const button = html("button", { "aria-label": words.close }, "×");
  const panel = html(
    "aside",
    { "aria-label": words.label, tabindex: "0", lang: chosen.language },
    html("header", {}, html("h2", {}, "Rivulet"), own, button),
    ...parts.map(({ element }) => element),
    log.element,
  );
  const draw = () => {
    const { state, role, stats } = source;
    setText(own, shortPeer(stats.peer));
    for (const part of parts) part.update({ state, role, stats });
  };

  const host = createHost(panel, () => {
    let isAsked = false;
    let resting: ReturnType<typeof setTimeout> | undefined;
    const ask = () => {
      isAsked = resting !== undefined;
      if (isAsked) return;
      resting = setTimeout(() => {
        resting = undefined;
        if (isAsked) ask();
      }, DRAW_EVERY_MS);
      draw();
    };
    const ends: (() => void)[] = [];
    const on: Listen = (name, listener) =>
      void ends.push(
        source.on(name, (event) => {
          listener(event);
          ask();
        }),
      );
    on("stats", ask);
    on("problem", health.problem);
    log.follow(on);
    if (source.error) health.problem(source.error);
    ask();
    const looking = setInterval(ask, LOOK_EVERY_MS);
    return () => {
      for (const end of ends) end();
      clearInterval(looking);
      clearTimeout(resting);
      log.stop();
    };
  });

  let before: Element | null = null;
  const open = () => {
    before = document.activeElement;
    putOnPage(host);
    if (options.focus !== false) panel.focus();
  };
  const close = () => {
    // Whoever has gone on working on the page meanwhile is not called back.
    const hadFocus = host.matches(":focus-within");
    host.remove();
    if (hadFocus) (before as HTMLElement | null)?.focus();
  };
  button.onclick = close;
  panel.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    // It is not also the page's: a dialog below stays open.
    event.stopPropagation();
    close();
  };
  open();
  return { close, toggle: () => (host.isConnected ? close() : open()) };
}
