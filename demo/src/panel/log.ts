import { html } from "./element.ts";

const KEPT = 6;

/** The last few things that happened, newest first. */
export class Log {
  readonly element: HTMLElement;
  readonly #list = html("ol", { class: "log", "aria-live": "polite", "aria-relevant": "additions" });
  readonly #startedAt = performance.now();

  constructor() {
    this.element = html("section", {}, html("h3", {}, "Events"), this.#list);
  }

  add(text: string): void {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const time = html("time", {}, `${seconds < 100 ? seconds.toFixed(1) : Math.round(seconds)} s`);
    this.#list.prepend(html("li", {}, time, html("span", {}, text)));
    while (this.#list.childElementCount > KEPT) this.#list.lastElementChild?.remove();
  }
}
