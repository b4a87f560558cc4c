import { html, setText } from "../../panel/element.ts";
import { ProgressBar } from "../files/progress-bar.ts";
import type { Announcer } from "./announcer.ts";
import type { StateWords } from "./state-words.ts";

/** The head of the page: what goes on, in large letters, and how far it got. */
export class StateView {
  readonly element: HTMLElement;
  readonly #title = html("h1", { tabindex: "-1" });
  readonly #detail = html("p", { class: "detail" });
  readonly #bar: ProgressBar;
  readonly #announcer: Announcer;

  constructor(announcer: Announcer, doing: string, above?: HTMLElement) {
    this.#announcer = announcer;
    this.#bar = new ProgressBar(doing);
    this.element = html("header", { class: "state" });
    if (above) this.element.append(above);
    this.element.append(this.#title, this.#detail, this.#bar.element);
  }

  focus(): void {
    this.#title.focus();
  }

  /** `ratio` is 0 to 1; undefined where nothing is to be measured. */
  show({ tone, title, detail, spoken }: StateWords, ratio: number | undefined): void {
    this.element.dataset.tone = tone;
    setText(this.#title, title);
    setText(this.#detail, detail);
    this.#announcer.say(spoken);
    this.#bar.element.hidden = ratio === undefined;
    if (ratio !== undefined) this.#bar.show(ratio);
  }
}
